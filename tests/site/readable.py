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

#: Words of drawings that its frame cuts off: a word's box is higher than its letters.
CUT = """
() => [...document.querySelectorAll("article svg.drawing")].flatMap(drawing => {
  const frame = drawing.getBoundingClientRect();
  const room = frame.width / 110;
  return [...drawing.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < frame.left - room || box.right > frame.right + room);
  }).map(text => `cut off: ${text.textContent}`);
})
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
#: counts. Parts of one formula, and of one drawing, may lie close together.
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

TARGETS = """
() => axe.run(document, { runOnly: ["target-size"], resultTypes: ["violations"] }).then(result =>
  result.violations.flatMap(({ nodes }) => nodes.map(({ html }) => `too small a target: ${html}`)))
"""


def unreadable(page: Page) -> list[str]:
    """What keeps an open page from being read well at the width that it has."""
    faults: list[str] = []
    for question in (LOOSE_MARKS, CODE, CUT, FOREIGN, HEADINGS, UNREACHED, PRINTED_OVER):
        faults += page.evaluate(question)
    return faults


def small_targets(page: Page) -> list[str]:
    """What is too small for a finger, by axe."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(TARGETS)
    return found
