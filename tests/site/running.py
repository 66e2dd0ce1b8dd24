"""Run the blocks of an open page in the browser, and compare what they print with the page."""

import difflib
import json
from dataclasses import dataclass

from engine.reading.page import Fence, Page
from engine.running.examples import pieces
from tests.site.conftest import PATIENCE, Visit

#: All blocks of the page, in order, with what the reader sees of the run: whether it is marked as
#: the same, and what is shown beside the printed output.
SEEN = """
() => [...document.querySelectorAll(
  "div.highlight:is(.language-python, .language-pycon):not(.try-it *)"
)].map(block => ({
  state: block.querySelector(".run-button").dataset.state ?? null,
  shown: block.nextElementSibling.textContent,
}))
"""

#: One Python for many pages, in a tab of its own: to start it takes longer than most pages run. It
#: runs the blocks of another page from the top, in an empty namespace.
HOST = """
() => {
  const start = document.querySelector("script[src*='/start.js']").src;
  const worker = new Worker(new URL("worker.js", start), { type: "module" });
  window.asked = new BroadcastChannel("asked");
  window.told = new BroadcastChannel("told");
  window.asked.onmessage = ({ data }) => worker.postMessage(data);
  worker.onmessage = ({ data }) => window.told.postMessage(data);
}
"""

#: In the place of a page's own worker: that one, which is listened to.
GUEST = """
() => {
  window.heard = [];
  window.Worker = class extends EventTarget {
    constructor() {
      super();
      this.asked = new BroadcastChannel("asked");
      new BroadcastChannel("told").onmessage = ({ data }) => {
        window.heard.push(data);
        this.dispatchEvent(new MessageEvent("message", { data }));
      };
    }
    postMessage(data) {
      this.asked.postMessage(data);
    }
    terminate() {}
  };
}
"""

STATUS = "document.querySelector('.run-hint [role=status]').textContent"
ENDED = """
window.heard.some(told => ["done", "crashed", "notLoaded"].includes(told.kind))
  && !document.querySelector('.run-all').hidden
"""


@dataclass(frozen=True)
class Run:
    """A page that has run to its end: what each block printed, as the worker told it."""

    status: str
    printed: list[str]
    errors: list[str]
    states: list[str | None]


def run_all(visit: Visit, patience: float = PATIENCE) -> Run:
    """Press “Run all code of this page” and wait for its end."""
    visit.page.evaluate(GUEST)
    visit.page.click(".run-all")
    visit.until(ENDED, patience)
    heard = json.loads(visit.page.evaluate("JSON.stringify(window.heard)"))
    seen = visit.page.evaluate(SEEN)
    printed = [""] * len(seen)
    for told in heard:
        if told["kind"] == "printed":
            printed[told["block"]] += told["text"]
    errors = [told["error"] for told in heard if told["kind"] == "ended" and told["error"]]
    errors += [str(told) for told in heard if told["kind"] in ("crashed", "notLoaded")]
    states = [block["state"] for block in seen]
    return Run(visit.page.evaluate(STATUS), printed, errors, states)


def written(fence: Fence) -> str:
    """All that a block is to print, as its page shows it."""
    lines = [line.rstrip() for code in pieces(fence) for line in code.shown or ()]
    return "\n".join(lines)


def differences(run: Run, page: Page) -> list[str]:
    """Where blocks print something else than the page shows, have not run, or are marked wrong."""
    faults = list(run.errors)
    if len(run.printed) != len(page.python_fences):
        faults.append(f"{len(run.printed)} blocks, {len(page.python_fences)} are written")
    for number, (fence, got, state) in enumerate(
        zip(page.python_fences, run.printed, run.states, strict=False), 1
    ):
        shown = written(fence).split("\n")
        lines = "\n".join(line.rstrip() for line in got.split("\n")).rstrip("\n").split("\n")
        if shown != lines:
            diff = difflib.unified_diff(shown, lines, "the page", f"block {number}", lineterm="")
            faults += diff
        if (state == "same") != (shown == lines):
            faults.append(f"block {number} is marked as {state}")
    return faults
