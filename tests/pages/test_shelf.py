"""The shelf: notation and glossary say what the pages say, and planted faults are found."""

from pathlib import Path

import pytest

from engine.paths import LANGUAGES
from engine.reference.glossary import NAME as GLOSSARY
from engine.reference.glossary import glossary_faults, term_faults
from engine.reference.notation import NAME as NOTATION
from engine.reference.notation import notation_faults, symbols_in
from tests.conftest import SITE
from tests.small_site import SmallSite


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path)


@pytest.mark.parametrize(
    ("tex", "symbols"),
    [
        (r"\hat y = \sigma(w^\top x + b)", {r"\hat{y}", r"\sigma", "w", "x", "b"}),
        (r"\frac{\partial J}{\partial W^{(1)}}", {"J", "W"}),
        (r"\log e^{z} + \operatorname{softmax}(z_i)", {"z", "i"}),
        (r"\boldsymbol{y}, \mathcal{L}, \tilde{\delta}_m", None),
        (
            r"\hat{\boldsymbol{y}} + N_{\mathrm{out}}",
            {r"\hat{\boldsymbol{y}}", "N", r"\mathrm{out}"},
        ),
    ],
)
def test_the_symbols_of_a_formula(tex: str, symbols: set[str] | None) -> None:
    expected = symbols or {r"\boldsymbol{y}", r"\mathcal{L}", r"\tilde{\delta}", "m"}
    assert symbols_in(tex) == expected


CHAPTER = "# A {#a}\n\n$$\nx = y \\tag{t.1}\n$$\n"
TABLE = "# N {#n}\n\n| s | meaning | shape | pages |\n|---|---|---|---|\n"


def notation_messages(site: SmallSite, table: str, name: str = "chapter") -> list[str]:
    site.write(f"docs/en/{NOTATION}.md", TABLE + table)
    page = site.page(site.write("docs/en/chapter.md", CHAPTER))
    if name == NOTATION:
        page = site.page(site.docs / "en" / f"{NOTATION}.md")
    return [fault.message for fault in notation_faults(site, page)]


def test_a_symbol_that_is_not_listed_is_found(site: SmallSite) -> None:
    link = "[A](../chapter.md)"
    assert notation_messages(site, f"| $x$, $y$ | input | number | {link} |\n") == []
    (missing,) = notation_messages(site, f"| $x$ | input | number | {link} |\n")
    assert "(t.1) uses y" in missing
    surplus = notation_messages(site, f"| $x$, $y$, $z$ | input | number | {link} |\n")
    assert surplus == ["chapter.md does not use z"]


def test_a_row_that_links_no_page_is_found(site: SmallSite) -> None:
    row = "| $x$ | input | number | [A](../gone.md) |\n"
    assert notation_messages(site, row, NOTATION) == ["no page is called gone"]


TERMS = (
    "# G {#g}\n\n| 中文 | English | where | not used |\n|---|---|---|---|\n"
    "| 损失 | loss | [A](../chapter.md) | 误差函数, error function |\n"
)


def glossary_messages(site: SmallSite, text: str, language: str, terms: str = TERMS) -> list[str]:
    site.write(f"docs/{language}/{GLOSSARY}.md", terms)
    page = site.page(site.write(f"docs/{language}/chapter.md", f"# A {{#a}}\n\n{text}\n"))
    return [fault.message for fault in glossary_faults(site, page)]


def test_a_planted_synonym_is_found(site: SmallSite) -> None:
    assert glossary_messages(site, "The losses add up.", "en") == []
    for text in ("The loss, an error  function.", "The loss, an **error function**."):
        found = glossary_messages(site, text, "en")
        assert found == ["'error function' is not a term of this site"]
    assert glossary_messages(site, "The loss, see *Error Function*, 2001.", "en") == []
    assert glossary_messages(site, "损失就是误差函数。", "zh") == [
        "'误差函数' is not a term of this site"
    ]
    assert glossary_messages(site, "损失，笔记写作“误差函数”。", "zh") == []
    assert "does not use the term 'loss'" in glossary_messages(site, "Nothing.", "en")[0]


def test_a_term_is_used_in_the_section_it_links_to(site: SmallSite) -> None:
    linked = TERMS.replace("chapter.md", "chapter.md#b")
    text = "A loss.\n\n## B {#b}\n\n### C {#c}\n\n%s\n\n## D {#d}\n\nA loss.\n"
    for word, faults in (("A loss.", 0), ("Nothing.", 1), ("| loss | number |\n|---|---|", 0)):
        assert len(glossary_messages(site, text % word, "en", linked)) == faults


def other_terms(site: SmallSite, old: str, new: str) -> list[str]:
    """What is said where the English glossary has other terms than the Chinese one."""
    paths = (
        site.write(f"docs/zh/{GLOSSARY}.md", TERMS),
        site.write(f"docs/en/{GLOSSARY}.md", TERMS.replace(old, new)),
    )
    return [str(fault) for fault in term_faults(*map(site.page, paths))]


def test_a_term_that_only_one_glossary_has_is_found(site: SmallSite) -> None:
    assert other_terms(site, "误差函数, error function", "error function") == []
    for old, new, there in (
        ("| loss |", "| cost |", "损失 – cost"),
        ("| 损失 |", "| 代价 |", "代价"),
    ):
        (fault,) = other_terms(site, old, new)
        assert fault.startswith(f"docs/zh/{GLOSSARY}.md:5: the term differs from docs/en/")
        assert f"'损失 – loss' against '{there}" in fault
    row = TERMS.splitlines()[-1]
    (fault,) = other_terms(site, f"{row}\n", "")
    assert "against 'nothing'" in fault


def test_a_term_that_no_page_explains_is_found(site: SmallSite) -> None:
    path = site.write(f"docs/en/{GLOSSARY}.md", TERMS)
    assert [f.message for f in glossary_faults(site, site.page(path))] == [
        "no page is called chapter"
    ]


def test_the_shelf_is_where_the_names_say() -> None:
    for language in LANGUAGES:
        for name in (NOTATION, GLOSSARY):
            assert SITE.source(language, name)
