"""What a check is made of: what the symbols of a page's equations are worth, draw by draw."""

from engine.equations.check import Each, Formula, Values, worth
from engine.equations.draws import Draw
from engine.equations.evaluate import Mean
from engine.equations.page_code import PageCode

__all__ = ["Draw", "Each", "Formula", "Mean", "PageCode", "Values", "worth"]
