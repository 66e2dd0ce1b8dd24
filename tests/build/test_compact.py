"""Drawings and code take fewer bytes, and look the same."""

import base64
import io
import math
import re

import numpy as np
import pytest
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from engine.build.highlighting import lexers
from engine.drawing.compact import compact
from engine.drawing.paths import BESIDE, relative, simplified
from engine.drawing.photographs import beside


@pytest.mark.parametrize(
    ("path", "shorter"),
    [
        ("M 0 280.8  L 316.84 280.8  L 316.84 0  z ", "m0 280.8h316.8v-280.8z"),
        # Each end is rounded by itself, so that errors never add up.
        ("M 0 0 L 0.44 0.44 L 0.88 0.88 L 1.32 1.32", "m0 0l.4.4.5.5.4.4"),
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
    assert re.findall(r'\bid="([^"]+)"', made) == ["a", "b"]
    assert "figure_1" not in made and "rotate" not in made and "\n" not in made
    assert '<g clip-path="url(#b)" style="fill:blue;stroke:blue"><use href="#a" x="1"' in made
    assert '<path id="a" d="m0 3l3-2.75z" style="stroke:red"/>' in made
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
    path = re.search(r'<path d="(m[^"]+)" style="fill:none;stroke:none;marker:([^"]*)"/>', made)
    assert path and path[1] == "m1 5.1h1 0 2.3"
    assert path[2] == f"url(#{marker[1]})"
    assert "<defs><path" not in made  # which the marker holds


def test_of_markers_in_one_colour_the_order_is_free() -> None:
    places = ("9", "1", "8", "2", "7")
    red = compact(_drawing(*places))  # outlined in red, filled in blue
    assert "m9 5.1h-8 7-6 5" in red
    assert "m1 5.1h1 5 1 1" in compact(_drawing(*places).replace("stroke: red", "stroke: blue"))


def test_a_curve_passes_its_points_closely() -> None:
    sine = [(x / 10, 50 * math.sin(x / 300)) for x in range(3000)]
    path = " ".join(f"{'L' if place else 'M'} {x} {y}" for place, (x, y) in enumerate(sine))
    left = simplified(path)
    kept = [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", left)]
    assert len(kept) < 150
    assert (kept[0], kept[-1]) == (sine[0], sine[-1])
    between = np.interp([x for x, _ in sine], [x for x, _ in kept], [y for _, y in kept])
    assert np.abs(between - [y for _, y in sine]).max() < 2 * BESIDE  # upright, not across
    corner = "M 0 0 L 5.0 0.0 L 5.0 0.2 L 10.0 0.0 Z"
    assert simplified(corner) == corner


GRID = """<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50">
<path d="M 10 0 L 10 40" style="fill:none;stroke:grey;stroke-width:1"/>
<text x="10" y="48" style="font-size:4px">a</text>
<path d="M 30 0 L 30 40" style="fill:none;stroke:grey;stroke-width:1"/>
<text x="30" y="48" style="font-size:4px">b</text>
<path d="M 20 0 L 60 40" style="fill:none;stroke:red;stroke-width:1"/>
<path d="M 50 0 L 50 40" style="fill:none;stroke:grey;stroke-width:1"/></svg>"""


def test_lines_are_gathered_as_long_as_nothing_is_drawn_over_them() -> None:
    made = compact(GRID)
    assert re.findall(r'<path d="([^"]*)"', made) == [
        "m10 0v40m20-40v40",
        "m20 0l40 40",
        "m50 0v40",  # over the red one, which it crosses
    ]
    assert '<g style="font-size:4px"><text x="10" y="48">a</text><text x="30"' in made


def test_a_circle_is_one() -> None:
    r, k = 3, 3 * math.sqrt(0.5)
    points = [(0, r), (k, k), (r, 0), (k, -k), (0, -r), (-k, -k), (-r, 0), (-k, k), (0, r)]
    curves = " ".join(f"C 0 0 0 0 {x} {y}" for x, y in points[1:])
    made = compact(_drawing("1").replace("M 0 3 L 3 0.25 z", f"M 0 {r} {curves} z"))
    assert '<circle id="a" style="stroke:red" r="3"/>' in made


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


def test_a_photograph_is_upright_and_waits_in_a_file() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    noise[:5] = 255  # white at the top, which Matplotlib keeps at the bottom
    out = io.BytesIO()
    Image.fromarray(noise[::-1].repeat(4, 0).repeat(4, 1)).save(out, "png")
    place = 'transform="scale(1 -1) translate(0 -60)" x="5" y="-10" width="60" height="60"'
    png = base64.b64encode(out.getvalue()).decode()
    made = compact(
        f'<svg width="70" height="80"><image href="data:image/png;base64,{png}" {place}/></svg>'
    )
    files: dict[str, str | bytes] = {}

    def written(name: str, content: str | bytes) -> str:
        files[name] = content
        return f"../{name}"

    drawing = beside(made, "page-photo", written)
    [(name, content)] = files.items()
    assert re.fullmatch(r"page-photo\.[0-9a-f]{12}\.webp", name)
    assert (
        '<foreignObject x="5" y="10" width="60" height="60"><img alt="" loading="lazy"' in drawing
    )
    assert f'src="../{name}"' in drawing and "base64" not in drawing
    assert isinstance(content, bytes)
    kept = np.asarray(Image.open(io.BytesIO(content)).convert("L"))
    assert kept[:15].mean() > 240 > kept[25:].mean()
    small = compact(_drawing())
    assert beside(small, "page-small", written) == small  # what is small stays where it is
