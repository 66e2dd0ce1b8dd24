"""The copy buttons give, in a real browser's clipboard, the code that runs."""

import difflib

from engine.reading.outline import tidy
from engine.reading.page import Page
from engine.running.examples import as_one_file
from tests.site.conftest import Visit

#: Click the button of each block, and collect what it would have the browser copy: to wait for the
#: clipboard takes some frames of the page for each block, and pages may use it only within seconds
#: after their reader has done something.
COPY = """
(blocks) => {
  const copied = [];
  document.execCommand = () => {
    const field = document.activeElement;
    copied.push(field.matches("textarea, input")
      ? field.value.slice(field.selectionStart, field.selectionEnd)
      : String(getSelection()));
    return true;
  };
  for (const block of blocks) {
    const before = copied.length;
    const button = block.querySelector("button[data-md-type=copy]");
    if (!button) throw new Error(`nothing to copy with: ${block.innerText}`);
    button.click();
    if (copied.length !== before + 1) throw new Error(`nothing copied: ${block.innerText}`);
  }
  delete document.execCommand;
  return copied;
}
"""

#: The blocks of Python that run: those of stubs are for the reader to fill.
RUNS = ":is(.language-python, .language-pycon):not(.try-it *)"

#: The message of having copied has faded: what is half faded has no contrast of its own.
MESSAGE_GONE = """
() => {
  const message = document.querySelector(".md-dialog");
  return !message.matches(".md-dialog--active") && message.getAnimations().length === 0;
}
"""


def copied_otherwise(visit: Visit, written: Page) -> list[str]:
    """Where all blocks of an open page, copied into one file, are not the code that runs."""
    bring_into_sight(visit)
    blocks = visit.page.locator(f"div.highlight{RUNS}")
    blocks.first.locator("button[data-md-type=copy]").click()  # by the mouse, to the clipboard
    by_mouse = visit.page.evaluate("navigator.clipboard.readText()")
    copied = [text.rstrip("\n") for text in blocks.evaluate_all(COPY)]
    faults = []
    if by_mouse.rstrip("\n") != copied[0]:
        faults.append(f"by the mouse: {by_mouse}")
    if len(copied) != len(written.python_fences):
        faults.append(f"{len(copied)} blocks, {len(written.python_fences)} are written")
    source, _ = as_one_file(written)
    ours, theirs = _code_lines("\n".join(copied)), _code_lines(source)
    if ours != theirs:
        faults += difflib.unified_diff(theirs, ours, "it runs", "it copies", lineterm="")
    if visit.page.locator(".output button").count():
        faults.append("an output has a button")
    return faults


#: Nothing is half faded when it is looked at.
STILL = "*, ::before, ::after { transition: none !important; animation: none !important }"


#: What is out of sight has its height, and not the one that is guessed until it comes near.
LAID_OUT = "* { content-visibility: visible !important }"


def bring_into_sight(visit: Visit) -> None:
    """A block of code gets its button, and its place among what the keyboard reaches, when it is
    seen: make the window as high as the page for a while."""
    page = visit.page
    page.add_style_tag(content=STILL + LAID_OUT)
    size = page.viewport_size
    assert size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height + 20_000})
    seen = "code => !code.checkVisibility() || code.parentElement.querySelector('nav')"
    visit.until(f"[...document.querySelectorAll('article .highlight pre > code')].every({seen})")
    page.set_viewport_size(size)


def _code_lines(source: str) -> list[str]:
    """Lines that are not blank: a hidden output leaves an empty line behind."""
    return [line for line in tidy(source).split("\n") if line.strip()]
