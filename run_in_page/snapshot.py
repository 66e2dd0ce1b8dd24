"""The state of a namespace, to be put back: arrays, generators of random numbers, objects.

What cannot change is kept as it is: modules, classes, functions. Where a function holds something
that changes, or an object cannot be copied, there is no snapshot, and the page runs from further
above instead.
"""

from __future__ import annotations

import io
import pickle
import sys
from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

#: A state of more bytes is not kept: the memory of a page is small.
LARGEST = 30_000_000

#: What a function may hold in its closure or as a default.
CONSTANT = (bool, int, float, complex, str, bytes, type(None), type, ModuleType)


class _CannotBeKept(Exception):
    pass


class _Writer(pickle.Pickler):
    """Names what cannot change by its place in a list, in the place of copying it."""

    def __init__(self, file: io.BytesIO, kept: list[Any]) -> None:
        super().__init__(file, protocol=5)
        self._kept = kept
        self._numbers: dict[int, int] = {}

    def persistent_id(self, value: Any) -> int | None:
        if isinstance(value, MethodType):
            return None  # it is copied with the object that it belongs to
        if isinstance(value, FunctionType):
            if not _is_constant(value):
                raise _CannotBeKept(value.__qualname__)
        elif isinstance(value, type):
            if value.__module__ == "__main__" and not all(map(_may_be_held, _own(value))):
                raise _CannotBeKept(value.__qualname__)
        elif isinstance(value, GeneratorType):
            if value.gi_frame is not None:  # it has not come to its end
                raise _CannotBeKept(value.__qualname__)
        elif not isinstance(value, ModuleType | BuiltinFunctionType) and not _is_ufunc(value):
            return None
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._kept)
            self._kept.append(value)
        return self._numbers[id(value)]


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, kept: list[Any]) -> None:
        super().__init__(file)
        self._kept = kept

    def persistent_load(self, number: Any) -> Any:
        return self._kept[number]


class Snapshot:
    """A namespace as it was at one moment."""

    def __init__(self, copied: bytes, kept: list[Any]) -> None:
        self._copied = copied
        self._kept = kept

    @classmethod
    def of(cls, namespace: dict[str, Any]) -> Snapshot | None:
        """The state of a namespace now; None if it cannot be kept."""
        file, kept = io.BytesIO(), list[Any]()
        state = {name: value for name, value in namespace.items() if name != "__builtins__"}
        try:
            _Writer(file, kept).dump((state, _global_generator()))
        except Exception:  # whatever an object does that is to be copied
            return None
        return cls(file.getvalue(), kept) if file.tell() <= LARGEST else None

    def restored(self) -> dict[str, Any]:
        """The values anew: who changes them leaves this snapshot alone."""
        state, generator = _Reader(io.BytesIO(self._copied), self._kept).load()
        if generator is not None:
            sys.modules["numpy"].random.set_state(generator)
        restored: dict[str, Any] = state
        return restored


def _global_generator() -> Any:
    """The state of NumPy's one old generator, which belongs to no namespace."""
    numpy = sys.modules.get("numpy")
    return numpy.random.get_state() if numpy else None


def _is_ufunc(value: Any) -> bool:
    return type(value).__name__ == "ufunc"


def _own(kind: type) -> list[Any]:
    """What the body of a class binds, without what Python and named tuples add to it."""
    return [value for name, value in vars(kind).items() if not name.startswith("_")]


def _is_constant(function: FunctionType) -> bool:
    """Whether a function holds nothing that changes; of a package's we know that."""
    if function.__module__ != "__main__":
        return True
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    return not function.__dict__ and all(map(_may_be_held, [*cells, *defaults]))


def _may_be_held(value: Any) -> bool:
    if isinstance(value, tuple | frozenset):
        return all(map(_may_be_held, value))
    if isinstance(value, FunctionType):
        return _is_constant(value)
    # Properties, methods and slots of classes do nothing but be called.
    return isinstance(value, CONSTANT) or hasattr(type(value), "__get__") or _is_ufunc(value)
