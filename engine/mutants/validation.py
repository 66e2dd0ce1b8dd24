"""Which parts of the snippets only check what they are given: raises, and what only leads to them.

A call is followed into the snippets: what is given to a parameter that only a check reads belongs
to the check, and so does a statement that only calls one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

#: Calls that give the same numbers in another form.
CONVERSIONS = frozenset(
    {"asarray", "asanyarray", "array", "atleast_1d", "broadcast_to", "reshape", "int", "float"}
)


@dataclass
class _Function:
    """A function of the snippets, and what is known of it so far.

    ``idle`` are the parameters that only its checks read. ``only_checks`` is one that does nothing
    else; ``converts`` is one that else only converts and returns what it is given. ``gives`` is one
    that returns something: whoever drops that has called it for its checks.
    """

    node: ast.FunctionDef
    idle: set[str] = field(default_factory=set)
    only_checks: bool = False
    converts: bool = False

    @property
    def gives(self) -> bool:
        return any(isinstance(node, ast.Return) and node.value for node in ast.walk(self.node))


class Validation:
    """Of several modules, given as trees by their names, the nodes that only check."""

    def __init__(self, modules: Mapping[str, ast.Module]) -> None:
        self._nodes: set[ast.AST] = set()
        self._functions = {
            name: {n.name: _Function(n) for n in tree.body if isinstance(n, ast.FunctionDef)}
            for name, tree in modules.items()
        }
        self._known = {name: self._seen_from(name, tree) for name, tree in modules.items()}
        before = -1
        while before != len(self._nodes):  # what is known of one function tells more of others
            before = len(self._nodes)
            for name, tree in modules.items():
                for node in ast.walk(tree):
                    if isinstance(node, ast.FunctionDef):
                        self._look_at(node, self._known[name])

    def __contains__(self, node: ast.AST) -> bool:
        return node in self._nodes

    def _seen_from(self, name: str, tree: ast.Module) -> dict[str, _Function]:
        """The functions that a module can call by a name alone."""
        known = dict(self._functions[name])
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                there = self._functions.get(node.module.rpartition(".")[2], {})
                names = [alias.name for alias in node.names]
                known |= {found: there[found] for found in names if found in there}
        return known

    def _look_at(self, function: ast.FunctionDef, known: dict[str, _Function]) -> None:
        anywhere = _names_read(ast.walk(function))
        before = -1
        while before != len(self._nodes):
            before = len(self._nodes)
            read = _names_read(self._rest(function))
            idle = anywhere - read
            for node in self._rest(function):
                if isinstance(node, ast.stmt) and self._checks(node, idle, known):
                    self._nodes.update(ast.walk(node))
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    for argument in _idle_arguments(node, known.get(node.func.id)):
                        self._nodes.update(ast.walk(argument))
        mine = known.get(function.name)
        if mine and mine.node is function:
            read = _names_read(self._rest(function))
            mine.idle = {name for name in _parameters(function) if name not in read}
            for parameter, default in _defaults(function):
                if parameter.arg in mine.idle:
                    self._nodes.update(ast.walk(default))
            rest = [s for s in function.body if s not in self._nodes and not _is_text(s)]
            mine.only_checks = not rest
            mine.converts = len(rest) < len(function.body) and all(map(_converts, rest))

    def _rest(self, node: ast.AST) -> Iterator[ast.AST]:
        """What is below a node and not known to check."""
        for child in ast.iter_child_nodes(node):
            if child not in self._nodes:
                yield child
                yield from self._rest(child)

    def _checks(self, node: ast.stmt, idle: set[str], known: dict[str, _Function]) -> bool:
        match node:
            case ast.Raise():
                return True
            case ast.If() | ast.For() | ast.While():
                return all(
                    inner in self._nodes or self._checks(inner, idle, known)
                    for inner in (*node.body, *node.orelse)
                )
            case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
                return name in known and (known[name].only_checks or known[name].gives)
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                names = _names(target)
                if names and names <= idle:
                    return True
                return node.value is not None and (
                    _is_itself_as_array(target, node.value) or _gives_back(node.value, names, known)
                )
        return False


def _names_read(nodes: Iterable[ast.AST]) -> set[str]:
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _is_text(node: ast.stmt) -> bool:
    """Whether this is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parameters(function: ast.FunctionDef) -> list[str]:
    """Their names in order, then the one that takes all others."""
    taken = function.args
    names = [argument.arg for argument in (*taken.posonlyargs, *taken.args)]
    return [*names, *([taken.vararg.arg] if taken.vararg else ())]


def _defaults(function: ast.FunctionDef) -> Iterator[tuple[ast.arg, ast.expr]]:
    """The parameters that have a default, with it."""
    taken = function.args
    named = [*taken.posonlyargs, *taken.args]
    yield from zip(named[len(named) - len(taken.defaults) :], taken.defaults, strict=True)


def _idle_arguments(call: ast.Call, function: _Function | None) -> Iterator[ast.expr]:
    """What a call gives to parameters that only checks read."""
    if function is None:
        return
    names = _parameters(function.node)
    for place, argument in enumerate(call.args):
        if names and names[min(place, len(names) - 1)] in function.idle:
            yield argument
    for keyword in call.keywords:
        if keyword.arg in function.idle:
            yield keyword.value


def _names(target: ast.expr) -> set[str]:
    """The names that are assigned; none where something else is."""
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    names = {part.id for part in targets if isinstance(part, ast.Name)}
    return names if len(names) == len(targets) else set()


def _is_itself_as_array(target: ast.expr, value: ast.expr) -> bool:
    """Whether names are given back to themselves as arrays, ``x = np.asarray(x, float)``."""
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return len(targets) == len(parts) and all(map(_is_as_array, targets, parts))


def _is_as_array(target: ast.expr, value: ast.expr) -> bool:
    match target, value:
        case ast.Name(id=name), ast.Call(func=ast.Attribute(attr="asarray"), args=[first, *_]):
            return isinstance(first, ast.Name) and first.id == name
    return False


def _gives_back(value: ast.expr, names: set[str], known: dict[str, _Function]) -> bool:
    """Whether this checks what stands under these names, and converts it at most."""
    calls = value.elts if isinstance(value, ast.Tuple) else [value]
    given: set[str] = set()
    for call in calls:
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            return False
        function = known.get(call.func.id)
        if function is None or not function.converts:
            return False
        given |= {part.id for part in map(_unwrapped, call.args) if isinstance(part, ast.Name)}
    return bool(names) and names <= given


def _unwrapped(value: ast.expr) -> ast.expr:
    """What a conversion converts, or the value itself."""
    return value.args[0] if isinstance(value, ast.Call) and _is_converted(value) else value


def _converts(node: ast.stmt) -> bool:
    """Whether a statement only converts names or gives them back."""
    match node:
        case ast.Return(value=value) | ast.Assign(value=value):
            parts = value.elts if isinstance(value, ast.Tuple) else [value]
            return all(map(_is_converted, parts))
    return False


def _is_converted(value: ast.expr | None) -> bool:
    match value:
        case ast.Name():
            return True
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in CONVERSIONS
        case ast.GeneratorExp(elt=elt) | ast.DictComp(value=elt):
            return _is_converted(elt)
    return False
