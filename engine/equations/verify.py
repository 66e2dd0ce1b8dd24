"""What it means for a check to pass; as a process, the one that evaluates checks.

A request names modules of ``checks/``; each is answered with the verdicts on its checks by tag,
or with what went wrong when it was imported. See engine/equations/equations.py for the other side.
"""

import ast
import importlib
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.child import answer, failure_of
from engine.equations.check import (
    DRAWS,
    RELATION_IN_TEX,
    Check,
    CheckSource,
    Sides,
    Verdict,
    without_result,
)
from engine.faults import Fault


def verify(check: Check, draws: int = DRAWS) -> Verdict:
    """Evaluate the check on ``draws`` seeds: right must hold always, each wrong fail mostly."""
    written = check.written
    try:
        results = [check.evaluate(np.random.default_rng(seed)) for seed in range(draws)]
        errors = [sides.error(sides.right) for sides in results]
        wrong = {name: [s.holds(s.wrong[name]) for s in results] for name in results[0].wrong}
    except (Exception, SystemExit) as error:
        told = f"it raises {type(error).__name__}: {error}"
        return without_result(written, written.fault(told, "mend the check"))
    rejected = tuple(name for name, held in wrong.items() if 2 * sum(held) <= draws)
    faults = [
        *_differing_sides(written, results, errors),
        *_blunt_wrong_sides(written, wrong, rejected),
        *_another_relation(written, results[0].relation),
        *_shared_sides(written),
    ]
    return Verdict(
        check.tag,
        results[0].relation,
        draws,
        max(errors),
        results[0].tolerance,
        rejected,
        tuple(faults),
    )


def _differing_sides(check: CheckSource, results: list[Sides], errors: list[float]) -> list[Fault]:
    allowed = results[0].tolerance
    missed = [seed for seed, sides in enumerate(results) if not sides.holds(sides.right)]
    if not missed:
        return []
    what = (
        f"the two sides differ on seed {missed[0]} (error {errors[missed[0]]:.2e}, "
        f"allowed {allowed:.0e})"
    )
    return [check.fault(what, "correct the equation on the pages, the code, or the check")]


def _blunt_wrong_sides(
    check: CheckSource, wrong: dict[str, list[bool]], rejected: tuple[str, ...]
) -> list[Fault]:
    """No wrong right-hand side, or such that pass."""
    if not wrong:
        remedy = "add one that must fail: wrong={'…': …}"
        return [check.fault("no wrong right-hand side", remedy)]
    return [
        check.fault(
            f"the wrong right-hand side {name!r} passes on {sum(held)} of {len(held)} seeds",
            "choose inputs on which this mistake shows, or a mistake that matters",
        )
        for name, held in wrong.items()
        if name not in rejected
    ]


def _another_relation(check: CheckSource, relation: str) -> list[Fault]:
    if any(sign in check.tex for sign in RELATION_IN_TEX[relation]):
        return []
    what = f"it tests “{relation}”, which its formula does not state"
    return [check.fault(what, "use equals, at_most or close as the formula has it")]


def _shared_sides(check: CheckSource) -> list[Fault]:
    shared = shared_functions(check)
    if not shared:
        return []
    remedy = "compute one side independently: a central difference, SciPy, a plain loop"
    return [check.fault(f"both sides call {', '.join(sorted(shared))}", remedy)]


def shared_functions(check: CheckSource) -> set[str]:
    """Functions of ``snippets`` that the left and the right side of a check both depend on.

    ``gradient_check`` is excepted: a numerical derivative may stand on one side while its
    function stands on both only if that function is not one of the snippets'.
    """
    tree = ast.parse(textwrap.dedent(check.source))
    under_test = _imported_snippets(check.path.read_text(encoding="utf-8"))
    assigned: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        assigned.setdefault(name.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            if isinstance(node.target, ast.Name):
                assigned.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.FunctionDef):
            assigned.setdefault(node.name, []).extend(node.body)

    def reached(side: ast.AST) -> set[str]:
        names: set[str] = set()
        queue = [side]
        while queue:
            for name in _names(queue.pop()):
                if name not in names:
                    names.add(name)
                    queue.extend(assigned.get(name, []))
        return names & under_test

    shared: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in {"equals", "at_most", "close"}:
            given: dict[str | None, ast.AST] = dict(zip(("left", "right"), call.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in call.keywords}
            if "left" in given and "right" in given:
                shared |= reached(given["left"]) & reached(given["right"])
    return shared


def _names(node: ast.AST) -> Iterator[str]:
    return (child.id for child in ast.walk(node) if isinstance(child, ast.Name))


@cache  # a module is read for each of its checks
def _imported_snippets(code: str) -> set[str]:
    """Names some code takes from ``snippets``, the gradient checker's excepted."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").split(".")[0] == "snippets"
            and node.module != "snippets.gradient_check"
        ):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def marked_in(module_name: str) -> list[Check]:
    """The checks of a module of ``checks/``, which is imported. Raises what its code raises."""
    module = importlib.import_module(f"checks.{module_name}")
    return [
        Check(function.tag, function)
        for function in vars(module).values()
        if hasattr(function, "tag") and getattr(function, "__module__", "") == module.__name__
    ]


def verify_all(request: list[str]) -> Iterator[dict[str, Any]]:
    """Answer for each module: its verdicts by tag, or its failure."""
    for module in request:
        yield {"begun": module}
        try:
            checks = marked_in(module)
        except (Exception, SystemExit) as error:
            yield {"module": module, "failure": asdict(failure_of(error, Path.cwd()))}
        else:
            verdicts = {check.tag: verify(check).as_json() for check in checks}
            yield {"module": module, "verdicts": verdicts}


if __name__ == "__main__":
    answer(verify_all)
