"""An entry of references that says something else than the record of works is found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.reference.references import reference_faults, uncited
from engine.reference.works import record_faults
from tests.small_site import SmallSite

RECORD = """\
- authors: [D. E. Rumelhart, G. E. Hinton, R. J. Williams]
  title: Learning representations by back-propagating errors
  in: Nature 323, 533–536
  year: 1986
  doi: 10.1038/323533a0
- authors: [C. M. Bishop]
  title: Pattern Recognition and Machine Learning
  in: Springer
  year: 2006
  isbn: 978-0-387-31073-2
- authors: [A. Radford]
  others: true
  title: {en: Robust speech, zh: 稳健的语音}
  in: Somewhere
  year: 2023
  preprint: 2022
  arxiv: "2212.04356"
  url: https://example.org/speech
"""
NATURE = (
    "D. E. Rumelhart, G. E. Hinton, R. J. Williams, “Learning representations by back-propagating "
    "errors”, *Nature* 323, 533–536, 1986. [doi:10.1038/323533a0](https://doi.org/10.1038/323533a0)"
    ". The paper of 1986, in four equations; see [more](https://example.org)."
)
BOOK = (
    "C. M. Bishop, *Pattern Recognition and Machine Learning*, second edition, Springer 2006, "
    "section 5.3. ISBN 978-0-387-31073-2. A book of 738 pages."
)
SPEECH = (
    "A. Radford and others, [“Robust speech”](https://example.org/speech), 2022. "
    "[arXiv:2212.04356](https://arxiv.org/abs/2212.04356). It transcribes."
)
CHINESE = (
    "A. Radford 等，[“稳健的语音”](https://example.org/speech)，2023。"
    "[arXiv:2212.04356](https://arxiv.org/abs/2212.04356)。转写 99 种语言。"
)


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.write("docs/works.yml", RECORD)
    return made


def told(site: SmallSite, *entries: str, language: str = "en") -> list[str]:
    listed = "\n".join(f"- {entry}" for entry in entries)
    page = site.write(f"docs/{language}/a.md", f"# A\n\n## R {{#references}}\n\n{listed}\n")
    return [str(fault) for fault in reference_faults(site, site.page(page))]


def test_what_the_record_says_passes(site: SmallSite) -> None:
    assert told(site, NATURE, BOOK, SPEECH) == []
    assert told(site, CHINESE, language="zh") == []
    assert uncited(site) == []


SLIPS = {
    "a digit of the DOI": (NATURE, "323533a0]", "323533a1]", "doi 10.1038/323533a1 is not in"),
    "another address": (NATURE, "org/10.1038/323533a0", "org/10.1038/323533a9", "leads to"),
    "a page": (NATURE, "533–536", "533–538", "'533–538' is not in the record"),
    "a volume": (NATURE, "323,", "332,", "'332' is not in the record"),
    "a year": (NATURE, "1986. ", "1985. ", "'1985' is not in the record"),
    "a journal": (NATURE, "*Nature*", "*Science*", "'Science' is not in the record"),
    "a letter of a name": (NATURE, "Rumelhart", "Rummelhart", "the authors are not those of"),
    "an author": (NATURE, ", R. J. Williams", "", "the authors are not those of the record"),
    "a word of the title": (NATURE, "back-propagating", "backward", "the title is not that of"),
    "a digit of the ISBN": (BOOK, "31073-2", "31073-3", "isbn 9780387310733 is not in"),
    "no year": (BOOK, "Springer 2006", "Springer", "the year is not that of the record, 2006"),
    "an arXiv number": (SPEECH, "[arXiv:2212.04356]", "[arXiv:2212.04365]", "arxiv 2212.04365"),
    "a link": (SPEECH, "org/speech", "org/speak", "https://example.org/speak is not in the record"),
    "others": (SPEECH, " and others", "", "the authors are not those of the record, A. Radford"),
    "an unknown work": (SPEECH, SPEECH, "B. Else, “Nothing”, 2001.", "this work is not in docs/"),
    "no identifier": (BOOK, " ISBN 978-0-387-31073-2.", "", "no DOI, arXiv number, ISBN or link"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_an_entry_is_found(slip: str, site: SmallSite) -> None:
    entry, old, new, message = SLIPS[slip]
    assert old in entry
    found = told(site, entry.replace(old, new, 1))
    assert any(message in fault for fault in found), found
    assert found[0].startswith("docs/en/a.md:5: ")
    assert "docs/works.yml" in found[0]


WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    "a check digit": (
        lambda text: text.replace("31073-2", "31073-3"),
        "docs/works.yml:6: '9780387310733' is not an ISBN: its check",
    ),
    "no DOI": (lambda text: text.replace("10.1038/3", "11.1038/3"), "1: '11.1038/323533a0' is"),
    "no arXiv number": (lambda text: text.replace("2212.0", "2213.0"), "'2213.04356' is not an"),
    "no year": (lambda text: text.replace("1986", "986"), "docs/works.yml:1: '986' is not a year"),
    "no title": (lambda text: text.replace("title: Pat", "in: Pat"), "this work has no title"),
    "an unknown field": (lambda text: text.replace("isbn", "ibsn"), "a work has no 'ibsn'"),
    "the same work twice": (lambda text: text + text, "two works have the same doi 10"),
    "no YAML": (lambda text: text + "- [", "the record of works is not YAML"),
    "no list": (lambda text: "a: b\n", "docs/works.yml:1: this is no list of works"),
    "no work": (lambda text: f"- a\n{text}", "docs/works.yml:1: this entry is no work"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_in_the_record_is_found(mistake: str, site: SmallSite) -> None:
    assert record_faults(site) == []
    change, message = WRONG[mistake]
    site.write("docs/works.yml", change(RECORD))
    found = [str(fault) for fault in record_faults(site)]
    assert any(message in fault for fault in found), found


def test_a_work_that_nobody_cites_is_found(site: SmallSite) -> None:
    told(site, NATURE, BOOK)
    (fault,) = uncited(site)
    assert str(fault).startswith("docs/works.yml:11: no page cites this work")
