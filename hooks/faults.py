"""Stop before the build begins where something cannot be built: one list, with file and line."""

import errno
import socket
from typing import Any, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import get_plugin_logger

from engine.build_faults import build_faults
from engine.formulas.katex import NodeFailed
from engine.paths import LANGUAGES

log = get_plugin_logger("faults")

_serving = False
_port_was_free = False


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global _serving
    _serving = command == "serve"


def on_pre_build(config: MkDocsConfig) -> None:
    if config.theme["language"] != LANGUAGES[0]:
        return
    if _serving and not _port_was_free:
        _check_port(*config.dev_addr)
    try:
        faults = build_faults()
    except NodeFailed as error:
        raise Abort(f"ERROR: {error}") from None
    if faults:
        listing = "\n".join(map(str, faults))
        raise Abort(f"ERROR: the site cannot be built ({len(faults)} found):\n{listing}")


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> None:
    """Report a fault made while writing and go on showing the last good pages.

    MkDocs would hold every request back until the fault is mended; here the build has stopped
    before it touched anything, so there is something good to show.
    """
    build = server.builder

    def build_or_report() -> None:
        try:
            build()
        except Abort as fault:
            log.error(f"{fault}\nThe pages shown are those before the fault.")

    server.builder = build_or_report


def _check_port(host: str, port: int) -> None:
    """Say at once that the port is taken, not after the build."""
    global _port_was_free
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise Abort(
                f"ERROR: {host}:{port} is in use or not allowed.\n"
                f"    → stop the other server, or take another port: make serve PORT={port + 1}"
            ) from None
    _port_was_free = True
