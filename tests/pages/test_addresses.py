"""A link's place is written alike, whether it is read from a source or from the built page."""

import posixpath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from engine.reading.addresses import HOME, built_target, source_target

#: Names of files and folders, with what has to be quoted in an address.
PARTS = st.one_of(
    st.sampled_from(["index", "labs", "logistic", "实验", "a b", "100%", "%41", "x.y"]),
    st.text("abcé-_ %+", min_size=1, max_size=5).map(str.strip).filter(bool),
)
NAMES = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
FRAGMENTS = st.sampled_from(["", "#forward", "#eq-lr.4", "#fn:1", "#公式"])


def url_of(source: str) -> str:
    """Where MkDocs puts a file of the documentation."""
    return File(source, "docs", "site", use_directory_urls=True).url


def quoted(path: str) -> str:
    """A path as it has to be written in a link."""
    return path.replace("%", "%25").replace(" ", "%20")


@settings(deadline=None, derandomize=True)
@given(here=NAMES, there=NAMES, suffix=st.sampled_from([".md", ".png"]), fragment=FRAGMENTS)
def test_a_link_in_a_source_and_the_one_that_mkdocs_builds_lead_to_one_place(
    here: str, there: str, suffix: str, fragment: str
) -> None:
    written = quoted(posixpath.relpath(there + suffix, posixpath.dirname(here) or "."))
    built = get_relative_url(url_of(there + suffix), url_of(f"{here}.md"))
    assert source_target(here, written + fragment) == built_target(
        url_of(f"{here}.md"), built + fragment
    )


@settings(deadline=None, derandomize=True)
@given(here=NAMES, one=NAMES, other=NAMES, fragments=st.tuples(FRAGMENTS, FRAGMENTS))
def test_two_places_are_never_written_alike(
    here: str, one: str, other: str, fragments: tuple[str, str]
) -> None:
    assume((url_of(f"{one}.md"), fragments[0]) != (url_of(f"{other}.md"), fragments[1]))
    folder = posixpath.dirname(here) or "."
    first, second = (
        source_target(here, quoted(posixpath.relpath(f"{name}.md", folder)) + fragment)
        for name, fragment in zip((one, other), fragments, strict=True)
    )
    assert first != second


@pytest.mark.parametrize(
    ("address", "href", "place"),
    [
        ("logistic/", "../backprop/#eq-bp.11", "backprop/#eq-bp.11"),
        ("logistic/", "#x", "logistic/#x"),
        ("logistic/", "", "logistic/"),
        ("logistic/", "../", HOME),
        ("logistic/", "..", HOME),
        ("logistic/", "../#map", "./#map"),
        ("logistic/", "logistic.ipynb", "logistic/logistic.ipynb"),
        ("logistic/", "../../en/logistic/", "../en/logistic/"),
        ("logistic/", "../lstm/index.html", "lstm/"),
        ("logistic/", "?q=1#x", "logistic/?q=1#x"),
        ("labs/memory/", "../../lstm/#memory", "lstm/#memory"),
        ("", "labs/memory/", "labs/memory/"),
        ("", "#map", "./#map"),
        (HOME, "", HOME),
        ("logistic/", "https://example.org/../a", "https://example.org/../a"),
        ("logistic/", "//example.org", "//example.org"),
        ("logistic/", "/en/", "/en/"),
        ("logistic/", "mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_places_of_a_built_page(address: str, href: str, place: str) -> None:
    assert built_target(address, href) == place


@pytest.mark.parametrize(
    ("name", "target", "place"),
    [
        ("labs/memory", "../lstm.md#forward", "lstm/#forward"),
        ("labs/memory", "home-prices.py", "labs/home-prices/"),
        ("labs", "labs/memory.py#tasks", "labs/memory/#tasks"),
        ("logistic", "logistic.py", "logistic.py"),
        ("logistic", "x.png", "x.png"),
        ("labs/memory", "x.png", "labs/x.png"),
        ("logistic", "#x", "logistic/#x"),
        ("index", "#x", "./#x"),
        ("logistic", "index.md", HOME),
        ("logistic", "gone/../lstm.md", "lstm/"),
        ("logistic", "figure:logistic/curve", "figure:logistic/curve"),
    ],
)
def test_places_of_a_source(name: str, target: str, place: str) -> None:
    assert source_target(name, target) == place
