"""The guard: the Python code a built page shows is exactly the code that ran."""

from collections.abc import Iterable

from engine.faults import Fault
from engine.labs.run import Run
from engine.reading.outline import tidy
from engine.reading.page import Fence, Page
from engine.running.built_page import BuiltPage
from engine.running.examples import PageDocument, fences_run


def compare(document: PageDocument, html: str) -> list[Fault]:
    """Faults for code shown and not run, or run and not shown, on one page."""
    return _compared(document.page, fences_run(document), BuiltPage(html, ""))


def compare_lab(page: Page, run: Run, html: str) -> list[Fault]:
    """The same for a lab, whose outputs and pictures are those of its run as well."""
    seen = BuiltPage(html, "")
    faults = _compared(page, page.python_fences, seen)
    cells = range(len(page.code_cells))
    printed = [tidy(run.printed(number)) for number in cells]
    if seen.outputs != [text for text in printed if text]:
        remedy = "build the site anew; the run of a lab is kept in .cache/labs"
        faults.append(Fault(page.path, 1, "outputs are shown that its run did not give", remedy))
    if seen.drawings != sum(len(run.pictures(number)) for number in cells):
        remedy = "mend the template of notebooks: each picture is shown once"
        faults.append(Fault(page.path, 1, "pictures are missing, or shown twice", remedy))
    return faults


def _compared(page: Page, ran: list[Fence], seen: BuiltPage) -> list[Fault]:
    faults = []
    for code in _surplus(seen.python, (tidy(fence.source) for fence in ran)):
        faults.append(
            Fault(
                page.path,
                _line_of(code, page.fences),
                f"shown but not run: {_first_line(code)!r}",
                "write it as a fence of its own, so that it is collected",
            )
        )
    for fence in ran:
        if tidy(fence.source) not in seen.python:
            faults.append(
                Fault(
                    page.path,
                    fence.origin.line,
                    f"run but not shown as code: {_first_line(fence.source)!r}",
                    "indent the fence like the text around it, and leave a blank line above it",
                )
            )
    if not faults and seen.python != [tidy(fence.source) for fence in ran]:
        faults.append(
            Fault(page.path, 1, "code is shown in another order than it ran", "put it in order")
        )
    fenced = {tidy(fence.source) for fence in page.fences}
    for text in seen.other:
        if text not in fenced or text.lstrip().startswith(">>>"):
            faults.append(
                Fault(
                    page.path,
                    _line_of(text, page.fences),
                    f"code that is not fenced as what it is: {_first_line(text)!r}",
                    "fence it and name its language; Python with prompts is pycon",
                )
            )
    for text in seen.broken_fences:
        faults.append(
            Fault(page.path, 1, f"a fence shown as text: {_first_line(text)!r}", "mend the fence")
        )
    return faults


def _surplus(shown: Iterable[str], ran: Iterable[str]) -> list[str]:
    left = list(ran)
    surplus = []
    for code in shown:
        if code in left:
            left.remove(code)
        else:
            surplus.append(code)
    return surplus


def _line_of(code: str, fences: list[Fence]) -> int:
    return next((f.origin.line for f in fences if tidy(f.source) == tidy(code)), 1)


def _first_line(code: str) -> str:
    return next((line.strip() for line in code.splitlines() if line.strip()), "")[:60]
