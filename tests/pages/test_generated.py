"""What the build writes into pages is counted from them, and a wrong request is a fault."""

import re

import pytest

from engine.build_faults import build_faults
from engine.equations.beyond import beyond
from engine.equations.relations import COLUMNS
from engine.in_page.licences import works
from engine.labs.results import results
from engine.paths import LANGUAGES
from engine.reference.counts import Counts, count, kind_of_relation, total
from engine.reference.page_parts import (
    beyond_table,
    counts_table,
    facts,
    labs_table,
    licences_table,
    minutes,
    references,
    relations_table,
    tags_table,
    with_parts,
)
from tests.conftest import SITE, Project

PAGE = SITE.docs / "en" / "reference" / "generated.md"


def test_the_counts_are_those_of_the_pages() -> None:
    for language in LANGUAGES:
        page = SITE.read("# A\n", SITE.docs / language / "a.md")
        rows = [re.findall(r"\d+", row)[-7:] for row in counts_table(SITE, page).splitlines()[2:]]
        found = [p for p in SITE.in_reading_order(language) if count(p) != Counts(pages=1)]
        assert len(found) > 1
        expected = [*map(count, found), total(found)]
        assert rows == [[str(n) for n in list(vars(c).values())[1:]] for c in expected]


@pytest.mark.parametrize(
    ("tex", "kind"),
    [
        ("x = 3", "values"),
        (r"T = 1{,}000", "values"),
        (r"h_t = \phi(z_t)", "equalities"),
        ("0 < f < 1", "inequalities"),
        (r"x \ne 0", "inequalities"),
        (r"x \in A", "memberships"),
        (r"n \to \infty", "memberships"),
        (r"p \approx 0.5", "approximations"),
        (r"\sum_{k=1}^n x_k", None),
        ("[x > 0]", None),
        (r"\left( x \right)", None),
        ("(n_x, m)", None),
    ],
)
def test_a_relation_in_a_sentence_is_of_one_kind(tex: str, kind: str | None) -> None:
    assert kind_of_relation(tex) == kind


def test_relations_in_sentences_are_counted_on_each_page() -> None:
    page = SITE.read("# A\n", SITE.docs / "en" / "a.md")
    wide = len(COLUMNS)
    rows = [re.findall(r"\d+", row)[-wide:] for row in relations_table(SITE, page).splitlines()[2:]]
    columns = [sum(map(int, column)) for column in zip(*rows[:-1], strict=True)]
    assert rows[-1] == list(map(str, columns))


def test_lines_with_tags_and_definitions_that_are_not_held_are_shown() -> None:
    page = SITE.read("# A\n", SITE.docs / "en" / "a.md")
    *rows, total = [re.findall(r"\d+", row)[-3:] for row in tags_table(SITE, page).splitlines()[2:]]
    assert total == [str(sum(map(int, column))) for column in zip(*rows, strict=True)]
    assert int(total[2]) < int(total[0]) / 6
    listed = beyond(SITE, "definitions")
    shown = beyond_table(SITE, page)
    assert all(f"${one.what}$ | {one.reasons['en']}" in shown for one in listed)


def test_only_the_comment_is_replaced() -> None:
    page = SITE.read("# A\n", PAGE)
    text = with_parts(SITE, page, "before\n\n<!-- build: references -->\n\nafter")
    assert text.startswith("before\n")
    assert text.endswith("\nafter")
    assert "<!--" not in text
    assert "](../computation-graph.md#eq-cg.13)" in references(SITE, page)


def test_reading_time_and_prerequisites() -> None:
    text = "---\ntitle: A\nprerequisites: [logistic]\n---\n\n# A\n\n" + "word " * 1900
    page = SITE.read(text, SITE.docs / "en" / "a.md")
    assert minutes(page) == 10
    assert '<a href="../logistic/">Logistic regression</a>' in facts(SITE, page).replace(
        'href="logistic/"', 'href="../logistic/"'
    )


WORDS = "word " * 1900
LINES = "    x = 1\n" * 300


@pytest.mark.parametrize(
    "more",
    [
        f'??? note "Proof"\n\n    {WORDS}',
        f'??? note "Code"\n\n    - a list\n\n        {WORDS}\n\n    ```python\n{LINES}    ```',
        f"## Exercises {{#exercises}}\n\n{WORDS}",
        f"## E {{#exercises}}\n\n### One {{#exercise-1}}\n\n## References {{#r}}\n\n{WORDS}",
        f"### Exercise: Mend it {{#exercise-mend}}\n\n{WORDS}\n\n## What to remember {{#summary}}",
    ],
)
def test_what_is_folded_and_what_comes_with_the_exercises_takes_no_time(more: str) -> None:
    text = f"# A {{#a}}\n\n{WORDS}\n\n"
    path = SITE.docs / "en" / "a.md"
    assert minutes(SITE.read(text + more, path)) == minutes(SITE.read(text, path)) == 10
    assert minutes(SITE.read(text + WORDS, path)) == 20
    assert minutes(SITE.read(text + "$$\nx\n$$\n\n" * 60, path)) == 20
    assert minutes(SITE.read(f"{text}```python\n{LINES}```\n", path)) == 20
    assert minutes(SITE.read(f'{text}???+ note "Open"\n\n    {WORDS}', path)) == 20


def test_the_facts_say_what_the_time_leaves_out() -> None:
    for language, words in (("en", "without exercises and folded parts"), ("zh", "不含练习")):
        page = SITE.read("---\ntitle: A\n---\n\n# A\n", SITE.docs / language / "a.md")
        assert words in facts(SITE, page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lab_says_in_a_line_how_it_is_run_elsewhere_and_offers_that_file(language: str) -> None:
    for page in SITE.pages_of(language):
        line = f"<code>jupyter lab {page.path.stem}.ipynb</code>"
        assert (line in facts(SITE, page)) == page.is_lab
        assert not page.is_lab or f'href="{page.path.stem}.ipynb" download' in facts(SITE, page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_licences_are_listed_each_with_its_terms(language: str) -> None:
    table = licences_table(SITE, SITE.page(SITE.docs / language / "reference" / "licences.md"))
    for work in works(SITE):
        assert work.licence and f"| {work.name} | {work.version} | {work.licence} |" in table


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n$\\hat y$", "\n<!-- build: nothing -->\n\n$\\hat y$", "nobody generates 'nothing'"),
        ("description:", "prerequisites: [gone]\ndescription:", "'gone' is no page"),
    ],
)
def test_a_wrong_request_is_a_build_fault(
    old: str, new: str, message: str, content: Project
) -> None:
    content.replace(old, new)
    assert message in "\n".join(map(str, build_faults(content.site)))


def test_the_table_of_labs_is_what_the_labs_printed() -> None:
    for language, ours in (("zh", "本站：RMSE"), ("en", "ours: RMSE")):
        table = labs_table(SITE, SITE.read("# A\n", SITE.docs / language / "labs.md"))
        rows = table.splitlines()[2:]
        labs = SITE.labs_of(language)
        assert len(rows) == len(labs)
        assert "](labs/house-prices.py)" in rows[0]
        assert ours in rows[0]
        for lab in labs:
            for _, value in results(lab, SITE.labs.run_of(lab)):
                assert value in table


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_says_how_long_the_chapters_take(language: str) -> None:
    taken = {
        page.name: minutes(page) for page in SITE.in_reading_order(language) if page.is_chapter
    }
    labs = {name for name in taken if name.startswith("labs/")}
    assert 270 <= sum(taken[name] for name in taken.keys() - labs) <= 330  # about five hours
    assert taken["intro"] == 10
    networks = ("activations", "regularization", "training", "labs/house-prices")
    of_activations = 5  # on the short path
    assert 80 <= sum(taken[name] for name in networks) - of_activations < 120  # not quite two hours
    assert 45 <= taken["cnn"] + taken["labs/digits"] < 60  # not quite an hour
    transformers = ("bptt", "clipping", "lstm", "training", "attention", "activations", "rnn")
    short_path = of_activations + 5 + 10
    way = sum(taken[name] for name in transformers) - short_path
    assert 105 <= way <= 135  # about two hours
