"""Ways to print past what is compared: what code writes so, a reader sees and no page shows."""

from __future__ import annotations

import ast

#: Where Python keeps the streams that it began with, and what leads past those it has now.
STREAMS = ("__stdout__", "__stderr__", "fileno")
OF_OS = ("write", "writev", "fdopen", "system", "popen", "dup2", "spawnl", "posix_spawn")


class PrintsPast(Exception):
    """Code of a page prints in a way that is not compared with what the page shows."""

    def __init__(self, how: str) -> None:
        super().__init__(f"{how} prints past what is compared with the page: use print(…)")


def refuse_unheard(tree: ast.Module) -> None:
    """Raise PrintsPast where some code leads past ``sys.stdout`` and ``sys.stderr``."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.Constant(value=str(name)) if name in STREAMS:
                raise PrintsPast(name)
            case ast.Attribute(value=ast.Attribute(attr="stdout" | "stderr"), attr="buffer"):
                raise PrintsPast(ast.unparse(node))
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in OF_OS:
                raise PrintsPast(f"os.{name}")
            case ast.ImportFrom(module="os", names=names):
                for alias in names:
                    if alias.name in OF_OS:
                        raise PrintsPast(f"os.{alias.name}")
            case ast.Import(names=names):
                if any(alias.name == "subprocess" for alias in names):
                    raise PrintsPast("subprocess")
            case ast.ImportFrom(module="subprocess"):
                raise PrintsPast("subprocess")
