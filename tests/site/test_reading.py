"""What a reader does: switch the language, copy a formula, read from a folder."""

import json
import re
from typing import Literal

import pytest

from engine.paths import LANGUAGES
from tests.conftest import BuiltSite
from tests.site.conftest import COPIES, Reader
from tests.site.pages import NAMES, address


def test_the_palette_follows_the_system_while_a_page_is_open(reader: Reader) -> None:
    visit = reader.open(address("en", "reference/errata"))
    schemes: dict[str, Literal["dark", "light"]] = {"slate": "dark", "default": "light"}
    for palette, scheme in schemes.items():
        visit.page.emulate_media(color_scheme=scheme)
        visit.page.wait_for_selector(f"body[data-md-color-scheme={palette}]")
    assert visit.errors == []


@pytest.mark.parametrize("name", NAMES)
def test_canonical_and_alternate_links(name: str, built_site: BuiltSite) -> None:
    for language in LANGUAGES:
        html = built_site.html(language, name)
        here = built_site.address + address(language, name)
        assert f'<link rel="canonical" href="{here}">' in html
        for other, code in (("zh", "zh-Hans"), ("en", "en"), ("zh", "x-default")):
            there = built_site.address + address(other, name)
            assert f'<link rel="alternate" href="{there}" hreflang="{code}">' in html


def test_each_language_has_its_own_index(built_site: BuiltSite) -> None:
    indexes = {
        language: "\n".join(
            f"{entry['title']} {entry['text']}"
            for entry in json.loads(
                (built_site.folder / folder / "search/search_index.json").read_text("utf-8")
            )["docs"]
        )
        for language, folder in (("zh", ""), ("en", "en"))
    }
    assert re.search(r"[一-鿿]", indexes["zh"])
    chinese = len(re.findall(r"[一-鿿]", indexes["en"]))
    assert chinese < len(indexes["en"]) / 200  # quotations of the notes
    for index in indexes.values():  # KaTeX itself is named among what is licensed
        assert not re.search(r"katex[-\"']|class=|<(?:span|math|semantics|annotation)", index)


@pytest.mark.parametrize("language", LANGUAGES)
def test_copying_a_formula_gives_its_tex(language: str, reader: Reader) -> None:
    visit = reader.open(address(language, "logistic"))
    visit.page.evaluate(
        "() => { const f = document.querySelector(\"[id='eq-lr.2'] .formula\");"
        " const range = document.createRange(); range.selectNodeContents(f);"
        " getSelection().removeAllRanges(); getSelection().addRange(range); }"
    )
    visit.until(COPIES)
    visit.page.keyboard.press("Control+C")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert r"\frac{e^{\min(z, 0)}}{1 + e^{-|z|}}" in copied


def test_formula_styles_come_only_where_there_are_formulas(built_site: BuiltSite) -> None:
    for path in built_site.folder.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert ('class="katex"' in html) == ("katex.css" in html), path
        assert "\\(" not in re.sub(r"<script.*?</script>", "", html, flags=re.S), path


def test_it_reads_from_a_folder_without_a_server(reader: Reader, built_site: BuiltSite) -> None:
    visit = reader.open("", address=(built_site.folder / "index.html").as_uri())
    visit.page.click("article a[href*='logistic']")
    visit.page.wait_for_selector("article .katex")
    assert visit.page.url.endswith("/logistic/index.html")
    visit.page.click("a.language-switch")
    visit.page.wait_for_selector("html[lang=en] article .katex")
    assert visit.foreign == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_without_scripts(language: str, reader: Reader) -> None:
    visit = reader.open(address(language, "logistic"), scripts=False)
    assert visit.page.locator("article .katex").count() > 0
    assert visit.page.locator("article svg.drawing").count() > 0
    assert visit.errors == []
