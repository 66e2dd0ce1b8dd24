"""Numbers as drawings and captions show them, with a true minus sign."""


def number(value: float, digits: int = 4) -> str:
    """A number with so many decimals: ``−0.5000``; what rounds to zero has no sign."""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def short(value: float, digits: int = 4) -> str:
    """A number with so many decimals at the most, and none that is an idle zero: ``−0.5``."""
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text
