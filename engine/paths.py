"""Where things are. Every other module asks here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SNIPPETS = ROOT / "snippets"
CACHE = ROOT / ".cache"

#: The folder of the labs, whose sources are Python files.
LABS = "labs"

#: The folder of the generated pages that list the equations' checks.
CHECK_PAGES = "checks"

#: The languages of the site and the MkDocs configuration of each; the first is served at "/".
CONFIGURATIONS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
LANGUAGES = tuple(CONFIGURATIONS)


def sources(language: str) -> list[Path]:
    """The sources of all pages of one language, sorted: Markdown, and the labs' scripts."""
    folder = DOCS / language
    return sorted([*folder.rglob("*.md"), *(folder / LABS).glob("*.py")])


def page_source(language: str, name: str) -> Path | None:
    """The source of a page; None if there is no such page."""
    written = (DOCS / language / f"{name}.md", DOCS / language / f"{name}.py")
    return next((path for path in written if path in sources(language)), None)


def is_lab(path: Path) -> bool:
    """Whether a page is a lab, an executed notebook, rather than Markdown."""
    return path.suffix == ".py"


def language_of(path: Path) -> str:
    """``docs/en/logistic.md`` is English."""
    return path.relative_to(DOCS).parts[0]


def name_of(path: Path) -> str:
    """The name both languages share: ``docs/en/labs/memory.md`` is ``labs/memory``."""
    return path.relative_to(DOCS / language_of(path)).with_suffix("").as_posix()


def sibling_of(path: Path) -> Path:
    """The same page in the other language."""
    mine = language_of(path)
    other = next(language for language in LANGUAGES if language != mine)
    return DOCS / other / path.relative_to(DOCS / mine)


def module_of(name: str) -> str:
    """The Python module that belongs to a page: ``three-layers`` has ``three_layers``."""
    return name.rsplit("/", 1)[-1].replace("-", "_")


def check_page_of(name: str) -> str:
    """The generated page with the checks of a page's equations: ``checks/three-layers``."""
    return f"{CHECK_PAGES}/{module_of(name).replace('_', '-')}"


def shown(path: Path) -> str:
    """A path as people and terminals like it: relative to the project, with forward slashes."""
    try:
        return path.relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)
