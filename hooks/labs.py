"""Labs become pages through mkdocs-jupyter, which renders what engine/labs/run.py has executed.

Its own template would inline half a megabyte of JupyterLab into each page. Ours sends the cells
through the site's Markdown, so that a lab looks, weighs and copies like any other page.
"""

import html
import posixpath
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url
from mkdocs_jupyter.config import settings
from nbconvert.exporters.templateexporter import default_filters

from engine.labs.run import labs, run_of
from engine.downloads.notebooks import lab_as_built, picture
from engine.reading.page import Heading, parse
from engine.paths import DOCS, LABS, is_lab

IMAGE = re.compile(r'<img [^>]*src="output:(?P<number>\d+)"[^>]*>')
END = "<!-- end of the notebook -->"

#: The executed notebooks of this process; builds that run at the same time share nothing.
_built = tempfile.TemporaryDirectory(prefix="labs-")

settings.templates_dir = str(Path(__file__).parent / "notebook_templates")


class LabFile(File):
    """A lab's script, which MkDocs is to treat as a page."""

    def is_documentation_page(self) -> bool:
        return True


def on_config(config: MkDocsConfig) -> None:
    """Give the template the filters that render cells as the site renders pages."""

    def markdown(text: str) -> str:
        converter = Markdown(
            extensions=config.markdown_extensions, extension_configs=config.mdx_configs
        )
        return converter.convert(text)

    def place_of(shown: dict[str, Any]) -> str:
        image = f'<img alt="{html.escape(shown["alt"])}" src="output:{shown["number"]}">'
        return f"<figure>{image}<figcaption>{markdown(shown['caption'])}</figcaption></figure>"

    default_filters["site_markdown"] = markdown
    default_filters["site_code"] = lambda code: markdown(f"```python\n{code}\n```")
    default_filters["site_output"] = lambda text: (
        f'<div class="output no-copy"><pre><code>{html.escape(text.rstrip())}</code></pre></div>'
    )
    default_filters["site_place"] = place_of


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Put the executed notebook in the place of each lab's script.

    This comes after mkdocs-jupyter has looked through the files: how it wraps a notebook does not
    fit a generated file, and it takes the page up by its path anyway.
    """
    language = config.theme["language"]
    folder = Path(_built.name) / language
    folder.mkdir(exist_ok=True)
    for page in labs(language):
        name = page.path.relative_to(DOCS / language).as_posix()
        notebook = folder / f"{page.path.stem}.ipynb"
        nbformat.write(lab_as_built(page, run_of(page)), notebook)
        written = files.get_file_from_path(name)
        if written:
            files.remove(written)
        files.append(LabFile.generated(config, name, abs_src_path=str(notebook)))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    if is_lab(Path(page.file.src_uri)):
        page.meta = dict(parse(DOCS / config.theme["language"] / page.file.src_uri).meta)


@event_priority(100)  # before the other hooks, which write below the title
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    if not is_lab(Path(page.file.src_uri)):
        return html
    source = parse(DOCS / config.theme["language"] / page.file.src_uri)
    page.toc = get_toc(_nested(source.headings))

    def link(match: re.Match[str]) -> str:
        parts = urlsplit(match[1])
        target = posixpath.normpath(posixpath.join(LABS, parts.path))
        file = None if parts.scheme or not parts.path else files.get_file_from_path(target)
        if file is None:
            return match[0]
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        return f'href="{get_relative_url(file.url, page.url)}{anchor}"'

    return re.sub(r'href="([^"]*)"', link, html.partition(END)[0])


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the pictures in, now that the search index was made without their texts."""
    if not is_lab(Path(page.file.src_uri)):
        return output
    source = parse(DOCS / config.theme["language"] / page.file.src_uri)
    run = run_of(source)
    return IMAGE.sub(lambda match: picture(source, run, int(match["number"])), output)


def _nested(headings: list[Heading]) -> list[Any]:
    """Headings as Markdown's table of contents has them: each holds those below it."""
    top: list[Any] = []
    open_levels: list[tuple[int, list[Any]]] = [(0, top)]
    for heading in headings:
        token: dict[str, Any] = {
            "level": heading.level,
            "id": heading.anchor,
            "name": html.escape(heading.text),
            "children": [],
        }
        while open_levels[-1][0] >= heading.level:
            open_levels.pop()
        open_levels[-1][1].append(token)
        open_levels.append((heading.level, token["children"]))
    return top
