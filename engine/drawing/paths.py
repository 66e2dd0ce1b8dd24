"""Paths of drawings: what they pass through, and the same in fewer characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

#: Absolute commands of a path, by the numbers that each takes.
NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}
TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")

#: How far a curve may pass beside a point that is left out, in units.
BESIDE = 0.05


def points_of(path: str) -> Iterator[tuple[float, float]]:
    """All points that a path of lines and curves names; none where it has other commands."""
    commands = list(commands_of(path))
    if any(name not in "MLCQZ" or len(given) != NUMBERS[name] for name, given in commands):
        return
    for _, given in commands:
        yield from zip(map(float, given[::2]), map(float, given[1::2]), strict=True)


def simplified(path: str) -> str:
    """A path without the points of its lines beside which it passes closely anyway."""
    commands = list(commands_of(path))
    if any(len(given) != NUMBERS.get(name, -1) for name, given in commands):
        return path
    kept: list[str] = []
    for is_line, run in groupby(commands, lambda command: command[0] == "L"):
        if not is_line:
            kept += [" ".join([name, *given]) for name, given in run]
            last = kept[-1].split()
            continue
        points = [(float(x), float(y)) for _, (x, y) in run]
        start = [(float(last[-2]), float(last[-1]))] if last[0] not in "ZHV" else []
        through = _needed(start + points)[len(start) :]
        kept += [f"L {x} {y}" for x, y in through]
    return " ".join(kept)


def _needed(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points of a line that it cannot do without, by Ramer, Douglas and Peucker."""
    keep = {0, len(points) - 1}
    open_parts = [(0, len(points) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        (x, y), (to_x, to_y) = points[first], points[last]
        along, across = to_x - x, to_y - y
        length = along * along + across * across
        worst, place = BESIDE, 0
        for at in range(first + 1, last):
            dx, dy = points[at][0] - x, points[at][1] - y
            part = min(1.0, max(0.0, (dx * along + dy * across) / length)) if length else 0.0
            far = ((dx - part * along) ** 2 + (dy - part * across) ** 2) ** 0.5
            if far > worst:
                worst, place = far, at
        if place:
            keep.add(place)
            open_parts += [(first, place), (place, last)]
    return [points[at] for at in sorted(keep)]


def radius_of(path: str) -> float | None:
    """The radius of Matplotlib's circle around the origin; None of any other path."""
    commands = list(commands_of(path))
    if "".join(name for name, _ in commands) not in ("MCCCCCCCCZ", "MCCCCCCCC"):
        return None
    points = [(float(given[-2]), float(given[-1])) for _, given in commands[:9]]
    radius = abs(points[0][1])
    around = all(abs((x * x + y * y) ** 0.5 - radius) < 0.015 for x, y in points)
    return radius if around else None


def relative(path: str, decimals: int) -> str:
    """A path in relative commands, each end of a piece rounded to so many decimals.

    One with commands that Matplotlib never writes stays as it is.
    """
    commands = list(commands_of(path))
    if not commands or any(len(given) != NUMBERS.get(name, -1) for name, given in commands):
        return path
    unit = 10**decimals
    x = y = start_x = start_y = 0
    written: list[str] = []
    last = before = ""
    for name, given in commands:
        if name == "Z":
            written.append("z")
            x, y, last = start_x, start_y, "z"
            continue
        if name == "A":
            kept, ends = given[:5], given[5:]
        else:
            kept, ends = [], given
        scaled = [round(float(number) * unit) for number in ends]
        if name == "H":
            scaled = [scaled[0], y]
        elif name == "V":
            scaled = [x, scaled[0]]
        moved = [number - (x, y)[place % 2] for place, number in enumerate(scaled)]
        x, y = scaled[-2:]
        command = name.lower()
        if command in "hvl":
            command, moved = ("h", moved[:1]) if not moved[1] else ("l", moved)
            if command == "l" and not moved[0]:
                command, moved = "v", moved[1:]
        if name == "M":
            start_x, start_y = x, y
        numbers = [*kept, *(decimal(number, decimals) for number in moved)]
        if command != last or command == "m":
            written.append(command)
            before = command
        for number in numbers:
            written.append(_apart(before, number) + number)
            before = number
        last = command
    return "".join(written)


def _apart(before: str, number: str) -> str:
    """What has to stand between two numbers, or a command and a number."""
    told = before.isalpha() or number.startswith("-") or (number[0] == "." and "." in before)
    return "" if told else " "


def commands_of(path: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with its numbers; one that is written once for many is given for each."""
    name, given = "", list[str]()
    for token in TOKEN.findall(path):
        if token.isalpha() or (given and len(given) == NUMBERS.get(name, 0)):
            if name:
                yield name, given
            given = []
            if token.isalpha():
                name = token.replace("z", "Z")
                continue
            name = "L" if name == "M" else name
        given.append(token)
    if name:
        yield name, given


def decimal(number: int, decimals: int) -> str:
    """So many tenths or hundredths as a decimal, in as few characters as there can be."""
    text = f"{number / 10**decimals:.{decimals}f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)
