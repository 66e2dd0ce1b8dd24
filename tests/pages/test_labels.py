"""A drawing that says something in one language only is found; names of things are none."""

from pathlib import Path

import pytest

from engine.rules.labels import of_one_language
from tests.small_site import SmallSite

DRAWING = """from engine.figures import Say, figure


@figure
def line(say: Say) -> str:
    return f'''<svg ><text>{LABEL}</text></svg>'''
"""

PAGE = "# A {#a}\n\nThe names `tanh` and setosa.\n\n![a line](figure:a/line)\n"

LABELS = {
    "both": ('{say("损失", "loss")}', []),
    "a name of the code": ("tanh(z)", []),
    "names of the text": ("setosa, 0.5", []),
    "an index": ("w<tspan>tanh</tspan>", []),
    "letters": ("x = AB", []),
    "English": ("training loss", ["training loss"]),
    "one word": ("epochs", ["epochs"]),
    "words of the text in a sentence": ("names and tanh", ["names and tanh"]),
    "in parts": ('a <tspan class="x">curve</tspan>', ["a curve"]),
    "Chinese": ("损失", ["损失"]),
}


@pytest.mark.parametrize("kind", LABELS)
def test_a_label_of_one_language_is_found(kind: str, tmp_path: Path) -> None:
    label, found = LABELS[kind]
    site = SmallSite(tmp_path)
    site.write("figures/__init__.py", "")
    site.write("figures/a.py", DRAWING.replace("{LABEL}", label))
    site.both("a", PAGE)
    faults = of_one_language(site, site.page(site.docs / "zh" / "a.md"))
    assert [fault.message for fault in faults] == [
        f"the drawing figure:a/line says {label!r} in the other language, too" for label in found
    ]
    assert [fault.line for fault in faults] == [5] * len(found)
    assert of_one_language(site, site.page(site.docs / "en" / "a.md")) == []
