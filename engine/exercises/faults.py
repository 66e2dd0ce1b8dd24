"""What holds of exercises that the reader answers in code, and of the judges of their answers."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from engine.exercises.stubs import Stub, stubs_of
from engine.faults import Fault
from engine.paths import module_of, shown
from engine.reading.page import Page
from engine.site import Site

#: So many exercises of a chapter at least are answered in code.
LEAST = 2

#: The part on common mistakes, in which one of them stands.
MISTAKES = "goes-wrong"

#: What a module of judges binds to the name of an exercise.
EXERCISE = "Exercise"

#: The modules of ``judges/`` that belong to no page.
SHARED = ("__init__", "comparing", "judging", "messages", "running", "tools")

FORM = '```{.python data-exercise="name"} with the function of that name and a gap, ...'


def exercise_faults(site: Site, page: Page) -> list[Fault]:
    """Stubs that nobody judges or solves, judges without a stub, and chapters with too few."""
    stubs = stubs_of(page)
    module = site.judges / f"{module_of(page.name)}.py"
    judges = _judges(site, module)
    faults = [fault for stub in stubs for fault in _stub(stub, judges, module)]
    for name, number in Counter(stub.name for stub in stubs).items():
        if number > 1:
            origin = [stub for stub in stubs if stub.name == name][-1].fence.origin
            what = f"{number} stubs of this page are called {name!r}"
            remedy = "give each a function of another name, and a judge"
            faults.append(Fault(origin.path, origin.line, what, remedy))
    for name, line in judges.items():
        if name not in [stub.name for stub in stubs]:
            what = f"no stub of the page {page.name!r} asks for {name}, which is judged here"
            remedy = f"write it in the section of its exercise, {FORM}; or take the judge out"
            faults.append(Fault(module, line, what, remedy))
    if page.is_chapter and not page.is_lab and len(stubs) < LEAST:
        what = f"the chapter has {len(stubs)} stubs, and at least {LEAST} exercises are answered "
        remedy = (
            f"let the reader write a function: in the exercise a stub, {FORM}; the function in its "
            f'??? success "…"; and name = Exercise(…) in {shown(module)}'
        )
        faults.append(Fault(page.path, 1, f"{what}in code", remedy))
    return [*faults, *_nothing_to_mend(page, stubs)]


def judges_without_page(site: Site) -> list[Fault]:
    """Modules of ``judges/`` that belong to no page."""
    modules = {module_of(name) for name in site.names()} | {*SHARED}
    return [
        Fault(path, 1, "these judges belong to no page", "call the module after a page")
        for path in sorted(site.judges.glob("*.py"))
        if path.stem not in modules
    ]


def _nothing_to_mend(page: Page, stubs: list[Stub]) -> Iterator[Fault]:
    """A part on common mistakes in which the reader mends none."""
    heading = next((h for h in page.headings if h.anchor == MISTAKES), None)
    if heading is None:
        return
    lines = {block.first + 1 for block in page.part(MISTAKES) if block.kind == "code"}
    if lines.isdisjoint(stub.fence.first for stub in stubs):
        what = f"nothing is mended in the part {{#{MISTAKES}}}"
        remedy = (
            f"let the reader mend one of its mistakes: at its end ### … {{#exercise-mend}}, {FORM}"
        )
        yield Fault(heading.origin.path, heading.origin.line, what, remedy)


def _stub(stub: Stub, judges: dict[str, int], module: Path) -> Iterator[Fault]:
    origin = stub.fence.origin

    def fault(what: str, remedy: str) -> Fault:
        return Fault(origin.path, origin.line, what, remedy)

    if stub.given is None:
        what = f"the stub {stub.name!r} does not define the function {stub.name}"
        yield fault(what, f"write it as Python that can be read: def {stub.name}(…)")
        return
    if stub.name not in judges:
        what = f"nobody judges the stub {stub.name!r}"
        yield fault(what, f"write {stub.name} = {EXERCISE}(…) into {shown(module)}")
    if stub.solution is None:
        what = f"no folded solution in the section of the stub {stub.name!r} defines its function"
        yield fault(what, f'write def {stub.name}(…) into a ??? success "…" of the same section')
    elif stub.solution.signature != stub.given.signature:
        line = stub.solution.line.origin
        what = f"the solution defines {stub.solution.signature}, its stub {stub.given.signature}"
        yield Fault(line.path, line.line, what, "give both the same parameters")


def _judges(site: Site, module: Path) -> dict[str, int]:
    """The exercises that a module judges, each with its line."""
    try:
        tree = site.modules.code(module)
    except (FileNotFoundError, SyntaxError):  # whoever runs it will say so
        return {}
    return {
        target.id: node.lineno
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id == EXERCISE
        for target in node.targets
        if isinstance(target, ast.Name)
    }
