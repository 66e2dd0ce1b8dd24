"""A fault: where it is, what is wrong, and what to do about it."""

from dataclasses import dataclass
from pathlib import Path

from engine.paths import shown


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong at one line of one file."""

    path: Path
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.line}: {self.message}\n    → {self.remedy}"


class FaultsFound(Exception):
    """Raised where work cannot go on; carries every fault found so far."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
