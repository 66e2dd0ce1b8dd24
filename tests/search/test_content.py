"""What the index is made of: formulas as text, names from the glossary, weights by kind of page."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from engine.formulas.katex import Source
from engine.search.formula_text import NAME, formula_text
from engine.search.index import CHAPTER, GENERATED, LAB, REFERENCE, Index, weight_of
from engine.search.page_html import FORMULA_BEGINS, FORMULA_ENDS, searchable
from engine.search.words import Words, spellings
from tests.conftest import SITE, WORDS
from tests.small_site import SmallSite

GLOSSARY = """# 术语表 {#title}

| 中文 | 英文 | 意思 | 别处的叫法 |
|---|---|---|---|
| 梯度裁剪 | gradient clipping | 缩短：[裁剪](../clipping.md#title) | 梯度截断 |
| 学习率 | learning rate | 步长：[裁剪](../clipping.md#rate) | – |
"""


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{\partial L}{\partial W_{hh}} = h_{t-1}^\top", "∂L/∂W_{hh} = h_{t−1}^{⊤}"),
        (r"\hat{y} \coloneqq \sigma(z)", "ŷ ≔ σ(z)"),
        (r"-\log \frac{a + b}{2c}", f"−log{NAME} (a + b)/(2c)"),
        (r"\max(z, 0) \ge -1", f"max{NAME}(z, 0) ≥ −1"),
        (r"\sum_{i=1}^{m} x^{(i)} \odot f'(e)", "∑_{i=1}^{m}x^{(i)} ⊙ f′(e)"),
        (r"\sqrt{d_k}", "√(d_{k})"),
    ],
)
def test_a_formula_reads_as_one_would_type_it(tex: str, text: str) -> None:
    assert formula_text(SITE.katex.render(Source(tex, False))) == text


def test_what_is_no_formula_is_refused() -> None:
    with pytest.raises(ValueError, match="no MathML"):
        formula_text("<span>x</span>")


def test_the_index_reads_formulas_as_text_and_leaves_out_what_nobody_looks_for() -> None:
    formula = r'<div class="arithmatex">\[z = w x \tag{lr.25}\]</div>'
    code = (
        "<pre><span></span><code><span>import</span> numpy <span>as</span> np\n"
        "from a.b import (\n    c,\n)\n&gt;&gt;&gt; import d\n<span>x</span> = 1</code></pre>"
    )
    folded = '<details class="note">\n<summary>Setting up: imports</summary><p>x</p></details>'
    named = '<span class="filename">a.py</span><p class="facts">20 min</p>'
    row = "<table><tr><td>a</td></tr></table>"
    text = searchable(formula + code + folded + named + row, SITE.katex)
    assert f"<p>{FORMULA_BEGINS}z = wx (lr.25){FORMULA_ENDS}</p>" in text
    assert "<pre><code>x = 1</code></pre>" in text
    assert "import" not in text.replace("imports", "")
    assert '<details class="note" data-search-exclude>' in text
    assert "a.py" not in text and "20 min" not in text
    assert "<p><td>a</td></p>" in text
    generated = searchable(formula + code + row, SITE.katex, is_generated=True)
    assert "lr.25" in generated and "x = 1" not in generated and "<td>" not in generated


def index(content: str, small_site: SmallSite, url: str = "clipping/") -> dict[str, Any]:
    """The index of one page, with the words that it uses within words."""
    words = Words(small_site, "zh", str(WORDS))
    made = Index(words, lang=["en"], separator=" ", pipeline=[], fields={})
    page = SimpleNamespace(content=content, meta={"names": ["GC x"]}, title="裁剪", toc=[], url=url)
    made.add_entry_from_context(page)
    read: dict[str, Any] = json.loads(made.generate_search_index(None))
    return read


@pytest.fixture
def small_site(tmp_path: Any) -> SmallSite:
    site = SmallSite(tmp_path)
    site.write("docs/zh/reference/glossary.md", GLOSSARY)
    return site


def test_terms_of_the_glossary_stay_whole_and_name_the_place_that_explains_them(
    small_site: SmallSite,
) -> None:
    html = '<h1 id="title">裁剪</h1><p>用梯度裁剪。</p><h2 id="rate">多快</h2><p>学习率</p>'
    read = index(html, small_site)
    page, section = read["docs"]
    # Before a mark there is no gap: a line of the results could be broken there.
    assert "用\u200b梯度裁剪。" in page["text"]
    assert section["text"].strip("\u200b<>/p") == "学习率"
    assert page["names"] == [
        "梯度裁剪", "gradient clipping", "gradientclipping", "梯度截断", "GC x", "GCx", "裁剪"
    ]  # fmt: skip
    assert section["names"] == ["学习率", "learning rate", "learningrate"]


def test_words_within_the_words_that_are_used_are_listed(small_site: SmallSite) -> None:
    words = Words(small_site, "zh")
    assert words.cut("学习率和梯度裁剪") == ["学习率", "和", "梯度裁剪"]
    assert words.parts(["梯度裁剪"]) == {"梯度裁剪": ["梯度", "裁剪"]}


def test_a_formula_comes_into_the_index_with_its_marks_and_no_html(small_site: SmallSite) -> None:
    shown = searchable(r'<p><span class="arithmatex">\(a &lt; b\)</span></p>', SITE.katex)
    [entry] = index(shown, small_site)["docs"]
    assert entry["text"] == f"<p>{FORMULA_BEGINS}a < b{FORMULA_ENDS}</p>"


def test_chapters_weigh_more_than_labs_and_these_more_than_generated_pages() -> None:
    pages = [
        weight_of(address, "")
        for address in ("lstm/", "labs/memory/", "reference/notation/", "checks/lstm/")
    ]
    assert pages == [CHAPTER, LAB, REFERENCE, GENERATED] == sorted(pages, reverse=True)
    assert weight_of("lstm/", "exercise-3") < weight_of("lstm/", "forget-gate")
    assert weight_of("reference/references/", "") == GENERATED


def test_a_name_of_several_words_is_one_word_as_well() -> None:
    assert spellings("max pooling") == ["max pooling", "maxpooling"]
    assert spellings("self-attention") == ["self-attention", "selfattention"]
    assert spellings("softmax") == ["softmax"]
    assert spellings("ROC 曲线") == ["ROC 曲线"]
