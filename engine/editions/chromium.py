"""The browser that prints the books, and in which the tests read the site."""

from __future__ import annotations

import os
import shutil

#: The headless shell is Chromium without the windows around its pages, and starts pages faster.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)

MISSING = (
    "no Chromium was found. On Debian: apt-get install chromium fonts-noto-cjk; elsewhere put a "
    "Chromium or Chrome on the PATH, or name it in the variable CHROMIUM"
)

#: It reaches no other machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def chromium() -> str | None:
    """The program, if there is one."""
    names = (os.environ.get("CHROMIUM", ""), *NAMES)
    return next(filter(None, map(shutil.which, filter(None, names))), None)
