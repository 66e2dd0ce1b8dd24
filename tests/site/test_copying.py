"""The copy buttons, in a real browser's clipboard, give the code that runs."""

import pytest

from engine.paths import LANGUAGES
from engine.reading.outline import tidy
from engine.running.examples import as_one_file
from tests.site.conftest import Reader
from tests.site.pages import NAMES, address, page

PAGES = [name for name in NAMES if page("en", name).python_fences]

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


#: One language, for the code of both is the same, and so is what copies it.
@pytest.mark.parametrize("language", LANGUAGES[-1:])
@pytest.mark.parametrize("name", PAGES)
def test_all_blocks_copied_into_one_file_are_the_code_that_runs(
    name: str, language: str, reader: Reader
) -> None:
    written = page(language, name)
    visit = reader.open(address(language, name))
    visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    blocks = visit.page.locator("div.highlight:is(.language-python, .language-pycon)")
    first = blocks.first.locator("button[data-md-type=copy]")
    first.click()  # by the mouse; the others by the script, which is faster
    by_mouse = visit.page.evaluate("navigator.clipboard.readText()")
    copied: list[str] = []
    for start in range(0, blocks.count(), AT_ONCE):
        visit.page.keyboard.press("Shift")
        some = blocks.evaluate_all(COPY, [start, start + AT_ONCE])
        copied += [text.rstrip("\n") for text in some]
    assert by_mouse.rstrip("\n") == copied[0]
    source, _ = as_one_file(written)
    assert len(copied) == len(written.python_fences)
    assert _code_lines("\n".join(copied)) == _code_lines(source)
    assert visit.page.locator(".output button").count() == 0


def _code_lines(source: str) -> list[str]:
    """Lines that are not blank: a hidden output leaves an empty line behind."""
    return [line for line in tidy(source).split("\n") if line.strip()]
