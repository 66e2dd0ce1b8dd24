"""The search of the built site, asked by its own worker in Node.js, as students type."""

import json
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.formulas.katex import node
from engine.paths import FOLDERS, LANGUAGES, check_page_of
from engine.reading.addresses import address_of
from tests.conftest import SITE, BuiltSite

HERE = Path(__file__).parent
QUERIES: dict[str, dict[str, str]] = yaml.safe_load((HERE / "queries.yml").read_text("utf-8"))

#: The share of questions whose page has to be among the first results, and how many these are.
SHARE, FIRST = 0.95, 3

#: The same of equations that are pasted whole.
OF_TEX = 0.95

Results = list[list[dict[str, Any]]]
Ask = Callable[[str], dict[str, Results]]


def equations(language: str) -> dict[str, tuple[str, str]]:
    """Of every fourth tag, the page that has the equation and its TeX: to ask all takes long."""
    found = [
        (formula.tag, (page.name, formula.without_tag))
        for page in map(SITE.page, SITE.sources(language))
        for formula in page.display_formulas
        if formula.tag
    ]
    return dict(found[::4])


def copied() -> list[tuple[str, str]]:
    """The page and the TeX of some equations, as a reader pastes it."""
    return list(equations("en").values())[::3]


@pytest.fixture(scope="module")
def ask(built_site: BuiltSite) -> Ask:
    """All questions of a language at once, since to build the index takes longer than to ask."""
    [worker] = built_site.folder.glob("assets/javascripts/workers/search.*.min.js")

    @cache
    def answers(language: str) -> dict[str, Results]:
        index = built_site.folder / FOLDERS[language] / "search/search_index.json"
        asked = [*map(str, QUERIES[language]), *equations(language), *MORE]
        if language == "en":
            asked += [tex for _, tex in copied()]
        run = subprocess.run(
            [node(), str(HERE / "ask.cjs"), str(worker), str(index)],
            input=json.dumps(asked),
            capture_output=True,
            encoding="utf-8",
        )
        assert run.returncode == 0, run.stderr
        return dict(zip(asked, json.loads(run.stdout), strict=True))

    return answers


#: Asked for what is shown and marked, not for its rank.
MORE = (
    "梯度裁剪",
    "x",
    "drop out",
    "colour",
    '"gradient clipping" -lstm',
    "zzzzzzzz",
    ":",
    "\\",
    "",
)


def pages_of(results: Results) -> list[str]:
    return [found[0]["location"].partition("#")[0] for found in results]


def rank(results: Results, *names: str) -> int | None:
    """The place of the first of the pages among the results, from 1; None if none is there."""
    wanted = {address_of(name) for name in names}
    return next((n for n, page in enumerate(pages_of(results), 1) if page in wanted), None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wanted_page_is_among_the_first_results(language: str, ask: Ask) -> None:
    answers = ask(language)
    ranks = {
        query: rank(answers[str(query)], *re.split(r",\s*", wanted))
        for query, wanted in QUERIES[language].items()
    }
    missed = {query: place for query, place in ranks.items() if not place or place > FIRST}
    assert len(ranks) >= 120
    assert len(missed) <= (1 - SHARE) * len(ranks), missed


def test_the_table_asks_for_pages_that_there_are() -> None:
    named = {n for table in QUERIES.values() for cell in table.values() for n in cell.split(", ")}
    assert named <= set(SITE.names())


@pytest.mark.parametrize("language", LANGUAGES)
def test_equations_are_found_by_their_tags(language: str, ask: Ask) -> None:
    answers = ask(language)
    wrong = {
        tag: pages_of(answers[tag])[:3]
        for tag, (name, _) in equations(language).items()
        if rank(answers[tag], name) != 1
    }
    assert wrong == {}


def test_equations_are_found_by_their_tex(ask: Ask) -> None:
    answers = ask("en")
    found = [rank(answers[tex], name, check_page_of(name)) for name, tex in copied()]
    among_first = [place for place in found if place and place <= FIRST]
    assert len(among_first) >= OF_TEX * len(found), (len(among_first), len(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_result_shows_tex_or_imports(language: str, ask: Ask) -> None:
    for query, results in ask(language).items():
        for entry in (entry for found in results[:10] for entry in found[:3]):
            shown = entry["title"] + re.sub(r"<pre>.*?</pre>", "", entry["text"], flags=re.S)
            assert not re.search(r"\\[a-zA-Z]{2}|[_^]\{|\ue000", shown), (query, shown)
            assert not re.search(r"^(?:import|from) \w", entry["text"], re.M), (query, entry)


def test_marks_are_whole_words_and_stand_once(ask: Ask) -> None:
    answers = ask("zh")
    first = answers["梯度裁剪"][0][0]
    assert "<mark>梯度裁剪</mark>" in first["title"]
    for results in answers.values():
        for entry in (entry for found in results[:5] for entry in found[:2]):
            assert "<mark><mark>" not in entry["title"] + entry["text"]
            assert entry["title"].count("<mark>") == entry["title"].count("</mark>")


def test_other_spellings_wishes_and_nonsense(ask: Ask) -> None:
    answers = ask("en")
    assert answers["drop out"][0][0]["location"] == "regularization/#dropout"
    assert "colours" in answers["colour"][0][0]["terms"]
    unwanted = pages_of(answers['"gradient clipping" -lstm'])
    assert unwanted[0] == "clipping/" and "lstm/" not in unwanted
    assert answers["zzzzzzzz"] == answers[":"] == answers["\\"] == answers[""] == []
