"""Every block of every page runs in a real browser, and prints what the page shows.

In one language, for the code of both is the same. Each page has a worker of its own, as for a
reader; what it loads is under the policy, and comes from the site alone.
"""

import json
import os
from pathlib import Path

import pytest

from engine.paths import LANGUAGES
from tests.site.conftest import Reader
from tests.site.pages import NAMES, address, page
from tests.site.running import differences, run_all

LANGUAGE = LANGUAGES[1]
RUNNING = [
    name for name in NAMES if not page(LANGUAGE, name).is_lab and page(LANGUAGE, name).python_fences
]

#: A folder into which the time that each page took is written, for whoever wants to know.
TIMES = os.environ.get("RUN_TIMES", "")


@pytest.mark.parametrize("name", RUNNING)
def test_every_block_prints_in_the_browser_what_the_page_shows(
    name: str, reader: Reader, has_runtime: None
) -> None:
    visit = reader.open(address(LANGUAGE, name))
    run = run_all(visit)
    assert differences(run, page(LANGUAGE, name)) == []
    number = len(page(LANGUAGE, name).python_fences)
    assert run.status == f"All {number} blocks have run. Their outputs are those of the page."
    assert visit.errors == []
    assert visit.foreign == []
    if TIMES:
        loaded = visit.page.evaluate("window.heard.filter(h => h.kind === 'loading').length")
        report = {"name": name, "blocks": number, "seconds": run.seconds, "told": loaded}
        (Path(TIMES) / f"{name.replace('/', '-')}.json").write_text(json.dumps(report))
