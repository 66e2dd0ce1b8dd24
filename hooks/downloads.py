"""Each chapter and each lab beside its page as a notebook and as a Python file, to take away."""

from pathlib import Path

import nbformat
from mkdocs.config.defaults import MkDocsConfig

from engine.reference.page_parts import is_chapter
from engine.downloads.notebooks import as_script, to_take_away
from engine.reading.page import parse
from engine.paths import sources


def on_post_build(config: MkDocsConfig) -> None:
    for page in map(parse, sources(config.theme["language"])):
        if not is_chapter(page.meta):
            continue
        address = f"{config.site_url}{page.name}/" if config.site_url else None
        notebook = to_take_away(page, config.site_name, address)
        beside = Path(config.site_dir) / page.name / page.path.stem
        nbformat.write(notebook, beside.with_suffix(".ipynb"))
        script = as_script(notebook)
        beside.with_suffix(".py").write_text(script, encoding="utf-8", newline="\n")
