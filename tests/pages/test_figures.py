"""The drawings use the colours of the theme, and show the examples that the pages compute."""

import ast
import builtins
import contextlib
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from engine.paths import LANGUAGES
from figures import palette
from tests.conftest import ROOT, SITE

STYLES = (ROOT / "theme" / "assets" / "site.css").read_text(encoding="utf-8")
SCHEMES = ("default", "slate")


def colours_of(scheme: str, styles: str) -> set[str]:
    """The names that the theme gives a value in the light or in the dark palette."""
    rules = re.findall(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', styles, re.S)
    return set(re.findall(r"--figure-([\w-]+):", "".join(rules)))


def differing(styles: str) -> set[str]:
    """The colours that not all of figures/palette.py and both palettes of the theme have."""
    sets = [set(palette.NAMES.values()), *(colours_of(scheme, styles) for scheme in SCHEMES)]
    return set.union(*sets) - set.intersection(*sets)


def test_the_theme_has_the_colours_of_the_palette_and_no_others():
    assert differing(STYLES) == set()


def test_each_colour_has_its_name_and_a_value_of_its_own():
    constants = {name: value for name, value in vars(palette).items() if isinstance(value, str)}
    colours = {name.lower(): value for name, value in constants.items() if name.isupper()}
    assert {value: name for name, value in colours.items()} == palette.NAMES
    assert len(palette.NAMES) == len(colours)


@pytest.mark.parametrize("name", palette.NAMES.values())
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_colour_that_one_palette_of_the_theme_calls_otherwise_is_found(scheme, name):
    before, start, rest = STYLES.partition(f'[data-md-color-scheme="{scheme}"]')
    renamed = rest.replace(f"--figure-{name}:", "--figure-other:", 1)
    assert differing(before + start + renamed) == {name, "other"}


#: What a page and its module in figures/ both hold, by chapter: an expression in the names of the
#: page, and one in those of the module. The first is asked at the end of the first fence by which
#: the page has bound all of its names.
EXAMPLES = {
    "activations": {
        "X, Y": "digits()",
        "shifted(0.5)": "shifted(0.5)",
        "[gain for _, _, gain in networks.values()][:5]": "[gain for *_, gain, _, _ in DEEP]",
        "init([3, 4, 2], 2, np.random.default_rng(0))": "init([3, 4, 2], 2)",
    },
    "attention": {
        "K, V, q": "K, V, QUERY",
        "copying(5, 2, np.random.default_rng(0))": "copying(5, 2, np.random.default_rng(0))",
        "list(trained.values())": "list(trained(10).values())",
    },
    "backprop": {"W1, W2, x, y, lam": "W1, W2, X, Y, LAM"},
    "bias": {
        "X, y": "flowers()",
        "fit_without_bias(X, y, 0.5, 20)": "without_bias(*flowers(), 0.5, 20)",
        "penalised(X, y, bias_too)": "penalised(*flowers(), np.full(3, 0.01))",
    },
    "bptt": {
        "W_hh, W_hx, W_qh, xs, ys, h_0": "W_HH, W_HX, W_QH, XS, YS, H_0",
        "memory_task(3, 0)": "memory_task(3, 0)",
        "random_network(12, 2, 6, 1, 8, 1.5)[2]['W_hh']": (
            "random_network(12, 2, 6, 8, 1.5)[0].W_hh"
        ),
    },
    "clipping": {
        "W": "W",
        "norms_back(0.8, 'tanh')": "norms_back(0.8, 'tanh')",
        "jacobians(**shortcut)[90]": "cures_by_name()['shortcut'][90]",
        "jacobians(W_8, none, gamma=0.02)[50]": "cures_by_name()['slow'][50]",
        "TEXT, T": "TEXT, T",
        "[s.loss for s in train(nothing, steps=5)]": "losses(lambda grads: grads, 5)",
        "cliff(1.2), slope(1.2), w": (
            "cliff_loss(START), cliff_slope(START), START - RATE * cliff_slope(START)"
        ),
    },
    "cnn": {
        "I": "PICTURE",
        "K": "SOBEL",
        "stamp": "STAMP",
        "grey": "small_photo()",
    },
    "computation-graph": {
        "{name: node.value for name, node in nodes.items()}": (
            "{name: node.value for node, name in example().names.items()}"
        ),
        "[w_j.value for w_j in w], bias.value, samples": "WEIGHTS, BIAS, SAMPLES",
    },
    "gru": {
        "params, x, h": "PARAMS, X, H",
        "update_gates(train(run_gru, init(2, 9, np.random.default_rng(2)), 0.2)[1])": (
            "shares_written()[-1]"
        ),
    },
    "intro": {"errors": "errors()"},
    "logistic": {
        "X_two, w, b": "X, W, B",
        "learn(by_squares, 0.5, 10)": "learn(by_squares, 0.5, 10)[-1]",
        "fit(two, benign, 5, steps=500)[0]": "fit(*tumours(), 5, 500)[0]",
    },
    "lstm": {
        "params, x, h, c": "PARAMS, X, H, C",
        "xs, zero": "INPUTS, np.zeros(2)",
        "recall(4, np.random.default_rng(0))": "recall(4, np.random.default_rng(0))",
    },
    "regularization": {
        "[X, X_val, X_test], [y, y_val, y_test]": "data()[:2]",
        "mse(np.ones(10), X_val, y_val)": "mse(np.ones(10), 1)",
    },
    "rnn": {
        "w, b, w_out, b_out": "W, B, W_OUT, B_OUT",
        "xs": "XS",
        "text, letters": "TEXT, LETTERS",
    },
    "training": {
        "[X, Y, X_val, Y_val]": "[*data()]",
        "SIZES": "SIZES",
        "cost(train(adam, 0.01, 0, steps=5), X_val, Y_val)": (
            "cost(train('Adam', 0.01, 0, 5)[0], *data()[2:])"
        ),
    },
    "three-layers": {"weights": "EXAMPLE", "x1, x2, t": "X1, X2, T", "eta": "ETA"},
}

#: The pages whose drawings repeat no code: the map of chapters, and the labs' data.
WITHOUT_EXAMPLE = {"index", "labs"}

ROWS = [
    pytest.param(chapter, on_page, drawn, id=f"{chapter}: {on_page}")
    for chapter, rows in EXAMPLES.items()
    for on_page, drawn in rows.items()
]


def module_of(chapter):
    return import_module(f"figures.{chapter.replace('-', '_')}")


def names_of(node: ast.AST, context: type) -> set[str]:
    """The names that a piece of code loads or binds outside its functions and comprehensions."""
    inner = {
        name.id
        for part in ast.walk(node)
        if isinstance(part, ast.comprehension)
        for name in ast.walk(part.target)
        if isinstance(name, ast.Name)
    }
    inner |= {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    found = {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, context)
    }
    return found - inner


def bound_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name for alias in statement.names}
    return names_of(statement, ast.Store)


def needed_by(statement: ast.stmt) -> set[str]:
    loaded = names_of(statement, ast.Load)
    if isinstance(statement, ast.FunctionDef):
        return loaded - names_of(statement, ast.Store)
    return loaded


def changed_by(statement: ast.stmt) -> set[str]:
    """The names whose values it changes in place, as ``do[-1] = 1`` does with ``do``."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    parts = [target.value for target in targets if isinstance(target, ast.Subscript)]
    return {part.id for part in parts if isinstance(part, ast.Name)}


@cache
def fences_of(path: Path) -> list[ast.Module]:
    """The code of a page's fences, without prompts and outputs."""
    codes = []
    for fence in SITE.page(path).python_fences:
        lines = fence.source.split("\n")
        if fence.is_session:
            lines = [line[4:] for line in lines if line.startswith((">>>", "..."))]
        codes.append(ast.parse("\n".join(lines)))
    return codes


def slice_for(expression: str, path: Path) -> list[ast.stmt]:
    """What a page runs for the names of an expression, up to the fence that binds the last."""
    asked = names_of(ast.parse(expression), ast.Load) - set(dir(builtins))
    before, missing = [], set(asked)
    for fence in fences_of(path):
        before += fence.body
        missing -= set.union(set(), *map(bound_by, fence.body))
        if not missing:
            break
    assert not missing, f"{path.name} binds no {missing}"
    kept = sliced(before, asked)
    # What a function or a class calls may be defined below it.
    while late := set.union(set(), *map(called_by, kept)) - asked:
        asked |= late
        kept = sliced(before, asked)
    return kept


def sliced(statements: list[ast.stmt], asked: set[str]) -> list[ast.stmt]:
    """The statements on which the last values of some names depend."""
    kept, needed = [], set(asked)
    for statement in reversed(statements):
        if needed & (bound_by(statement) | changed_by(statement)):
            kept.insert(0, statement)
            needed = needed - bound_by(statement) | needed_by(statement)
    return kept


def called_by(statement: ast.stmt) -> set[str]:
    is_definition = isinstance(statement, (ast.FunctionDef, ast.ClassDef))
    return needed_by(statement) if is_definition else set()


def value_on_page(expression: str, statements: list[ast.stmt]):
    names = {"__name__": "page"}
    exec(compile(ast.Module(statements, []), "page", "exec"), names)
    return eval(expression, names)


def assert_drawn(expression: str, statements: list[ast.stmt], drawn: str, chapter: str) -> None:
    shown = eval(drawn, vars(module_of(chapter)).copy())
    assert_same(value_on_page(expression, statements), shown)


def assert_same(left, right) -> None:
    """Equal, but for the last digits of what two orders of operations compute."""
    if isinstance(left, dict):
        assert left.keys() == right.keys()
        left, right = [left[key] for key in right], list(right.values())
    if isinstance(left, (list, tuple)):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_same(one, other)
    elif isinstance(left, str):
        assert left == right
    else:
        assert np.shape(left) == np.shape(right)
        np.testing.assert_allclose(left, right, rtol=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter, on_page, drawn", ROWS)
def test_a_drawing_shows_the_example_of_its_page(chapter, on_page, drawn, language):
    statements = slice_for(on_page, SITE.docs / language / f"{chapter}.md")
    assert_drawn(on_page, statements, drawn, chapter)


def test_no_page_with_drawings_is_left_out():
    pages = (SITE.docs / "en").glob("*.md")
    drawn = {path.stem for path in pages if SITE.page(path).figures}
    known = {*EXAMPLES, *WITHOUT_EXAMPLE}
    assert drawn == known, f"give a row in EXAMPLES, or none: {', '.join(drawn ^ known)}"


#: Examples that are given, not computed by a function of the page.
GIVEN = [row for row in ROWS if "(" not in row.values[1]]


def numbers_of(names: set[str], statements: list[ast.stmt]) -> list[ast.Constant]:
    """The numbers in the statements that bind some names."""
    parts = [p for s in statements if names & bound_by(s) for p in ast.walk(s)]
    return [p for p in parts if isinstance(p, ast.Constant) and type(p.value) in (int, float)]


@pytest.mark.parametrize("chapter, on_page, drawn", GIVEN)
def test_another_number_on_the_page_is_found(chapter, on_page, drawn):
    statements = slice_for(on_page, SITE.docs / "en" / f"{chapter}.md")
    assert_drawn(on_page, statements, drawn, chapter)
    unnoticed = []
    for number in numbers_of(names_of(ast.parse(on_page), ast.Load), statements):
        number.value += 1
        # Another value, or code that no longer runs.
        with contextlib.suppress(Exception):
            assert_drawn(on_page, statements, drawn, chapter)
            unnoticed.append(f"{number.value} in place of {number.value - 1}")
        number.value -= 1
    assert not unnoticed
