"""Each chapter and each lab beside its page as a notebook and as a Python file, to take away."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from engine.reading.page import Page as Source
from hooks.concern import Concern


class Downloads(Concern):
    """Writes the downloads of one language when its pages have been built."""

    def on_post_build(self, config: MkDocsConfig) -> None:
        for page in self.site.pages_of(self.language):
            self.write(page, config)

    def write(self, page: Source, config: MkDocsConfig) -> None:
        """Write the downloads of one page beside it, if it is one that has them."""
        if not page.is_chapter:
            return
        # What makes notebooks is long to import, and a site without chapters needs none.
        import nbformat

        from engine.downloads.notebooks import as_script, to_take_away

        address = f"{config.site_url}{page.name}/" if config.site_url else None
        notebook = to_take_away(page, self.site, config.site_name, address)
        folder, name = Path(config.site_dir) / page.name, page.path.stem
        nbformat.write(notebook, folder / f"{name}.ipynb")
        script = as_script(notebook)
        (folder / f"{name}.py").write_text(script, encoding="utf-8", newline="\n")
