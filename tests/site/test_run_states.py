"""What a reader does with the code of a page: run, change, stop, reset; and what can go wrong."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Request

from engine.paths import LANGUAGES
from tests.conftest import BuiltSite
from tests.site.accessible import accessibility_faults
from tests.site.conftest import Reader, Visit
from tests.site.copying import bring_into_sight
from tests.site.pages import address
from tests.site.scripts import inline_scripts
from tests.site.test_pages import NARROW

pytestmark = pytest.mark.usefixtures("has_runtime")

#: A short chapter, whose first blocks run at once.
NAME = "computation-graph"

#: Bytes, compressed, that a page which is only read may have more than without all this: the
#: start of the scripts and its part of the style sheet.
MOST = 1_800

BLOCK = "div.highlight:is(.language-python, .language-pycon):not(.try-it *)"
OPEN = "document.querySelectorAll('details').forEach(folded => folded.open = true)"

NO_STORAGE = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); }
})
"""
#: What is kept of the page's changes, and a change that a second tab has kept meanwhile.
KEPT = "localStorage[Object.keys(localStorage).find(key => key.startsWith('run:'))]"
ANOTHER_TAB = """
() => {
  const key = Object.keys(localStorage).find(key => key.startsWith("run:"));
  localStorage[key] = JSON.stringify({ ...JSON.parse(localStorage[key]), 99: "theirs" });
}
"""
METERED = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
NO_WEBASSEMBLY = "delete window.WebAssembly"


class Blocks:
    """The blocks of an open page; numbers count from 1, as on the page."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        visit.page.evaluate(OPEN)

    def press(self, number: int) -> None:
        self.visit.page.locator(BLOCK).nth(number - 1).locator(".run-button").click()

    def bar(self, number: int) -> Locator:
        return self.visit.page.get_by_role("group", name=f"Block {number}", exact=True)

    def results(self, number: int) -> Locator:
        return self.visit.page.locator(f"{BLOCK} + .run-results").nth(number - 1)

    def button(self, number: int, name: str) -> Locator:
        return self.bar(number).get_by_role("button", name=name, exact=True)

    def until_told(self, number: int, text: str) -> None:
        told = self.bar(number).locator(".run-status")
        told.filter(has_text=text).wait_for(timeout=300_000)

    def write(self, number: int, code: str) -> None:
        """Put code at the end of the last field of a block."""
        self.results(number).locator(".cm-content").last.click()
        self.visit.page.keyboard.press("Control+End")
        self.visit.page.keyboard.insert_text(code)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of a reader who has not been here."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


#: What Chromium says of whatever the site's policy forbids.
POLICY = "Content Security Policy"


def open_in(context: BrowserContext, served: str, name: str = NAME, script: str = "") -> Visit:
    """A page in English, with a script that runs before all others."""
    page = context.new_page()
    visit = Visit(page)

    def note(request: Request) -> None:
        if not request.url.startswith(served):
            visit.foreign.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("console", lambda m: visit.errors.append(m.text) if POLICY in m.text else None)
    if script:
        page.add_init_script(script)
    page.goto(served + address("en", name))
    return visit


def test_a_page_that_is_only_read_loads_the_start_alone(
    context: BrowserContext, served: str, built_site: BuiltSite
) -> None:
    loaded: list[str] = []
    context.on("request", lambda request: loaded.append(request.url.removeprefix(served)))
    visit = open_in(context, served)
    visit.page.wait_for_load_state("networkidle")
    # The worker that keeps what is read asks for it a second time, and for nothing else.
    (start,) = {path for path in loaded if path.startswith("run/")}
    style = (built_site.folder / "assets" / "site.css").read_text(encoding="utf-8")
    ours = style.partition("/* Running a page's code")[2].partition("\n/* ")[0].encode()
    content = (built_site.folder / start).read_bytes()
    assert len(gzip.compress(content)) + len(gzip.compress(ours)) <= MOST
    assert visit.page.locator(".run-button").count() == visit.page.locator(BLOCK).count() > 20


def test_a_reader_runs_changes_stops_and_resets(context: BrowserContext, served: str) -> None:
    visit = open_in(context, served)
    blocks = Blocks(visit)
    number = _first_with_output(visit)
    blocks.press(number)
    blocks.until_told(number, "It prints what the page shows.")
    assert blocks.results(number).inner_text() == ""

    # A change is shown beside what the page prints.
    blocks.button(number, "Change").click()
    blocks.write(number, "\nprint('changed')")
    visit.page.keyboard.press("Control+Enter")
    blocks.until_told(number, "differs from the page")
    assert blocks.results(number).locator(".run-now").last.inner_text().endswith("changed")
    assert blocks.results(number).get_by_text("On the page").count() > 0

    # The editor is open, with outputs beside it: to be read by everybody.
    axe = open_in(context, served)  # the change has been kept, and is shown in a new tab
    axe.page.wait_for_selector(".cm-content")
    assert axe.page.locator(".cm-content").last.inner_text().endswith("print('changed')")
    bring_into_sight(axe)
    assert accessibility_faults(axe.page) == []
    axe.page.close()

    # What was printed before a change is told apart, and another tab's changes are left alone.
    visit.page.evaluate(ANOTHER_TAB)
    blocks.write(number, "\nundefined")
    assert blocks.results(number).locator(".run-now").count() == 0
    assert blocks.results(number).get_by_text("An earlier run of yours").count() > 0
    assert "theirs" in visit.page.evaluate(KEPT)

    # A traceback names the page's blocks and their lines, and leads to them.
    visit.page.keyboard.press("Control+Enter")
    blocks.until_told(number, "Stopped by an error: NameError")
    error = blocks.results(number).locator(".run-error")
    assert "undefined\nNameError: name 'undefined' is not defined" in error.inner_text()
    target = error.get_by_role("link", name=f"block {number}").last.get_attribute("href")
    assert target == f"#block-{number}"

    # What is written while a block runs is no part of that run, which is marked as no result.
    blocks.write(number, " = 1\nimport time\ntime.sleep(2)")
    visit.page.keyboard.press("Control+Enter")
    blocks.until_told(number, f"Block {number} is running")
    blocks.write(number, "\nwhile True: pass")
    blocks.until_told(number, "Ran in")
    mark = visit.page.locator(BLOCK).nth(number - 1).locator(".run-button")
    assert mark.get_attribute("data-state") is None

    # What runs without an end is stopped, and the page goes on.
    visit.page.keyboard.press("Control+Enter")
    blocks.until_told(number, f"Block {number} is running")
    blocks.button(number, "Stop").click()
    blocks.until_told(number, "Stopped. Python starts anew")

    blocks.button(number, "Reset").click()
    assert visit.page.locator(BLOCK).nth(number - 1).is_visible()
    assert visit.page.locator(".cm-content").count() == 0
    assert visit.page.evaluate(KEPT) == '{"99":"theirs"}'
    blocks.press(number)
    blocks.until_told(number, "It prints what the page shows.")
    assert (visit.errors, visit.foreign) == ([], [])


def _first_with_output(visit: Visit) -> int:
    """The number of the second block that shows an output."""
    texts = visit.page.locator(BLOCK).locator("code").all_text_contents()
    shown = [n for n, text in enumerate(texts, 1) if text.startswith(">>>") and "print" in text]
    return shown[1]


def test_it_goes_by_the_keyboard_alone(context: BrowserContext, served: str) -> None:
    visit = open_in(context, served, "index")
    page = visit.page
    visit.page.emulate_media(reduced_motion="reduce")
    page.locator(".run-button").focus()
    page.keyboard.press("Enter")
    page.get_by_role("group", name="Block 1").locator(".run-status").filter(
        has_text="It prints what the page shows."
    ).wait_for(timeout=300_000)
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Change":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".cm-content:focus")
    page.keyboard.insert_text("print(0)\n")
    # Tab leaves the field: it is no trap.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cm-editor') === null") or page.evaluate(
        "document.querySelectorAll('.cm-editor').length > 1"
    )
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Enter")
    page.get_by_role("group", name="Block 1").locator(".run-status").filter(
        has_text="differs from the page"
    ).wait_for(timeout=60_000)
    assert visit.errors == []


def test_python_that_breaks_down_is_started_anew(context: BrowserContext, served: str) -> None:
    visit = open_in(context, served, "index")
    blocks = Blocks(visit)
    blocks.press(1)
    blocks.until_told(1, "It prints what the page shows.")
    blocks.button(1, "Change").click()
    blocks.write(1, "\nvalues = [0] * 2**30")
    visit.page.keyboard.press("Control+Enter")
    blocks.until_told(1, "The memory that a page may use is used up.")
    blocks.write(1, "\n")
    visit.page.keyboard.press("Control+a")
    visit.page.keyboard.insert_text("import os\nos._exit(1)")
    visit.page.keyboard.press("Control+Enter")
    blocks.until_told(1, "Python has broken down and is started anew.")
    blocks.button(1, "Reset").click()
    blocks.press(1)
    blocks.until_told(1, "It prints what the page shows.")


def test_an_answer_is_judged_in_the_page(context: BrowserContext, served: str) -> None:
    visit = open_in(context, served, "clipping")
    stub = visit.page.locator(".try-it[data-exercise='clipping.clip_by_global_norm']")
    stub.get_by_role("button", name="Write your answer").press("Enter")
    stub.locator(".cm-content").wait_for()
    verdict = stub.locator(".run-verdict")
    assert verdict.get_attribute("role") == "status"

    def answer(body: str) -> None:
        stub.locator(".cm-content").click()
        visit.page.keyboard.press("Control+a")
        visit.page.keyboard.insert_text(f"def clip_by_global_norm(grads, theta):\n{body}")
        stub.get_by_role("button", name="Check").press("Enter")

    answer("    return [np.clip(g, -theta, theta) for g in grads]\n")
    verdict.filter(has_text="✗ Not yet.").wait_for(timeout=300_000)
    answer(
        "    norm = np.sqrt(sum(np.sum(g**2) for g in grads))\n"
        "    return [min(theta / max(norm, 1e-12), 1) * g for g in grads]\n"
    )
    verdict.filter(has_text="✓").wait_for(timeout=60_000)
    visit.widen(NARROW)
    overhang = "field => field.scrollWidth - field.clientWidth"
    assert stub.locator(".cm-scroller").evaluate(overhang) == 0
    bring_into_sight(visit)
    assert accessibility_faults(visit.page) == []
    assert (visit.errors, visit.foreign) == ([], [])


def test_where_nothing_may_be_kept_the_page_says_so(context: BrowserContext, served: str) -> None:
    visit = open_in(context, served, script=NO_STORAGE + ";" + METERED)
    assert visit.page.locator("article .katex").count() > 0
    blocks = Blocks(visit)
    blocks.press(_first_with_output(visit))
    hint = visit.page.locator(".run-hint [role=status]")
    hint.filter(has_text="The browser keeps nothing for this page").wait_for()
    assert visit.errors == []


def test_whoever_pays_for_it_is_asked_before_it_is_loaded(
    context: BrowserContext, served: str
) -> None:
    loaded: list[str] = []
    context.on("request", lambda request: loaded.append(request.url))
    visit = open_in(context, served, script=METERED)
    blocks = Blocks(visit)
    number = _first_with_output(visit)
    blocks.press(number)
    question = visit.page.locator(".run-question")
    question.wait_for()
    assert "17 MB" in question.inner_text()
    question.get_by_role("button", name="Not now").click()
    assert not any("pyodide" in address for address in loaded)
    blocks.press(number)
    question.get_by_role("button", name="Load it").click()
    blocks.bar(number).get_by_text("Loading Python").wait_for(timeout=60_000)
    blocks.button(number, "Stop").click()
    blocks.until_told(number, "Stopped.")


@pytest.mark.parametrize("scripts", [True, False])
def test_without_webassembly_or_scripts_a_page_is_only_read(
    scripts: bool, browser: Browser, served: str
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    visit = open_in(context, served, script=NO_WEBASSEMBLY)
    assert visit.page.locator("article .katex").count() > 0
    assert visit.page.locator(".run-button, .run-hint:not(:empty)").count() == 0
    assert visit.errors == []
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_folder_one_line_says_why_nothing_runs(
    language: str, reader: Reader, built_site: BuiltSite
) -> None:
    file = built_site.folder / address(language, NAME) / "index.html"
    visit = reader.open("", address=file.as_uri())
    assert visit.page.locator(".run-hint").count() == 1
    assert visit.page.locator(".run-button").count() == 0
    said = {"zh": "本地文件夹", "en": "Read from a folder on disk"}
    assert said[language] in visit.page.locator(".run-hint").inner_text()


def test_no_page_needs_an_inline_script(built_site: BuiltSite) -> None:
    for path in built_site.folder.rglob("*.html"):
        assert inline_scripts(path.read_text(encoding="utf-8")) == [], path
