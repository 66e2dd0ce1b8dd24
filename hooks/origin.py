"""Below each page: a report of an error, the page's source and history, when it was last changed.

The addresses are those of the repository that the configuration names; without one they are left
out, and without Git the day is.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from engine.for_readers.changed import written
from engine.for_readers.repository import Repository
from engine.paths import module_of
from hooks.concern import Concern


class Origin(Concern):
    """Where the pages of one language come from, for theme/partials/source-file.html."""

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        path = self.source_file(page)
        words, origin = config.extra["origin"], dict[str, str]()
        if path and config.repo_url:
            name = path.relative_to(self.site.root).as_posix()
            repository = Repository(config.repo_url, config.extra["repository"])
            place = page.canonical_url or name
            origin = {
                "report": repository.report(
                    words["report_title"].format(title=page.title),
                    words["report_body"].format(page=place),
                ),
                "place": place,
                "source": repository.source(name),
                "history": repository.history(name),
            }
        day = self.site.last_changes.get(path) if path else None
        if day:
            said = words["changed"].format(day=written(day, self.language))
            origin |= {"changed": said, "day": day.isoformat()}
        context["origin"] = origin  # type: ignore[typeddict-unknown-key]

    def source_file(self, page: Page) -> Path | None:
        """The file that a page is written in; of a page of checks, the module with the checks."""
        path = self.path_of(page)
        if "checks" in page.meta:
            path = self.site.checks / f"{module_of(page.meta['checks'])}.py"
        return path if path.exists() else None
