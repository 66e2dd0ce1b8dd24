"""Terms of the glossary become links, and previews hold what the linked page shows."""

import gzip
import json
from pathlib import Path

import pytest

from engine.for_readers.previews import cited_equations, of_equations, of_terms
from engine.for_readers.terms import TermLinks, with_rows
from engine.reference.glossary import Term, terms
from tests.conftest import ROOT
from tests.small_site import SmallSite

ROWS = """# Glossary {#title}

| Chinese | English | meaning | also called |
|---|---|---|---|
| 梯度 | gradient | all derivatives: [graphs](../graph.md#gradient) | – |
| 梯度下降 | gradient descent | steps against the gradient: [training](../training.md#steps) | – |
| 隐藏状态 | hidden state | what is carried on: [networks](../rnn.md#state) | – |
| 偏置 | bias | a parameter: [neuron](../neuron.md#bias) | – |
| 偏差 | bias | a systematic error: [training](../training.md#bias) | – |
| 误差 | error | minus a derivative: [training](../training.md#error) | – |
"""


@pytest.fixture
def listed(tmp_path: Path) -> list[Term]:
    site = SmallSite(tmp_path)
    site.both("reference/glossary", ROWS)
    path = site.source("en", "reference/glossary")
    assert path
    return list(terms(site.page(path)))


def linked(listed: list[Term], html: str, page: str = "lstm", language: str = "en") -> list[str]:
    """The terms that are linked in this HTML, by what they lead to and what they say."""
    out = TermLinks(listed, language).linked(html, page, "../g/")
    plain = out
    found = []
    for part in out.split('<a class="term" href="../g/#')[1:]:
        name, _, rest = part.partition('">')
        said = rest.partition("</a>")[0]
        found.append(f"{name}: {said}")
        plain = plain.replace(f'<a class="term" href="../g/#{name}">{said}</a>', said, 1)
    assert plain == html  # nothing else has changed
    return found


def test_the_first_place_of_a_term_is_linked_as_it_stands(listed: list[Term]) -> None:
    html = "<p>Gradients of gradient\ndescent &amp; <em>hidden states</em>.</p><p>gradients</p>"
    assert linked(listed, html) == [
        "term-gradient: Gradients",
        "term-gradient-descent: gradient\ndescent",
        "term-hidden-state: hidden states",
    ]
    chinese = "<p>梯度下降沿梯度的反方向走，梯度下降改变隐藏状态。</p>"
    assert linked(listed, chinese, language="zh") == [
        "term-gradient-descent: 梯度下降",
        "term-gradient: 梯度",
        "term-hidden-state: 隐藏状态",
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<h2 id='g'>gradient</h2>",
        '<p><a href="x">the <em>gradient</em></a></p>',
        "<pre><span>gradient</span></pre><p><code>gradient</code></p>",
        '<p><span class="arithmatex">\\(\\text{gradient} < 1\\)</span></p>',
        '<div class="arithmatex">\\[\\text{gradient}\\]</div>',
        "<details><summary>x</summary><p>gradient</p><details></details>gradient</details>",
        '<h2 id="references">References</h2><ul><li>“A gradient”, 2015.</li></ul>',
        '<p title="gradient"><img alt="gradient"></p>',
        "<p>pre-gradient, gradientx, agradient</p>",
        "<p>bias</p>",  # two rows are called so
        "<p>error</p>",  # a word of everyday language
    ],
)
def test_what_is_no_term_in_running_text_is_left_alone(html: str, listed: list[Term]) -> None:
    assert linked(listed, html) == []


def test_behind_what_is_left_alone_terms_are_linked(listed: list[Term]) -> None:
    html = "<pre>gradient <span>x</span></pre><p>a <code>b</code> gradient</p>"
    assert linked(listed, html) == ["term-gradient: gradient"]


def test_the_page_that_explains_a_term_does_not_link_it(listed: list[Term]) -> None:
    assert linked(listed, "<p>gradient</p>", page="graph") == []


BUILT = """<link rel="stylesheet" href="../assets/formulas/katex.css"><article>
<div class="equation" id="eq-rnn.7"><div class="formula"><span class="katex">h &lt; 1</span></div>
<a class="tag" href="x">(rnn.7)</a></div></article>"""


def shown(script: str) -> dict[str, dict[str, str]]:
    begin = "document.currentScript.preview = "
    assert script.startswith(begin)
    told: dict[str, dict[str, str]] = json.loads(script.removeprefix(begin).rstrip(";\n"))
    return told


def test_the_preview_of_an_equation_shows_its_formula() -> None:
    scripts = of_equations(BUILT, {"eq-rnn.7", "eq-rnn.9"}, "Recurrent & more")
    assert list(scripts) == ["eq-rnn.7.js"]
    told = shown(scripts["eq-rnn.7.js"])
    assert told["style"] == "../assets/formulas/katex.css"
    formula, source = told["shown"]["eq-rnn.7"].split("<small>")
    assert formula == '<div><span class="katex">h &lt; 1</span></div>'
    assert source == "(rnn.7) · Recurrent &amp; more</small>"


def test_only_equations_that_other_pages_cite_have_one(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.both("labs/a", "[(rnn.7)](../rnn.md#eq-rnn.7) and [(b.1)](b.md#eq-b.1)")
    site.both("rnn", "[here](#eq-rnn.6)")
    assert cited_equations(site, "en") == {"rnn/": {"eq-rnn.7"}, "labs/b/": {"eq-b.1"}}


def test_the_previews_of_terms_say_what_they_mean(listed: list[Term]) -> None:
    cells = "<td>{}</td>\n<td>{}</td>\n<td>what <b>x</b> is: <a href='y'>z</a></td>\n<td>–</td>"
    rows = [f"<tr>\n{cells.format(t.words['zh'], t.words['en'])}\n</tr>" for t in listed]
    html = with_rows(f"<table><tr><th>head</th></tr>{''.join(rows)}</table>", listed)
    for language, said in (("zh", "梯度</strong>：what"), ("en", "gradient</strong>: what")):
        told = shown(of_terms(html, language)["terms.js"])["shown"]
        assert told["term-gradient"] == f"<strong>{said} <b>x</b> is"
        assert len(told) == len(listed) - 1  # of the two that are called alike, the first one


def test_what_every_page_loads_for_all_of_it_is_small() -> None:
    script = (ROOT / "theme" / "assets" / "aids.js").read_bytes()
    assert len(gzip.compress(script, mtime=0)) <= 1500
