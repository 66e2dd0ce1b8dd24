"""The copy buttons give, in a real browser's clipboard, the code that runs."""

import difflib

from engine.reading.outline import tidy
from engine.reading.page import Page
from engine.running.examples import as_one_file
from tests.site.conftest import Visit

#: Blocks that are copied between two keys: a page may use the clipboard only within seconds after
#: its reader has done something.
AT_ONCE = 4

#: Click each block's button once it is there (it comes when the block is in sight), and collect.
COPY = """
async (blocks, [first, last]) => {
  const copied = [];
  const appears = async (what, block, find) => {
    for (let tries = 0; tries < 2000; tries++) {
      const found = await find();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`nothing ${what}: ${block.innerText}`);
  };
  for (const block of blocks.slice(first, last)) {
    block.scrollIntoView({ block: "center" });
    const button = await appears("to copy with", block, () =>
      block.querySelector("button[data-md-type=copy]"));
    await navigator.clipboard.writeText("");
    button.click();
    copied.push(await appears("copied", block, () => navigator.clipboard.readText()));
  }
  return copied;
}
"""


#: The message of having copied has faded: what is half faded has no contrast of its own.
MESSAGE_GONE = """
() => {
  const message = document.querySelector(".md-dialog");
  return !message.matches(".md-dialog--active") && message.getAnimations().length === 0;
}
"""


def copied_otherwise(visit: Visit, written: Page) -> list[str]:
    """Where all blocks of an open page, copied into one file, are not the code that runs."""
    blocks = visit.page.locator("div.highlight:is(.language-python, .language-pycon)")
    blocks.first.locator("button[data-md-type=copy]").click()  # by the mouse; the others by the
    by_mouse = visit.page.evaluate("navigator.clipboard.readText()")  # script, which is faster
    copied: list[str] = []
    for start in range(0, blocks.count(), AT_ONCE):
        visit.page.keyboard.press("Shift")
        some = blocks.evaluate_all(COPY, [start, start + AT_ONCE])
        copied += [text.rstrip("\n") for text in some]
    faults = []
    if by_mouse.rstrip("\n") != copied[0]:
        faults.append(f"by the mouse: {by_mouse}")
    if len(copied) != len(written.python_fences):
        faults.append(f"{len(copied)} blocks, {len(written.python_fences)} are written")
    visit.page.wait_for_function(MESSAGE_GONE)
    source, _ = as_one_file(written)
    ours, theirs = _code_lines("\n".join(copied)), _code_lines(source)
    if ours != theirs:
        faults += difflib.unified_diff(theirs, ours, "it runs", "it copies", lineterm="")
    if visit.page.locator(".output button").count():
        faults.append("an output has a button")
    return faults


def _code_lines(source: str) -> list[str]:
    """Lines that are not blank: a hidden output leaves an empty line behind."""
    return [line for line in tidy(source).split("\n") if line.strip()]
