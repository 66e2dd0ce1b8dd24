"""References can be looked up: each carries an identifier whose form and check digit are right."""

import re

from stdnum import isbn

from engine.faults import Fault
from engine.reading.lines import Line
from engine.reading.page import Page

DOI = re.compile(r"doi:\s*(?P<doi>[^\s\]]+)|https://doi\.org/(?P<link>[^\s)]+)")
ARXIV = re.compile(r"arXiv:\s*(?P<number>[^\s\],;)]+)")
ISBN = re.compile(r"ISBN(?:-1[03])?:?\s*(?P<number>[\dXx][\dXx\s-]{8,16}[\dXx])")
LINK = re.compile(r"\]\(https?://[^\s)]+\)")

DOI_FORM = re.compile(r"10\.\d{4,9}/\S+")
ARXIV_FORM = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")


def reference_faults(page: Page) -> list[Fault]:
    """Entries below ``{#references}`` without an identifier, or with one that cannot be right."""
    faults = []
    for line in entries(page):
        problems = []
        for match in DOI.finditer(line):
            doi = match["doi"] or match["link"]
            if not DOI_FORM.fullmatch(doi.rstrip(".,")):
                problems.append(f"{doi!r} is not a DOI")
        for match in ARXIV.finditer(line):
            if not ARXIV_FORM.fullmatch(match["number"].rstrip(".")):
                problems.append(f"{match['number']!r} is not an arXiv number")
        for match in ISBN.finditer(line):
            if not is_isbn(match["number"]):
                problems.append(f"{match['number']!r} is not an ISBN: its check digit is wrong")
        if not (DOI.search(line) or ARXIV.search(line) or ISBN.search(line) or LINK.search(line)):
            problems.append(f"no DOI, arXiv number, ISBN or link: {line.strip()[:60]!r}")
        faults += [
            Fault(line.origin.path, line.origin.line, problem, "look the work up again")
            for problem in problems
        ]
    return faults


def entries(page: Page) -> list[Line]:
    """The list items of a page's references, as lines with their origin."""
    return [
        Line.at(" ".join(page.lines[block.first : block.last]), block.origin)
        for block in page.section("references")
        if block.kind == "item"
    ]


def is_isbn(number: str) -> bool:
    """Whether the check digit of an ISBN of ten or thirteen digits is right."""
    return bool(isbn.is_valid(number))
