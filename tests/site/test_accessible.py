"""What the pages are spared before axe looks at them hides no fault: each kind is planted."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.site.accessible import accessibility_faults

TOKENS = "".join(f'<span class="n">name{n}</span> ' for n in range(9))
BLOCK = '<pre><code tabindex="0">{}</code></pre>'
ROWS = "<mrow><mi>x</mi><mo>+</mo><mi{0}>y</mi></mrow>"
MATH = '<span><math xmlns="http://www.w3.org/1998/Math/MathML">{}</math></span>'
DRAWING = """
<svg class="drawing" role="img" aria-label="two lines" viewBox="0 0 9 9" width="90">
  <g id="axes"><path d="M0 0L9 9" style="stroke: red"/><text x="1" y="2">1</text></g>
  <g><text x="3" y="4" {0}>2</text>{1}</g>
</svg>
"""
STYLE = """
body { background: #fff; color: #000 } pre { background: #eee }
.n { color: #003 } .note .n { color: #fff }
"""


def document(
    tokens: str = TOKENS, math: str = "", text: str = "", more: str = "", link: str = "there"
) -> str:
    return f"""<!doctype html><html lang="en"><head><title>Page</title><style>{STYLE}</style></head>
      <body><main><h1>Page</h1>{BLOCK.format(tokens)}{MATH.format(ROWS.format(math))}
      {DRAWING.format(text, more)}<p><a href="#">{link}</a></p></main></body></html>"""


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


FAULTS = {
    "color-contrast": document(TOKENS + '<span class="n" style="color: #ddd">name</span>'),
    "color-contrast ": document(f'{TOKENS}<div class="admonition note">{TOKENS}</div>'),
    "color-contrast  ": document(more='</g></svg><p style="color: #ddd">text</p><svg><g>'),
    "aria-roles": document(math=' role="nothing"'),
    "aria-valid-attr": document(math=' aria-nothing="1"'),
    "aria-roles ": document(text='role="nothing"'),
    "aria-valid-attr ": document(text='aria-nothing="1"'),
    "nested-interactive": document(text='role="button" tabindex="0"').replace(
        'role="img"', 'role="button" tabindex="0"'
    ),
    "link-name": document(link=""),
    "link-name ": document(more='<a href="#a"><path d="M0 0L9 9"/></a>').replace('role="img"', ""),
    "target-size": document(
        more='</g></svg><p><button style="width: 9px; padding: 0">a</button>'
        '<button style="width: 9px; padding: 0">b</button></p><svg><g>'
    ),
    "valid-lang": document(text='lang="nothing"'),
    "svg-img-alt": document().replace('aria-label="two lines"', ""),
}


def test_what_is_right_stays_right(tab: Page) -> None:
    tab.set_content(document())
    assert accessibility_faults(tab) == []
    assert tab.locator("pre span").count() < 9
    assert tab.locator("mi, path, text").count() == 0


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_found_in_what_remains(rule: str, tab: Page) -> None:
    tab.set_content(FAULTS[rule])
    found = [fault.partition(":")[0] for fault in accessibility_faults(tab)]
    assert rule.strip() in found


def test_a_drawing_named_by_its_text_keeps_it(tab: Page) -> None:
    by_text = document(text='id="name"').replace('aria-label="two lines"', 'aria-labelledby="name"')
    tab.set_content(by_text)
    assert accessibility_faults(tab) == []
    assert tab.locator("#name").count() == 1
