"""The theme's style sheets keep what pages use, and an unknown one stops the build."""

import pytest

from engine.build.styles import UnknownStyles, ensure_whole, used_rules, without_unused_values

CSS = """
:root{--used:1px;--read-by-used:url("data:a;b,<svg x='}'>");--unused:calc(1px + 2px)}
.md-here,.md-gone{color:red}
.md-here .md-gone:hover{color:red}
.md-here:not(.md-gone){width:var(--used)}
.md-made--a{color:red}
body[data-md-color-primary=red] .md-here{color:red}
body[data-md-color-primary=custom] .md-here{color:red}
[data-md-state=open]{color:red}
@media print{.md-gone{color:red}}
@media print{.md-gone{color:red}.md-here{color:blue}}
@keyframes turn{from{left:0}}
a{background:var(--read-by-used)}
"""

KEPT = """
.md-here{color:red}
.md-here:not(.md-gone){width:var(--used)}
.md-made--a{color:red}
body[data-md-color-primary=custom] .md-here{color:red}
[data-md-state=open]{color:red}
@media print{.md-here{color:blue}}
@keyframes turn{from{left:0}}
a{background:var(--read-by-used)}
"""


def test_only_rules_that_nothing_can_need_are_left_out() -> None:
    kept = used_rules(CSS, {"md-here", "md-made--", "custom"})
    assert kept.partition("}.md")[2] == KEPT.replace("\n", "").removeprefix(".md")
    values = without_unused_values(kept, "")
    assert values.partition("}.md")[0] == (
        """:root{--used:1px;--read-by-used:url("data:a;b,<svg x='}'>");"""
    )
    assert "--unused" in without_unused_values(kept, "element.style.getPropertyValue('--unused')")


@pytest.mark.parametrize("css", [".a{color:red}} .b{", ".md-header{color:red}"])
def test_a_style_sheet_of_another_kind_stops_the_build(css: str) -> None:
    with pytest.raises(UnknownStyles, match=r"engine/build/styles\.py"):
        ensure_whole(used_rules(css, {"a", "b", "md-header"}))
