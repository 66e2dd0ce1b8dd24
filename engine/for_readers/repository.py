"""The addresses at which a repository shows a page's source, takes reports, and tells history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Repository:
    """A repository at ``url``, and how its addresses are made there.

    ``forms`` has an address for ``report``, ``source`` and ``history``, with gaps: ``{repo}``;
    ``{path}``, the source from the repository's root; in the report ``{title}`` and ``{body}``.
    """

    url: str
    forms: Mapping[str, str]

    def report(self, title: str, body: str) -> str:
        """Where a report begins, with this title and body filled in."""
        return self._filled("report", title=title, body=body)

    def source(self, path: str) -> str:
        """Where the file at a path is shown."""
        return self._filled("source", path=path)

    def history(self, path: str) -> str:
        """Where the commits of a file are listed."""
        return self._filled("history", path=path)

    def _filled(self, form: str, **gaps: str) -> str:
        quoted = {
            name: quote(text, safe="/" if name == "path" else "") for name, text in gaps.items()
        }
        return self.forms[form].format(repo=self.url.rstrip("/"), **quoted)
