"""The pages that the tests in a browser look at: all, or those that SITE_PAGES names."""

from engine.paths import LANGUAGES, check_page_of
from engine.reading.page import Page
from tests.conftest import CHOSEN, SITE

NAMES = CHOSEN or [SITE.name_of(path) for path in SITE.sources("en")]


def page(language: str, name: str) -> Page:
    """The source of a page."""
    path = SITE.source(language, name)
    assert path, f"docs/{language} has no page {name}"
    return SITE.page(path)


WITH_EQUATIONS = [name for name in NAMES if page("en", name).has_equations]
#: The chapter whose checks a generated page shows, by the name of that page.
CHAPTERS = {check_page_of(name): name for name in WITH_EQUATIONS}
WITH_SERIES = [
    name
    for name in NAMES
    if any(target.startswith(("stepper:", "explorer:")) for target in page("en", name).figures)
]


def address(language: str, name: str) -> str:
    """Where a page stands below the root of the site."""
    prefix = "" if language == LANGUAGES[0] else f"{language}/"
    return prefix + ("" if name == "index" else f"{name}/")
