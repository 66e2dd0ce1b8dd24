"""The local addresses of built pages lead somewhere: each file and each place in it exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from engine.reading.addresses import HOME, built_target, is_local
from engine.running.built_page import BuiltPage


@dataclass(frozen=True)
class Places:
    """What of a built page concerns the others: its ids, and the addresses to which it leads."""

    ids: list[str]
    addresses: list[tuple[str, str]]


@dataclass(frozen=True)
class DeadAddress:
    """An address that leads nowhere, on the page at ``page``."""

    page: str
    address: str
    reason: str


def dead_addresses(
    folder: Path, pages: Mapping[str, BuiltPage | Places], elsewhere: tuple[str, ...] = ()
) -> Iterator[DeadAddress]:
    """The dead addresses of the pages that are built into ``folder``, by their own addresses.

    What begins with one of ``elsewhere`` is passed over, and what leads out of the folder.
    """
    ids = {_normal(address): set(page.ids) for address, page in pages.items()}
    is_built: dict[str, bool] = {}  # every page leads to most others
    for address, page in pages.items():
        for value in dict.fromkeys(value for _, value in page.addresses):
            if not is_local(value):
                yield DeadAddress(address, value, "it is absolute, and breaks below a sub-path")
                continue
            place, _, fragment = built_target(address, value).partition("#")
            place = place.partition("?")[0]
            if place.startswith(("../", *elsewhere)):
                continue
            if place not in is_built:
                file = folder / unquote(place)
                is_built[place] = (file / "index.html" if place.endswith("/") else file).is_file()
            if not is_built[place]:
                yield DeadAddress(address, value, "no such file was built")
            elif fragment and place in ids and unquote(fragment) not in ids[place]:
                yield DeadAddress(address, value, "that page has no such place")


def _normal(address: str) -> str:
    return address if address not in ("", ".") else HOME
