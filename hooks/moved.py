"""Old addresses of headings that were renamed: they lead to where the heading is now."""

import html
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from hooks.concern import Concern


class Moved(Concern):
    """The anchors that a page's front matter names: ``moved: {old: new}``."""

    def on_page_content(
        self, content: str, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        for old, new in (page.meta.get("moved") or {}).items():
            heading = re.compile(rf'<h[1-6] id="{re.escape(html.escape(str(new)))}"[^>]*>')
            place = f'<span class="moved" id="{html.escape(str(old))}"></span>'
            found = heading.search(content)
            if found:
                content = content[: found.end()] + place + content[found.end() :]
        return content
