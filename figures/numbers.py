"""Numbers as drawings and captions show them, with a true minus sign."""


def number(value: float, digits: int = 4) -> str:
    """A number with so many decimals: ``−0.5000``; what rounds to zero has no sign."""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def short(value: float, digits: int = 4) -> str:
    """A number with so many decimals at the most, and none that is an idle zero: ``−0.5``."""
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def power(value: float) -> str:
    """A number with its power of ten, ``2.5 × 10⁻⁵``, which no line parts; between 0.01 and 1000
    without: ``0.071``."""
    if value == 0 or 0.01 <= abs(value) < 1000:
        return f"{value:.2g}".replace("-", "−") if abs(value) < 100 else number(value, 0)
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    raised = str(int(exponent)).translate(SUPERSCRIPTS)
    return f"{mantissa.replace('-', '−')}\u00a0×\u00a010{raised}"


#: Digits and a minus as they stand above a line.
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
