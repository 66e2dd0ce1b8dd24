"""What keeps an open page from being read well: on a narrow screen, aloud, by touch."""

from playwright.sync_api import Page

from tests.site.accessible import AXE

#: Marks of punctuation that begin a line, after a formula: above its last part, or before it.
LOOSE_MARKS = r"""
() => {
  const closing = /^[，。、；：？！）》”’」』,.;:?!)\]}%–-]/u;
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const faults = [];
  for (const formula of document.querySelectorAll("article :not(.equation) > .formula")) {
    const last = formula.querySelector(".katex-html > :last-child");
    texts.currentNode = formula;
    let next = texts.nextNode();
    while (next && formula.contains(next)) next = texts.nextNode();
    if (!last || !next || !closing.test(next.data)) continue;
    range.setStart(next, 0);
    range.setEnd(next, 1);
    const mark = range.getBoundingClientRect();
    if (mark.width && mark.left < last.getBoundingClientRect().right - 4)
      faults.push(`a line begins with ${next.data.slice(0, 9)} after ${formula.textContent}`);
  }
  return faults;
}
"""

#: Lines of code that scroll although they are to be wrapped, and what lies over code.
CODE = """
() => {
  const faults = [];
  const range = document.createRange();
  for (const pre of document.querySelectorAll(".highlight > pre")) {
    const code = pre.querySelector("code");
    const name = code.textContent.slice(0, 40);
    if (code.scrollWidth > code.clientWidth) faults.push(`it scrolls sideways: ${name}`);
    range.selectNodeContents(code);
    const lines = [...range.getClientRects()].filter(line => line.width > 0);
    for (const button of pre.querySelectorAll("button")) {
      const box = button.getBoundingClientRect();
      const lies = lines.some(line => line.right > box.left && line.left < box.right
        && line.bottom > box.top + 1 && line.top < box.bottom - 1);
      if (box.width && lies) faults.push(`${button.className} lies over: ${name}`);
    }
  }
  return faults;
}
"""

#: Chinese in an English page whose language nobody is told; and English sentences in a Chinese one.
FOREIGN = r"""
() => {
  const isChinese = document.documentElement.lang.startsWith("zh");
  const foreign = isChinese
    ? /[A-Za-z][a-z]+,? [a-z]{2,},? [a-z]{3,}/
    : /[\u3400-\u9fff\uff00-\uffef]/;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faults = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (!foreign.test(data) || parentElement.closest("pre, code, .katex, svg, script")) continue;
    const said = parentElement.closest("[lang]").lang;
    if (said.startsWith(isChinese ? "zh" : "en")) faults.push(`without its language: ${data}`);
  }
  return faults;
}
"""

#: Headings that are higher for the link to them, which stands on a line of its own.
HEADINGS = """
() => {
  const headings = [...document.querySelectorAll("article :is(h1, h2, h3, h4)")];
  const links = document.querySelectorAll("article .headerlink");
  const before = headings.map(heading => heading.offsetHeight);
  links.forEach(link => link.style.display = "none");
  const after = headings.map(heading => heading.offsetHeight);
  links.forEach(link => link.style.display = "");
  return headings.filter((_, n) => before[n] !== after[n])
    .map(heading => `the link of a heading has a line of its own: ${heading.textContent}`);
}
"""

#: Tables and formulas that scroll, and that the keyboard does not reach or that have no name.
UNREACHED = """
() => [...document.querySelectorAll(".md-typeset__scrollwrap, .equation > .formula")]
  .filter(one => one.scrollWidth > one.clientWidth)
  .filter(one => one.tabIndex !== 0 || !one.getAttribute("aria-label") || !one.getAttribute("role"))
  .map(one => `it scrolls, and the keyboard does not: ${one.textContent.slice(0, 40)}`)
"""

#: Text that is printed over other text. A box is higher than its letters: only its middle half
#: counts. Parts of one formula may lie close together, and for drawings there is CROWDED.
PRINTED_OVER = r"""
() => {
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const boxes = [];
  while (texts.nextNode()) {
    const node = texts.currentNode, parent = node.parentElement;
    const seen = parent.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!node.data.trim() || !seen || parent.closest(".katex-mathml")) continue;
    const frame = parent.closest(".formula, code, .md-typeset__scrollwrap, .tag, label, a, article")
      .getBoundingClientRect();  // what scrolls shows what lies in it alone
    const whole = parent.closest(".katex, svg") ?? node;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const left = Math.max(box.left, frame.left) + 1, right = Math.min(box.right, frame.right) - 1;
      const top = box.top + box.height / 4, bottom = box.bottom - box.height / 4;
      if (left < right && bottom - top > 1) boxes.push({ left, right, top, bottom, whole, node });
    }
  }
  boxes.sort((one, other) => one.top - other.top);
  const faults = new Set();
  let beside = [];
  for (const box of boxes) {
    beside = beside.filter(other => other.bottom > box.top);
    for (const other of beside)
      if (other.whole !== box.whole && other.left < box.right && box.left < other.right)
        faults.add(`printed over each other: ${other.node.data.trim()} | ${box.node.data.trim()}`);
    beside.push(box);
  }
  return [...faults];
}
"""

#: Words of a drawing that lie over others of it or leave its frame, in every picture of a stepper
#: or an explorer. A box is higher than its letters: only its middle half counts. Drawings are
#: scaled as a whole, so that the width of the page makes no difference.
CROWDED = r"""
async () => {
  const faults = new Set();
  const look = drawing => {
    const frame = drawing.getBoundingClientRect();
    const room = frame.width / drawing.viewBox.baseVal.width;
    const boxes = [...drawing.querySelectorAll("text")].map(text => {
      let { left, right, top, bottom, width, height } = text.getBoundingClientRect();
      const { a, b } = text.getScreenCTM();
      if (Math.abs(b) > Math.abs(a)) { left += width / 4; right -= width / 4; }
      else { top += height / 4; bottom -= height / 4; }
      return { left, right, top, bottom, words: text.textContent.replaceAll("\u200b", "").trim() };
    }).filter(box => box.words && box.left < box.right);
    boxes.forEach((box, n) => {
      if (box.left < frame.left - room || box.right > frame.right + room
        || box.top < frame.top || box.bottom > frame.bottom) faults.add(`cut off: ${box.words}`);
      for (const other of boxes.slice(n + 1))
        if (box.left < other.right && other.left < box.right
          && box.top < other.bottom && other.top < box.bottom)
          faults.add(`drawn over each other: ${box.words} | ${other.words}`);
    });
  };
  for (const drawing of document.querySelectorAll("article svg.drawing")) {
    const hidden = drawing.closest(".frame[hidden]");
    if (hidden) hidden.hidden = false;
    look(drawing);
    if (hidden) hidden.hidden = true;
    const file = drawing.closest("frame-series[data-frames]")?.dataset.frames;
    if (!file) continue;
    const script = await (await fetch(file)).text();
    const { pieces, frames } = JSON.parse(script.slice(script.indexOf("{")));
    const first = drawing.innerHTML;
    for (const [, ...runs] of frames) {
      const starts = runs.filter((_, n) => n % 2 === 0);
      const parts = starts.map((at, n) => pieces.slice(at, at + runs[2 * n + 1]).join(""));
      drawing.innerHTML = parts.join("");
      look(drawing);
    }
    drawing.innerHTML = first;
  }
  return [...faults];
}
"""

TARGETS = """
() => axe.run(document, { runOnly: ["target-size"], resultTypes: ["violations"] }).then(result =>
  result.violations.flatMap(({ nodes }) => nodes.map(({ html }) => `too small a target: ${html}`)))
"""


def unreadable(page: Page) -> list[str]:
    """What keeps an open page from being read well at the width that it has."""
    faults: list[str] = []
    for question in (LOOSE_MARKS, CODE, FOREIGN, HEADINGS, UNREACHED, PRINTED_OVER):
        faults += page.evaluate(question)
    return faults


def crowded(page: Page) -> list[str]:
    """Words of an open page's drawings that lie over others or are cut off, at any width."""
    found: list[str] = page.evaluate(CROWDED)
    return found


def small_targets(page: Page) -> list[str]:
    """What is too small for a finger, by axe."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(TARGETS)
    return found
