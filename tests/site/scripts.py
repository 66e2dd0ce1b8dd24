"""Scripts that a page holds itself, which the strictest policy of a server keeps from running."""

import re

SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.I)

#: What only holds data.
DATA = re.compile(r"""type=["']?application/(?:ld\+)?json""")

#: An attribute whose value is a script: ``onclick``.
HANDLER = re.compile(r"<[a-z][^>]*?\s(?P<name>on[a-z]+)\s*=", re.I)


def inline_scripts(html: str) -> list[str]:
    """The scripts without an address, and the attributes that are scripts."""
    scripts = [found["attributes"] for found in SCRIPT.finditer(html)]
    found = [f"an inline script: <script{s}>" for s in scripts if "src=" not in s]
    found = [one for one in found if not DATA.search(one)]
    return [*found, *(f"an inline handler: {m['name']}" for m in HANDLER.finditer(html))]
