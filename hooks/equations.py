"""Anchors for the tagged equations, and a generated page of checks for each chapter."""

from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from engine.equations.pages import markdown
from engine.formulas.html import equation_id
from engine.reading.page import TAG, parse
from engine.paths import check_page_of, sources


class _Anchors(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter("div"):
            found = TAG.search(element.text or "") if element.get("class") == "arithmatex" else None
            if found:
                element.set("id", equation_id(found[1]))


class EquationAnchors(Extension):
    """Gives the formula tagged (lr.3) the id ``eq-lr.3``, for links from the text."""

    def extendMarkdown(self, md: Markdown) -> None:
        # Above 5: MkDocs then reads the anchors of the page, to find links that lead nowhere.
        md.treeprocessors.register(_Anchors(md), "equation-anchors", 10)


def on_config(config: MkDocsConfig) -> None:
    # MkDocs types this as names; Python-Markdown takes an instance as well.
    config.markdown_extensions.append(EquationAnchors())  # type: ignore[arg-type]


def on_files(files: Files, config: MkDocsConfig) -> None:
    for path in sources(config.theme["language"]):
        page = parse(path)
        if any(formula.tag for formula in page.formulas):
            name = f"{check_page_of(page.name)}.md"
            files.append(File.generated(config, name, content=markdown(page)))
