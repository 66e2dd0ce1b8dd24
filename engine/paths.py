"""What things are called: languages, folders, pages and the modules that belong to them."""

from pathlib import Path

#: The folder of the labs, whose sources are Python files.
LABS = "labs"

#: The folder of the generated pages that list the equations' checks.
CHECK_PAGES = "checks"

#: The languages of the site and the MkDocs configuration of each; the first is served at "/".
CONFIGURATIONS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
LANGUAGES = tuple(CONFIGURATIONS)

#: Where each language stands below the root of the site.
FOLDERS = {"zh": "", "en": "en/"}


def is_lab(path: Path) -> bool:
    """Whether a page is a lab, an executed notebook, rather than Markdown."""
    return path.suffix == ".py"


def module_of(name: str) -> str:
    """The Python module that belongs to a page: ``three-layers`` has ``three_layers``."""
    return name.rsplit("/", 1)[-1].replace("-", "_")


def exercise_id(name: str, function: str) -> str:
    """How a page calls the judge of an exercise: ``three_layers.errors``."""
    return f"{module_of(name)}.{function}"


def check_page_of(name: str) -> str:
    """The generated page with the checks of a page's equations: ``checks/three-layers``."""
    return f"{CHECK_PAGES}/{module_of(name).replace('_', '-')}"


def is_check_page(name: str) -> bool:
    """Whether the build generates the page with this name from the checks of another."""
    return name.startswith(f"{CHECK_PAGES}/")


def shown(path: Path) -> str:
    """A path as people and terminals like it: relative to its project, with forward slashes."""
    root = next((folder for folder in path.parents if (folder / "mkdocs.yml").exists()), None)
    return path.relative_to(root).as_posix() if root else str(path)
