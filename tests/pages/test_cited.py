"""What sentences say of works is what the references of their page say."""

from pathlib import Path

import pytest

from engine.reference.cited import citation_faults
from tests.small_site import SmallSite

REFERENCES = (
    "\n\n## References {#references}\n\n"
    "- S. Hochreiter, J. Schmidhuber, “Long short-term memory”, 1997.\n"
    "- K. Cho and others, “Phrases”, 2014.\n"
)

BORNE_OUT = [
    "In 1997 there was no forget gate.",
    "Hochreiter and Schmidhuber found it in 1997.",
    "In 2014 Cho and others went on.",
    "Nobody knew in 1997. Cho and others did, in 2014.",
    "<!-- given: 1912 -->\n\nThe ship of 1912 has sunk.",
    "```python\nfirst_year = 2006\n```\n\nThe sales began in 2006.",
    "这是 Cho 等人 2014 年的做法。",
]

WRONG = {
    "In 1998 there was no forget gate.": "the year 1998 is in none of the references",
    "Hochreiter found it in 2014.": "the year 2014 is in none of the references",
    "So did Smith and others (1997).": "no reference of this page is by 'Smith and others'",
    "Hochreiter and Smith found it in 1997.": "no reference of this page is by Hochreiter with Sm",
    "Hochreiter 和 Cho 在 1997 年。": "no reference of this page is by Hochreiter with Cho",
    "So did Smith et al.": "no reference of this page is by 'Smith et al'",
    "这是 Choo 等人的做法。": "no reference of this page is by 'Choo 等人'",
    "这是 Cho 等人 1997 年的做法。": "the year 1997 is in none of the references",
}


def found(root: Path, text: str) -> list[str]:
    site = SmallSite(root)
    site.both("a", f"---\ntitle: A\n---\n\n# A {{#title}}\n\n{text}{REFERENCES}")
    return [str(fault) for fault in citation_faults(site, site.page(site.docs / "en" / "a.md"))]


@pytest.mark.parametrize("text", BORNE_OUT)
def test_what_the_references_say_passes(text: str, tmp_path: Path) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize("text", WRONG)
def test_another_year_or_author_is_told(text: str, tmp_path: Path) -> None:
    told = found(tmp_path, text)
    assert len(told) == 1
    assert WRONG[text] in told[0]
