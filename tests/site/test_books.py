"""One chapter of the built site as a PDF and as an EPUB; what is asked of all is in the audit."""

import ast
import itertools
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from pypdf import PdfReader

from engine.editions.book import Form, read_book
from engine.editions.chromium import chromium
from engine.editions.epub import write_epub
from engine.editions.failure import CannotMake
from engine.editions.pdf import page_numbers, write_pdf
from engine.paths import LANGUAGES
from tests.conftest import SITE, BuiltSite

CHAPTERS = ["bias"]
MATHML = "{http://www.w3.org/1998/Math/MathML}"
XHTML = "{http://www.w3.org/1999/xhtml}"


WRITE = """
import sys
from pathlib import Path
from engine.editions.pdf import write_pdf
from tests.conftest import SITE
built, path, *chapters = sys.argv[1:]
write_pdf(SITE, Path(built), "en", Path(path), chapters)
"""


@pytest.fixture(scope="module")
def pdf(built_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    if chromium() is None:
        pytest.skip("there is no Chromium to print with")
    path = tmp_path_factory.mktemp("book") / "book.pdf"
    # In a Python of its own, for in this one a browser may be open: Playwright starts once.
    subprocess.run([sys.executable, "-c", WRITE, built_site.folder, path, *CHAPTERS], check=True)
    return PdfReader(path)


@pytest.fixture(scope="module")
def texts(pdf: PdfReader) -> list[str]:
    """The text of each page; before the first one, an empty one."""
    return ["", *(page.extract_text() for page in pdf.pages)]


def printed(pdf: PdfReader, number: int) -> list[str]:
    """The lines of a page as they are laid out, which takes long."""
    return pdf.pages[number - 1].extract_text(extraction_mode="layout").splitlines()


def test_the_contents_say_where_everything_is(pdf: PdfReader, texts: list[str]) -> None:
    numbers = page_numbers(pdf.stream)
    listed = re.findall(r"^\s*(\S.*\S)\s+(\d+)\s*$", "\n".join(printed(pdf, 2)), re.M)
    assert len(listed) > 10
    titles = {" ".join(title.split()): int(number) for title, number in listed}
    assert titles["Solutions to the exercises"] == numbers["solutions"]
    for title, number in titles.items():
        start = title.split(":")[0]
        assert start in " ".join(texts[number].split()), title
    assert numbers["solutions"] > numbers["bias--references"] > numbers["bias--exercises"]


def test_it_has_bookmarks_page_numbers_and_running_heads(pdf: PdfReader, texts: list[str]) -> None:
    outline = [entry["/Title"] for entry in pdf.outline if isinstance(entry, dict)]
    assert outline[0].startswith("The bias")
    assert outline[-1].startswith("Solutions")
    assert any(isinstance(entry, list) and len(entry) > 5 for entry in pdf.outline)
    assert pdf.pages[0].mediabox.width == pytest.approx(595, abs=1)
    for number, text in enumerate(texts[3:], start=3):
        assert str(number) in [line.strip() for line in text.splitlines()]
    assert "One neuron" in printed(pdf, 4)[0]


def test_a_page_holds_what_it_shows_and_no_more(pdf: PdfReader) -> None:
    drawn = [page.get_contents() for page in pdf.pages]
    contents = [b"" if one is None else one.get_data() for one in drawn]
    assert len(contents) > 10
    # The dots that lead to the contents' page numbers, each a rectangle, stand there alone.
    dots = [content.count(b" re\n") for content in contents]
    assert dots[1] > 1000
    assert max(dots[3:]) < 200
    assert pdf.stream.seek(0, 2) < 18_000 * len(contents)
    [attached] = pdf.attachment_list
    assert "/Filter" in attached.pdf_object["/EF"]["/F"]


def test_every_link_leads_to_a_place_of_the_book(pdf: PdfReader) -> None:
    names = {name.removeprefix("/") for name in pdf.named_destinations}
    inside = [
        str(link["/Dest"]).removeprefix("/")
        for page in pdf.pages
        for link in (one.get_object() for one in page.get("/Annots", []))
        if "/Dest" in link
    ]
    assert len(inside) > 20
    assert set(inside) <= names


def test_formulas_and_figures_are_no_pixels(pdf: PdfReader) -> None:
    fonts = set[str]()
    for page in pdf.pages:
        resources = page["/Resources"]
        drawn = resources.get("/XObject", {}).values()
        assert not any(one.get_object()["/Subtype"] == "/Image" for one in drawn)
        for font in resources.get("/Font", {}).values():
            fonts.add(str(font.get_object().get("/BaseFont", "")))
    assert any("KaTeX_Math" in name for name in fonts)


def test_code_is_read_out_of_it_with_its_indentation(pdf: PdfReader, texts: list[str]) -> None:
    lines = printed(pdf, next(n for n, text in enumerate(texts) if "def whole_number(" in text))
    start = next(n for n, line in enumerate(lines) if "def whole_number(" in line)
    margin = lines[start].index("def")
    body = itertools.takewhile(lambda line: line[margin:].startswith("    "), lines[start + 1 :])
    code = "\n".join(line[margin:] for line in [lines[start], *body])
    [(name, [attached])] = pdf.attachments.items()
    assert name == "bias.py"
    functions = [one for one in ast.parse(attached).body if isinstance(one, ast.FunctionDef)]
    whole = next(one for one in functions if one.name == "whole_number")
    assert ast.dump(ast.parse(code).body[0]) == ast.dump(whole)
    namespace: dict[str, Any] = {"np": np}
    exec(code, namespace)
    with pytest.raises(ValueError, match="epochs"):
        namespace["whole_number"]("epochs", 0, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_epub_is_whole(language: str, built_site: BuiltSite, tmp_path: Path) -> None:
    one, other = tmp_path / "one.epub", tmp_path / "other.epub"
    for path in (one, other):
        write_epub(SITE, built_site.folder, language, path, CHAPTERS)
    assert one.read_bytes() == other.read_bytes()
    assert epub_faults(one) == []


def epub_faults(path: Path) -> list[str]:
    """What is wrong with an EPUB, as far as that is told without EPUBCheck."""
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        if (first.filename, first.compress_type) != ("mimetype", zipfile.ZIP_STORED):
            return ["its first file does not tell that it is one"]
        files = {name: archive.read(name) for name in archive.namelist()}
    pages = {
        name.removeprefix("book/"): ElementTree.fromstring(content)
        for name, content in files.items()
        if name.endswith(".xhtml")
    }
    there = {f"{name}#{one.get('id')}" for name, page in pages.items() for one in page.iter()}
    faults = []
    for name, page in pages.items():
        for link in page.iter(f"{XHTML}a"):
            address = link.get("href", "")
            target = address if not address.startswith("#") else name + address
            if ".xhtml" in target and "://" not in target:
                known = target in there if "#" in target else target in pages
                faults += [] if known else [f"{name}: {address} is nowhere"]
        for picture in page.iter(f"{XHTML}img"):
            if f"book/{picture.get('src')}" not in files:
                faults.append(f"{name}: {picture.get('src')} is lost")
        text = ElementTree.tostring(page, encoding="unicode")
        if "katex-html" in text or "var(--" in text:
            faults.append(f"{name}: it holds what readers do not know")
    chapters = [page for name, page in pages.items() if name not in ("nav.xhtml",)]
    if not any(page.iter(f"{MATHML}math") for page in chapters):
        faults.append("it has no formulas")
    return faults


def test_a_broken_epub_is_found(built_site: BuiltSite, tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    write_epub(SITE, built_site.folder, "en", path, CHAPTERS)
    with zipfile.ZipFile(path) as archive:
        files = {entry: archive.read(entry) for entry in archive.infolist()}
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in files.items():
            archive.writestr(entry, content.replace(b'id="bias--exercises"', b'id="moved"'))
    assert "is nowhere" in "\n".join(epub_faults(path))


@pytest.mark.audit
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_books(language: str, built_site: BuiltSite, tmp_path: Path) -> None:
    epub, pdf = tmp_path / "book.epub", tmp_path / "book.pdf"
    write_epub(SITE, built_site.folder, language, epub)
    assert epub_faults(epub) == []
    jar = Path("/usr/share/java/epubcheck.jar")  # where Debian has it: apt-get install epubcheck
    if jar.exists():
        run = subprocess.run(["java", "-jar", str(jar), str(epub)], capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
    write_pdf(SITE, built_site.folder, language, pdf)
    numbers = page_numbers(pdf)
    for page in SITE.in_reading_order(language):
        assert page.name.replace("/", "-") in numbers
    assert pdf.stat().st_size < 14_000_000
    chapters = sum(page.is_chapter for page in SITE.pages_of(language))
    assert len(PdfReader(pdf).attachments) == chapters


def test_a_page_that_has_not_been_built_is_told(tmp_path: Path) -> None:
    form = Form(mathml=True, level=1, whole=False)
    with pytest.raises(CannotMake, match="run: make build"):
        read_book(SITE, tmp_path, "en", form, CHAPTERS)
