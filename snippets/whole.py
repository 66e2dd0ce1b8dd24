"""Whole numbers: of steps, of units, of pixels."""

# --8<-- [start:imports]
import numpy as np

# --8<-- [end:imports]


# --8<-- [start:whole]
def whole_number(name: str, number: int, least: int) -> int:
    """The number as an int; ValueError if it is not, or too small."""
    if not isinstance(number, int | np.integer) or number < least:
        raise ValueError(
            f"{name} must be whole and ≥ {least}, got {number}"
        )
    return int(number)


# --8<-- [end:whole]
