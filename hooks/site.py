"""The one hook of both configurations: it makes the site and registers all that the build adds.

MkDocs runs the concerns' methods in the order of this list, unless they name a priority.
"""

import gc
import sys
from pathlib import Path
from typing import Literal

# MkDocs takes the path back once this hook is loaded; what has been imported keeps its modules.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from engine.site import Site
from hooks.cards import Cards
from hooks.concern import Concern
from hooks.downloads import Downloads
from hooks.equations import Equations
from hooks.exercises import Exercises
from hooks.figures import Figures
from hooks.formulas import Formulas
from hooks.guard import Guard
from hooks.highlighting import Highlighting
from hooks.kept import Kept
from hooks.labs import Labs
from hooks.languages import Languages
from hooks.licences import Licences
from hooks.moved import Moved
from hooks.origin import Origin
from hooks.page_parts import PageParts
from hooks.previews import Previews
from hooks.readable import Readable
from hooks.run_in_page import RunInPage
from hooks.search import Search
from hooks.shared import Shared
from hooks.snippets import Snippets
from hooks.sources import Sources
from hooks.styles import Styles
from hooks.templates import Templates
from hooks.whole_site import WholeSite

CONCERNS: tuple[type[Concern], ...] = (
    WholeSite,
    Search,  # which makes files that both languages share
    Shared,
    Languages,
    Templates,
    Labs,
    Snippets,
    Equations,
    PageParts,
    Highlighting,
    Licences,
    Moved,
    Exercises,
    Readable,
    Figures,
    Formulas,
    RunInPage,
    Downloads,
    Styles,
    Origin,
    Previews,
    Cards,
    Kept,
    Guard,
)

#: So many new objects are made before Python looks for circles among them.
OBJECTS = 20_000

#: What a server does otherwise: it builds page by page, and has each compared behind a save; nobody
#: links its pages.
OF_A_WHOLE_BUILD = (WholeSite, Styles, Cards, Kept, Guard)


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    if command == "serve":
        raise Abort(
            "ERROR: mkdocs serve would build one language, and all of it at every change.\n"
            "    → use: make serve, or: python -m engine.build.serve"
        )
    # A build makes much that stays and hardly any circles: looking for these as often as Python
    # does by itself takes a sixth of its time.
    gc.set_threshold(OBJECTS)


def on_config(config: MkDocsConfig) -> None:
    # The server of engine/build/serve.py hands in the site that it holds.
    given = config.extra.pop("site", None)
    site = given or Site(Path(config.config_file_path).resolve().parent)
    language = str(config.theme["language"])
    wanted = [kind for kind in CONCERNS if not (given and kind in OF_A_WHOLE_BUILD)]
    concerns = [kind(site, language) for kind in wanted]
    for concern in [*concerns, Sources(site, language, concerns)]:
        concern.configure(config)
        config.plugins[f"site/{type(concern).__name__}"] = concern
