"""Drawings and code take fewer bytes, and look the same."""

import base64
import io
import re

import pytest
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from engine.build.highlighting import lexers
from engine.drawing.compact import compact, relative


@pytest.mark.parametrize(
    ("path", "shorter"),
    [
        ("M 0 280.8  L 316.84 280.8  L 316.84 0  z ", "m0 280.8h316.8v-280.8z"),
        # Each end is rounded by itself, so that errors never add up.
        ("M 0 0 L 0.44 0.44 L 0.88 0.88 L 1.32 1.32", "m0 0l.4 .4 .5 .5 .4 .4"),
        ("M 1 1 C 1 2 3 4 5 6 Q 6 7 8 9", "m1 1c0 1 2 3 4 5q1 1 3 3"),
        ("M 1 1 A 5 5 0 0 1 6 6 L 6 6", "m1 1a5 5 0 0 1 5 5h0"),
        ("M 1 1 2 3 L 1 2 z M 2 2 L 3 3", "m1 1l1 2-1-1zm1 1l1 1"),
        ("M 1 1 s 2 2 3 3", "M 1 1 s 2 2 3 3"),
    ],
)
def test_a_path_ends_in_the_same_places(path: str, shorter: str) -> None:
    assert relative(path, 1) == shorter


DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50">
 <g id="figure_1">
  <path d="M 0 0 L 100 0" style="fill: none" />
  <defs><path id="dot" d="M 0 3 L 3 0.25 z" style="stroke: red" />
  <path id="unused" d="M 0 0" /></defs>
  <g clip-path="url(#clip)">{uses}</g>
  <text id="text_1" x="1.234" y="2" transform="rotate(-0 1.234 2)">a  <tspan>b</tspan> c</text>
  <image href="data:image/png;base64,{picture}" width="10" height="10" />
 </g>
 <defs><clipPath id="clip"><rect x="0" y="0" width="100" height="50" /></clipPath></defs>
</svg>"""


def _png(size: tuple[int, int]) -> str:
    out = io.BytesIO()
    Image.new("RGBA", size, (200, 30, 30, 255)).save(out, "png")
    return base64.b64encode(out.getvalue()).decode()


def _drawing(*places: str) -> str:
    style = 'style="fill: blue; stroke: blue"'
    uses = "".join(f'<use href="#dot" x="{x}" y="5.06" {style} />\n' for x in places)
    return DRAWING.format(uses=uses, picture=_png((40, 40)))


def test_what_nobody_sees_is_gone() -> None:
    made = compact(_drawing("1", "2"))
    assert re.findall(r'\bid="([^"]+)"', made) == ["dot", "clip"]
    assert "figure_1" not in made and "rotate" not in made and "\n" not in made
    assert '<g clip-path="url(#clip)" style="fill:blue;stroke:blue"><use href="#dot" x="1"' in made
    assert '<path id="dot" d="m0 3l3-2.75z" style="stroke:red"/>' in made
    assert '<text x="1.2" y="2">a  <tspan>b</tspan> c</text>' in made
    assert 'width="100" height="50" viewBox="0 0 100 50"' in made


def test_what_is_no_xml_stays_as_it_is() -> None:
    assert compact("<svg><path d=M0></svg>") == "<svg><path d=M0></svg>"


def test_many_markers_are_one_path() -> None:
    made = compact(_drawing("1", "2", "2", "4.26"))
    assert "<use" not in made
    marker = re.search(r'<marker id="([^"]+)" ([^>]*)>(.*?)</marker>', made)
    assert marker and 'markerUnits="userSpaceOnUse"' in marker[2] and "overflow" in marker[2]
    assert marker[3] == '<path d="m0 3l3-2.75z" style="stroke:red"/>'
    # One point for each, and a marker at each point.
    path = re.search(r'<path d="(m[^"]+)" style="fill:none;stroke:none" ([^>]*)/>', made)
    assert path and path[1] == "m1 5.1h1 0 2.3"
    assert re.findall(rf'marker-(\w+)="url\(#{marker[1]}\)"', path[2]) == ["start", "mid", "end"]


def test_a_picture_is_kept_in_fewer_bytes() -> None:
    before, made = _drawing(), compact(_drawing())
    found = re.search(r"data:image/webp;base64,([^\"]+)", made)
    assert found and len(found[1]) < len(_png((40, 40)))
    picture = Image.open(io.BytesIO(base64.b64decode(found[1])))
    assert (picture.size, picture.getpixel((20, 20))) == ((40, 40), (200, 30, 30))
    assert "image/png" in before and "image/png" not in made


CODE = """@decorate
def f(x: int) -> str:
    return f'{x + 1}\\n' if x in (None, 2) else len(x)  # so
"""


def test_code_has_a_mark_for_each_colour_and_none_for_plain_ink() -> None:
    options = lexers(("python",))[0]["options"]
    marked = highlight(CODE, PythonLexer(**options), HtmlFormatter(nowrap=True))
    assert re.sub(r"<[^>]*>", "", marked).replace("&#39;", "'").replace("&gt;", ">") == CODE
    pieces = dict(re.findall(r'<span class="(\w+)">([^<]*)</span>', marked))
    assert pieces == {"k": "else", "nf": "f", "nb": "len", "s": "'", "se": r"\n", "m": "2"} | {
        "c": "# so"
    }
    assert len(re.findall("<span", marked)) < len(
        re.findall("<span", highlight(CODE, PythonLexer(), HtmlFormatter(nowrap=True)))
    )
