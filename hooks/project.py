"""Make the project's packages importable for the other hooks, and current while serving.

This hook is the first of the list. MkDocs takes the path back once a hook is loaded, but a
package that has been imported keeps finding its modules.
"""

import os
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import checks  # noqa: E402, F401
import engine.equations.check  # noqa: E402
import figures  # noqa: E402, F401
import snippets  # noqa: E402, F401

#: Content code is imported anew in a running server; a change of the machinery restarts it.
CONTENT = ("checks", "figures", "snippets")
MACHINERY = ("engine", "hooks")


def _state(folders: tuple[str, ...]) -> dict[Path, int]:
    paths = [path for folder in folders for path in (ROOT / folder).glob("*.*")]
    return {path: path.stat().st_mtime_ns for path in paths if path.suffix in (".py", ".js")}


_machinery = _state(MACHINERY)
_content = _state(CONTENT)


def on_config(config: MkDocsConfig) -> None:
    global _content
    if _state(MACHINERY) != _machinery:
        print("The build's own code has changed: restarting.", flush=True)
        os.execv(sys.executable, [sys.executable, "-m", "mkdocs", *sys.argv[1:]])
    if (now := _state(CONTENT)) != _content:
        _content = now
        engine.equations.forget()
        for name in [n for n in sys.modules if n.partition(".")[0] in CONTENT and "." in n]:
            del sys.modules[name]
