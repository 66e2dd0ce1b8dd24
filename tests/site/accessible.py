"""What the accessibility checker axe-core finds in an open page, of what is not asked yet.

Most of a page are elements that axe looks at one by one and that are alike: tokens of code, parts
of formulas and of drawings. It is spared those in which it can find nothing that it does not find
in what remains. The page is another one afterwards.
"""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

#: Of the tokens of code that look alike, the first few of each block's kind remain; of formulas
#: the text of their MathML, and of drawings what is named or can be used. The colours of what is
#: drawn are nothing that axe measures.
REDUCE = """
() => {
  const seen = new Map();
  for (const token of document.querySelectorAll("pre code span[class]")) {
    if ([...token.attributes].some(a => !["class", "id"].includes(a.name))) continue;
    const around = token.closest(".admonition, details, .output, blockquote");
    const kind = `${token.className} in ${around ? around.className : ""}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    if (seen.get(kind) > 5) token.replaceWith(...token.childNodes);
  }
  const named = new Set();
  for (const by of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"])
    for (const element of document.querySelectorAll(`[${by}]`))
      for (const id of element.getAttribute(by).split(/\\s+/)) named.add(id);
  const foreign = /^(a|title|desc|foreignObject|image|script|animate.*|annotation-xml)$/;
  const asked = /^(role|aria-.*|tabindex|class|title|alt|lang|xml:lang|accesskey|on.*)$/;
  const isPlain = element => element.namespaceURI !== document.body.namespaceURI
    && !foreign.test(element.localName) && !named.has(element.id)
    && [...element.attributes].every(a => !asked.test(a.name) && !/!important/.test(a.value));
  const holdsNothing = element =>
    isPlain(element) && [...element.getElementsByTagName("*")].every(isPlain);
  for (const math of document.querySelectorAll("math"))
    if ([...math.children].every(holdsNothing)) math.replaceChildren(math.textContent);
  const remove = part => {
    if (holdsNothing(part)) part.remove();
    else [...part.children].forEach(remove);
  };
  for (const drawing of document.querySelectorAll("svg.drawing"))
    [...drawing.children].forEach(remove);
}
"""

#: Of what is right, axe is to make no list. The size of targets it asks only where it is told to.
RUN = """
() => axe.run(document, {
  resultTypes: ["violations"], rules: { "target-size": { enabled: true } },
}).then(result =>
  result.violations.map(violation =>
    `${violation.id}: ${violation.help} — ` +
    violation.nodes.slice(0, 3).map(node => node.target).join(" | ")))
"""


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds wrong; formulas are to be without their glyphs already."""
    page.evaluate(f"({REDUCE})()")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN)
    return found
