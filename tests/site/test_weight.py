"""What a visit loads, in bytes: little, and nothing twice. And nothing moves once it is seen."""

import gzip
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest

from engine.formulas.style import STYLE
from engine.paths import FOLDERS, LANGUAGES
from tests.conftest import SITE, BuiltSite
from tests.site.conftest import Reader
from tests.site.pages import NAMES, address

#: The most that a visit may load, in bytes as they are sent: a first one, a page after it, and the
#: same page in the other language. The index of the search is loaded by whoever searches, and the
#: fonts of rarer signs when a formula that has them comes near the screen.
FIRST, NEXT, OTHER = 180_000, 60_000, 60_500

#: The most elements of a page.
ELEMENTS = 11_500

#: What names a file in the tag of an element.
NAMED = re.compile(r'<\w[^>]*?\s(?:src|href|data-frames)="([^"#?:]+)[^":]*"')
LOADED = re.compile(
    r'<(?:script\b[^>]*?\ssrc|link rel="(?:stylesheet|icon)"[^>]*?\shref)="([^"#?:]+)"'
)
FONTS = "assets/formulas/fonts"


@dataclass
class Visited:
    """A page with what it loads: its own bytes, and those of each file."""

    site: BuiltSite
    language: str
    name: str

    @cached_property
    def html(self) -> str:
        return self.site.html(self.language, self.name)

    @cached_property
    def own(self) -> int:
        return len(gzip.compress(self.html.encode(), 6, mtime=0))

    @cached_property
    def files(self) -> dict[str, int]:
        """The files that are loaded with the page, at the root of the site, with their bytes."""
        page = f"{address(self.language, self.name)}index.html"
        named = {_resolved(page, unquote(named)) for named in LOADED.findall(self.html)}
        return {name: self._sent(name) for name in sorted(named)}

    def beside(self, *earlier: "Visited") -> int:
        """What a visit of it loads, after these have been visited."""
        known = {name for visited in earlier for name in visited.files}
        return self.own + sum(n for name, n in self.files.items() if name not in known)

    def _sent(self, name: str) -> int:
        content = (self.site.folder / name).read_bytes()
        return len(content if name.endswith(".woff2") else gzip.compress(content, 6, mtime=0))


@pytest.fixture(scope="module")
def visited(built_site: BuiltSite) -> list[Visited]:
    """All pages of both languages, the heaviest first."""
    pages = [Visited(built_site, language, name) for language in LANGUAGES for name in NAMES]
    return sorted(pages, key=lambda page: -page.beside())


def test_a_visit_of_the_heaviest_page_stays_in_its_budget(
    visited: list[Visited], reader: Reader, built_site: BuiltSite
) -> None:
    heaviest = visited[0]
    fonts = set[str]()
    page = reader.open("").page
    page.on("request", lambda request: fonts.add(request.url) if ".woff2" in request.url else None)
    page.goto(reader.url + address(heaviest.language, heaviest.name))
    page.wait_for_load_state("networkidle")
    loaded = sum((built_site.folder / FONTS / Path(font).name).stat().st_size for font in fonts)
    assert STYLE in heaviest.files  # which holds the fonts of nearly every formula
    assert heaviest.beside() + loaded <= FIRST, (heaviest.name, heaviest.own, fonts, heaviest.files)
    # Who begins with another page loads this one, and nothing but its own bytes.
    assert heaviest.beside(visited[1]) <= NEXT, (heaviest.name, heaviest.beside(visited[1]))
    second = max(visited[1:], key=lambda page: page.beside(heaviest))
    assert second.beside(heaviest) <= NEXT, (second.name, second.beside(heaviest))
    other = next(
        page
        for page in visited
        if page.name == heaviest.name and page.language != heaviest.language
    )
    assert other.beside(heaviest) <= OTHER, (other.name, other.own, other.files)


def test_most_pages_are_light(visited: list[Visited]) -> None:
    """All but one chapter keep below 60 KB, and three pages of four below 50."""
    sizes = sorted(page.own for page in visited)
    assert sum(size > 60_000 for size in sizes) <= len(LANGUAGES)
    assert sizes[len(sizes) * 3 // 4] <= 50_000


def test_no_page_has_more_elements_than_a_phone_lays_out_at_once(visited: list[Visited]) -> None:
    counts = {(page.language, page.name): len(re.findall(r"<[a-z]", page.html)) for page in visited}
    assert max(counts.values()) <= ELEMENTS, max(counts, key=lambda page: counts[page])


def test_what_both_languages_load_stands_once_at_the_root(built_site: BuiltSite) -> None:
    files = {
        path.relative_to(built_site.folder).as_posix()
        for path in built_site.folder.rglob("*")
        if path.is_file()
    }
    for folder in filter(None, FOLDERS.values()):
        assert not [file for file in files if file.startswith(f"{folder}assets/")]
    missing = set()
    for page in sorted(file for file in files if file.endswith("/index.html")):
        html = (built_site.folder / page).read_text(encoding="utf-8")
        for named in set(NAMED.findall(html)):
            file = _resolved(page, unquote(named))
            if file not in files and f"{file}/index.html".removeprefix("./") not in files:
                missing.add((page, named))
    assert not missing


def test_the_names_of_shortened_styles_tell_their_content(built_site: BuiltSite) -> None:
    folder = built_site.folder / "assets" / "stylesheets"
    (main,) = folder.glob("main.*.css")
    assert re.fullmatch(r"main\.[0-9a-f]{8}\.min\.css", main.name)
    assert main.stat().st_size < 100_000
    theme = Path(str(SITE.root)) / "theme" / "assets" / "site.css"
    assert (built_site.folder / "assets" / "site.css").read_bytes() == theme.read_bytes()


#: Where an element stands, and where it should: below the header, by what the theme keeps free.
PLACED = """
(id) => {
  const element = document.getElementById(id);
  const {top} = element.getBoundingClientRect();
  const wanted = parseFloat(getComputedStyle(element).scrollMarginTop);
  const end = document.documentElement.scrollHeight - innerHeight - scrollY;
  return {off: Math.round(top - wanted), end: Math.round(end)};
}
"""

#: An equation, a heading and a note far down in the page.
FAR = """
() => ["h2[id]", ".equation[id]", "h3[id]", ".footnote li[id]"].flatMap((kind) => {
  const found = [...document.querySelectorAll(`article ${kind}`)].filter(
    (element) => element.checkVisibility() && !element.closest("details"));
  return found.length ? [found[Math.floor(found.length * 0.7)].id] : [];
})
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_leads_to_its_place(language: str, width: int, reader: Reader) -> None:
    name = "lstm"
    visit = reader.open(address(language, name), width=width)
    far = visit.page.evaluate(FAR)
    assert len(far) >= 2
    for way in ("within the page", "from another page"):
        for anchor in far:
            if way == "within the page":
                visit.page.evaluate("id => { location.hash = '#' + id }", anchor)
            else:
                visit = reader.open(f"{address(language, name)}#{anchor}", width=width)
            placed = "(({off, end}) => Math.abs(off) <= 3 || end <= 3)((%s)(%r))"
            visit.until(placed % (PLACED, anchor), patience=20)
            visit.page.wait_for_timeout(300)  # and it stays there
            found = visit.page.evaluate(PLACED, anchor)
            assert abs(found["off"]) <= 3 or found["end"] <= 3, (way, anchor, found)


#: What has moved without the reader's doing, as browsers count it.
SHIFTED = """
() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 1000);
})
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_while_a_page_is_opened(language: str, width: int, reader: Reader) -> None:
    for name in ("clipping", "labs/digits"):
        visit = reader.open(address(language, name), width=width)
        assert visit.page.evaluate(SHIFTED) < 0.01, name


#: A telephone far from its mast: ms, and bytes in a second.
FAR_OFF = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 90_000,
}

#: What asks for the fonts that the style sheet of formulas holds.
ASKED = re.compile(r"^for \(const font of .*", re.M)


def test_nothing_moves_either_where_fonts_come_slowly(
    reader: Reader, built_site: BuiltSite
) -> None:
    def moved(early: str) -> float:
        """How much of a page full of formulas has moved, with this script in its head."""
        page = reader.open("", width=412).page
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        network.send("Network.emulateNetworkConditions", FAR_OFF)
        page.route(
            "**/early.js",
            lambda route: route.fulfill(body=early, content_type="text/javascript"),
        )
        page.goto(reader.url + address("en", "reference/notation"))
        return float(page.evaluate(SHIFTED))

    early = (built_site.folder / "assets" / "early.js").read_text(encoding="utf-8")
    assert moved(early) < 0.01
    without, times = ASKED.subn("", early)
    assert times == 1
    assert moved(without) > 0.01  # so the page is one on which it would be seen


def _resolved(page: str, named: str) -> str:
    """The file that an address on a page leads to."""
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / named).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) or "."


def test_photographs_are_loaded_when_a_reader_comes_near_them(reader: Reader) -> None:
    visit = reader.open("")
    page = visit.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(reader.url + address("en", "cnn"))
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if ".webp" in url]
    pictures = page.locator("svg.drawing img")
    assert pictures.count() >= 2
    pictures.first.scroll_into_view_if_needed()
    visit.until("[...document.querySelectorAll('svg.drawing img')][0].naturalWidth > 100")
    box = pictures.first.bounding_box()
    around = page.locator("svg.drawing:has(img)").first.bounding_box()
    assert box and around and box["width"] > around["width"] / 3
    assert around["x"] <= box["x"] and box["x"] + box["width"] <= around["x"] + around["width"]
