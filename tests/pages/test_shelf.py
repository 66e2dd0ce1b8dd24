"""The shelf: notation and glossary say what the pages say, and planted faults are found."""

from pathlib import Path

import pytest

from engine.reference.glossary import NAME as GLOSSARY
from engine.reference.glossary import glossary_faults
from engine.reference.notation import NAME as NOTATION
from engine.reference.notation import notation_faults, symbols_in
from engine.reading.page import Page, parse_text
from engine.paths import DOCS, LANGUAGES
from engine.site import pages


def page(name: str, text: str, language: str = "en") -> Page:
    return parse_text(text, DOCS / language / f"{name}.md")


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


def notation_messages(table: str) -> list[str]:
    return [
        fault.message
        for fault in notation_faults(page(NOTATION, TABLE + table), [page("chapter", CHAPTER)])
    ]


def test_a_symbol_that_is_not_listed_is_found() -> None:
    link = "[A](../chapter.md)"
    assert notation_messages(f"| $x$, $y$ | input | number | {link} |\n") == []
    assert "(t.1) uses y" in notation_messages(f"| $x$ | input | number | {link} |\n")[0]
    surplus = notation_messages(f"| $x$, $y$, $z$ | input | number | {link} |\n")
    assert surplus == ["chapter.md does not use z"]


TERMS = (
    "# G {#g}\n\n| 中文 | English | where | not used |\n|---|---|---|---|\n"
    "| 损失 | loss | [A](../chapter.md) | 误差函数, error function |\n"
)


def glossary_messages(text: str, language: str) -> list[str]:
    glossary = page(GLOSSARY, TERMS, language)
    chapter = page("chapter", f"# A {{#a}}\n\n{text}\n", language)
    return [fault.message for fault in glossary_faults(glossary, [glossary, chapter])]


def test_a_planted_synonym_is_found() -> None:
    assert glossary_messages("The losses add up.", "en") == []
    assert glossary_messages("The loss, an error  function.", "en") == [
        "'error function' is not a term of this site"
    ]
    assert glossary_messages("The loss, an **error function**.", "en") != []
    assert glossary_messages("The loss, see *Error Function*, 2001.", "en") == []
    assert glossary_messages("损失就是误差函数。", "zh") == [
        "'误差函数' is not a term of this site"
    ]
    assert glossary_messages("损失，笔记写作“误差函数”。", "zh") == []
    assert "does not use the term 'loss'" in glossary_messages("Nothing.", "en")[0]


def test_a_term_is_used_in_the_section_it_links_to() -> None:
    linked = TERMS.replace("chapter.md", "chapter.md#b")
    text = "# A {#a}\n\nA loss.\n\n## B {#b}\n\n### C {#c}\n\n%s\n\n## D {#d}\n\nA loss.\n"
    for word, faults in (("A loss.", 0), ("Nothing.", 1)):
        glossary, chapter = page(GLOSSARY, linked), page("chapter", text % word)
        assert len(glossary_faults(glossary, [glossary, chapter])) == faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notation_lists_every_symbol(language: str) -> None:
    found = [p for p in pages()[0] if p.language == language]
    notation = next(p for p in found if p.name == NOTATION)
    assert "\n".join(map(str, notation_faults(notation, found))) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_use_the_glossary(language: str) -> None:
    found = [p for p in pages()[0] if p.language == language]
    glossary = next(p for p in found if p.name == GLOSSARY)
    assert "\n".join(map(str, glossary_faults(glossary, found))) == ""


def test_the_shelf_is_where_the_names_say() -> None:
    for language in LANGUAGES:
        for name in (NOTATION, GLOSSARY):
            assert Path(DOCS / language / f"{name}.md").is_file()
