"""Chinese pages show the snippets with Chinese comments, around the code that is tested."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.commands import comments as command
from engine.downloads.notebooks import as_script, to_take_away
from engine.faults import FaultsFound
from engine.mutants.mutate import SECTION
from engine.reading import sources
from engine.reading.catalogues import entries
from engine.reading.comments import comments_of, with_words, without_docstrings
from engine.reading.lines import Line, Origin, expand
from engine.rules.comments import comments_of_all, comments_shown, modules_of
from engine.running.example_faults import example_faults
from tests.conftest import SITE
from tests.small_site import SmallSite

MODULE = '''"""A module."""

# --8<-- [start:half]
def half(x):
    """Half of x_0, by (a.1).

    ValueError if x is 0.
    """
    if x == 0:  # 0 has none
        raise ValueError("no half")
    return x / 2  # (a.1)


# --8<-- [end:half]
'''

HALF = "Half of x_0, by (a.1).\n\nValueError if x is 0."
WORDS = {
    "A module.": "一个模块。",
    HALF: "由 (a.1) 得 x_0 的一半；x 为 0 时 ValueError。",
    "0 has none": "0 没有一半",
}

PAGE = '# A {#a}\n\n```python\n--8<-- "a.py:half"\n```\n'


def catalogue(words: dict[str, str]) -> str:
    """A catalogue that has these texts."""

    def quoted(text: str) -> str:
        return '"' + text.replace("\n", "\\n") + '"'

    return "\n".join(
        f"msgid {quoted(english)}\nmsgstr {quoted(text)}\n" for english, text in words.items()
    )


def site_at(root: Path) -> SmallSite:
    site = SmallSite(root)
    site.both("a", PAGE)
    site.write("snippets/a.py", MODULE)
    site.write("snippets/zh/a.po", catalogue(WORDS))
    return site


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return site_at(tmp_path)


def shown(site: SmallSite, language: str) -> str:
    return site.page(site.docs / language / "a.md").fences[0].source


def code_of(lines: list[str]) -> list[tuple[str, int]]:
    """The tokens of some code, its comments and docstrings aside, each with its line from 0."""
    source = "\n".join(lines)
    docstrings = {
        node.value.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    left_out = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    return [
        (token.string, token.start[0] - 1)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in left_out
        and not (token.type == tokenize.STRING and token.start[0] in docstrings)
    ]


def sections(module: Path) -> list[str]:
    found = map(SECTION.match, sources.read(module).split("\n"))
    return [mark["name"] for mark in found if mark and mark["mark"] == "start"]


def section(module: Path, name: str, language: str) -> list[Line]:
    include = Line.at(f'--8<-- "{module.name}:{name}"', Origin(module, 1))
    lines, faults = expand([include], module.parent, language)
    assert not faults
    return lines


SECTIONS = [(module, name) for module in modules_of(SITE) for name in sections(module)]


@pytest.mark.parametrize(("module", "name"), SECTIONS, ids=lambda part: getattr(part, "stem", part))
def test_a_section_has_the_same_code_in_both_languages(module: Path, name: str) -> None:
    chinese, english = (section(module, name, language) for language in ("zh", "en"))
    ours, theirs = (code_of(list(map(str, lines))) for lines in (chinese, english))
    assert [text for text, _ in ours] == [text for text, _ in theirs]
    # A fault in the code is told at the line of the module in which it stands.
    assert [chinese[n].origin.line for _, n in ours] == [english[n].origin.line for _, n in theirs]


TEXTS = st.text(st.sampled_from("中文，。x0 \n\\\"'#{}%"), max_size=30)


@settings(deadline=None)  # under load, one module takes longer than a fifth of a second
@given(module=st.sampled_from(modules_of(SITE)), texts=st.lists(TEXTS, min_size=1, max_size=9))
def test_no_words_change_the_code(module: Path, texts: list[str]) -> None:
    lines = sources.read(module).split("\n")
    given_words = iter(texts * len(lines))
    made = with_words(lines, lambda _: next(given_words))
    written = [line for line, _ in made]
    assert [(text, made[n][1]) for text, n in code_of(written)] == code_of(lines)
    ours, theirs = (without_docstrings(ast.parse("\n".join(text))) for text in (written, lines))
    assert ast.dump(ours) == ast.dump(theirs)


def test_the_words_stand_where_the_english_ones_do(site: SmallSite) -> None:
    assert shown(site, "en") == MODULE.partition("half]\n")[2].partition("\n\n\n# --8")[0] + "\n\n"
    assert shown(site, "zh").split("\n")[:4] == [
        "def half(x):",
        '    """由 (a.1) 得 x_0 的一半；x 为 0 时 ValueError。"""',
        "    if x == 0:  # 0 没有一半",
        '        raise ValueError("no half")',
    ]


def test_docstrings_and_comments_are_found() -> None:
    source = '"""A."""\n# one\n# two\n\nx = "# no"  # three\n\nclass B:\n    """B.\n\n    C."""\n'
    assert [comment.text for comment in comments_of(source)] == [
        "A.", "one\ntwo", "three", "B.\n\nC."
    ]  # fmt: skip
    words = {"A.": "甲。\n乙。", "one\ntwo": "一", "three": "三", "B.\n\nC.": "丙。"}
    made = with_words(source.split("\n"), lambda text: words[text])
    assert "\n".join(line for line, _ in made) == (
        '"""甲。\n乙。\n"""\n# 一\n\nx = "# no"  # 三\n\nclass B:\n    """丙。"""\n'
    )
    assert [number for _, number in made] == [0, 0, 0, 1, 3, 4, 5, 6, 7, 10]
    assert comments_of("def :") == []
    assert with_words(["x = 1  # noqa: E501"], lambda _: "y") == [("x = 1  # noqa: E501", 0)]


def test_an_error_is_told_at_its_line_of_the_module(site: SmallSite) -> None:
    site.both("a", PAGE + "\n```pycon\n>>> print(half(0))\n0\n```\n")
    for language in ("zh", "en"):
        (fault,) = example_faults(site, site.page(site.docs / language / "a.md"))
        assert fault.message == "ValueError: no half (snippets/a.py:10)"


def test_a_change_of_a_catalogue_is_read(site: SmallSite) -> None:
    assert "0 没有一半" in shown(site, "zh")
    site.replace("snippets/zh/a.po", "0 没有一半", "0 无一半可言")
    assert "0 无一半可言" in shown(site, "zh")


#: What is changed, and what is said of it.
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "without Chinese": (
        "snippets/zh/a.po", 'msgstr "0 没有一半"', 'msgstr ""',
        "snippets/zh/a.po:7: '0 has none' has no Chinese text",
    ),
    "not in the catalogue": (
        "snippets/a.py", "# 0 has none", "# 0 has no half",
        "snippets/a.py:9: '0 has no half' has no Chinese text",
    ),
    "stale": (
        "snippets/a.py", "# 0 has none", "# (a.1)",
        "snippets/zh/a.po:7: no comment of snippets/a.py says '0 has none'",
    ),
    "fuzzy": (
        "snippets/zh/a.po", 'msgid "0 has', '#, fuzzy\nmsgid "0 has',
        "snippets/zh/a.po:8: the English text is new, or has changed: '0 has none'",
    ),
    "without the tag": (
        "snippets/zh/a.po", "由 (a.1) 得", "",
        "snippets/zh/a.po:4: 'x_0 的一半；x 为 0 时 ValueError。' lacks (a.1) of the English text",
    ),
    "another tag": ("snippets/zh/a.po", "由 (a.1)", "由 (a.2)", "has (a.2), and the English"),
    "without the exception": ("snippets/zh/a.po", " ValueError。", "出错。", "lacks ValueError of"),
    "without the symbol": ("snippets/zh/a.po", "x_0 的", "它的", "lacks x_0 of the English text"),
    "another number": ("snippets/zh/a.po", "0 没有一半", "0 没有 1/2", "has 1, 2, and the English"),
    "in English": ("snippets/zh/a.po", "0 没有一半", "0 has none", "is in English: has, none"),
    "too wide": (
        "snippets/zh/a.po", "0 没有一半", f"0 {'没有' * 14}一半",
        "makes a line of 80 columns\n    → break it",
    ),
}  # fmt: skip


def told(site: SmallSite) -> list[str]:
    return list(map(str, comments_shown(site, site.page(site.docs / "zh" / "a.md"))))


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_found(mistake: str, site: SmallSite) -> None:
    file, old, new, message = BROKEN[mistake]
    assert told(site) == []
    site.replace(file, old, new)
    assert any(message in fault for fault in told(site)), told(site)
    assert set(told(site)) == set(map(str, comments_of_all(site)))


def test_an_english_page_needs_no_catalogue(site: SmallSite) -> None:
    site.write("snippets/zh/a.po", "broken")
    page = site.page(site.docs / "en" / "a.md")
    assert comments_shown(site, page) == page.faults == []
    faults = site.page(site.docs / "zh" / "a.md").faults
    assert str(faults[0]).startswith("snippets/zh/a.po:1: this is no catalogue")


def test_a_catalogue_without_a_module_is_found(site: SmallSite) -> None:
    site.write("snippets/zh/b.po", "")
    assert [str(fault) for fault in comments_of_all(site)] == [
        "snippets/zh/b.po:1: this catalogue belongs to no module\n    → delete it"
    ]


def renewed(site: SmallSite, monkeypatch: pytest.MonkeyPatch, *modules: str) -> int:
    monkeypatch.chdir(site.root)
    return command.main(list(modules))


def test_what_lacks_is_written_and_the_rest_is_kept(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site.replace("snippets/a.py", "# (a.1)\n", "# the half itself\n")
    site.replace("snippets/a.py", "ValueError if x is 0.", "ValueError if x is equal to 0.")
    site.write("snippets/b.py", "x = 1  # one number\n")
    assert renewed(site, monkeypatch) == 0
    assert capsys.readouterr().out == "wrote snippets/zh/a.po\nwrote snippets/zh/b.po\n"
    found = {one.english: (one.text, one.sure) for one in entries(site.snippets / "zh" / "a.po")}
    assert found == {
        "A module.": ("一个模块。", True),
        HALF.replace("is 0", "is equal to 0"): (
            WORDS[HALF], False,
        ),
        "0 has none": ("0 没有一半", True),
        "the half itself": ("", True),
    }  # fmt: skip
    before = site.snippets.joinpath("zh", "a.po").read_text(encoding="utf-8")
    assert re.match(r'msgid ""\nmsgstr ""\n"Language: zh\\n"\n', before)
    assert renewed(site, monkeypatch, "a") == 0
    assert capsys.readouterr().out == ""
    assert site.snippets.joinpath("zh", "a.po").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("modules", "text", "message"),
    [
        (["c"], catalogue(WORDS), "no module of snippets is called c\n    → name one of a"),
        ([], "x", "this is no catalogue"),
    ],
)
def test_what_cannot_be_written_is_one_clear_error(
    modules: list[str], text: str, message: str, site: SmallSite,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    site.write("snippets/zh/a.po", text)
    assert renewed(site, monkeypatch, *modules) == 2
    assert message in capsys.readouterr().err


def test_a_lab_brings_its_snippets_along_in_chinese() -> None:
    page = next(lab for lab in SITE.labs_of("zh") if lab.name == "labs/memory")
    script = as_script(to_take_away(page, SITE, "x", None))
    assert "要求 0 ≤ t ≤ T，否则抛出 ValueError。" in script


def test_a_catalogue_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text('msgid "a"\nmsgstr "b"\n\nwhat\n', encoding="utf-8")
    with pytest.raises(FaultsFound, match=r"a\.po:4: this is no catalogue"):
        entries(path)
