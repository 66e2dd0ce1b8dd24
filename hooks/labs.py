"""Labs become pages: mkdocs-jupyter makes Markdown of the executed notebook, MkDocs renders it.

The plugin's own template would inline half a megabyte of JupyterLab into each page. Ours makes
the Markdown that an author would have written, so that a lab looks, links and copies like any
other page, and whatever is asked of pages is asked of labs.
"""

import html
import re
import tempfile
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings

from engine.paths import is_lab
from engine.reading.page import Page as Source
from engine.site import Site
from engine.store import digest
from hooks.concern import Concern

TEMPLATES = Path(__file__).parent / "notebook_templates"

#: What decides how a notebook becomes Markdown, besides the templates.
CONVERTERS = ("mkdocs-jupyter", "nbconvert", "jinja2")

IMAGE = re.compile(r'<img [^>]*src="output:(?P<number>\d+)"[^>]*>')
END = "<!-- end of the notebook -->"


class Labs(Concern):
    """Gives MkDocs the Markdown of each lab, and puts the pictures of its run into the page."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._kept = site.store("notebooks")

    def configure(self, config: MkDocsConfig) -> None:
        settings.templates_dir = str(TEMPLATES)

    def markdown_of(self, page: Page, config: MkDocsConfig) -> str | None:
        """The Markdown of a lab, with its front matter, in the place of its script."""
        source = self._lab(page)
        if source is None:
            return None
        # Jupyter is long to import, and a site without labs needs none of it.
        import nbformat

        from engine.labs.page import executed_notebook

        notebook = nbformat.writes(executed_notebook(source, self.site.labs.run_of(source)))
        key = self._key(notebook)
        markdown = self._kept.once(key, lambda: converted(page, config, notebook))
        # mkdocs-jupyter has put its own method in the place of this one, on this page alone.
        vars(page).pop("render", None)
        return markdown

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        """Put the pictures in, now that the search index was made without their texts."""
        source = self._lab(page)
        if source is None:
            return output
        from engine.labs.page import picture

        run = self.site.labs.run_of(source)

        def drawn(match: re.Match[str]) -> str:
            number = int(match["number"]) - 1
            return picture(source, self.site.labs.picture(run, number), number)

        return IMAGE.sub(drawn, output)

    def _lab(self, page: Page) -> Source | None:
        return self.source_of(page) if is_lab(Path(page.file.src_uri)) else None

    def _key(self, notebook: str) -> str:
        templates = [path.read_text("utf-8") for path in sorted(TEMPLATES.rglob("*.*"))]
        return digest([notebook, *templates, *map(version, CONVERTERS)])[:32]


def converted(page: Page, config: MkDocsConfig, notebook: str) -> str:
    """What mkdocs-jupyter's own rendering makes of a notebook by our template: Markdown."""
    script = page.file.abs_src_path
    with tempfile.TemporaryDirectory() as folder:
        executed = Path(folder) / f"{page.file.name}.ipynb"
        executed.write_text(notebook, encoding="utf-8")
        page.file.abs_src_path = str(executed)
        page.render(config, Files([]))
        page.file.abs_src_path = script
    made, page.content = page.content or "", None
    return html.unescape(made.partition(END)[0])
