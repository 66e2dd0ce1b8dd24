"""A site of a few pages in a folder of its own, for tests to write, change and break."""

from __future__ import annotations

import subprocess
from pathlib import Path

from engine.paths import CONFIGURATIONS, LANGUAGES
from engine.site import Site


class SmallSite(Site):
    """Pages, modules and Git, without any of the machinery that builds them."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        for name in CONFIGURATIONS.values():
            self.write(name, "site_name: small\n\nnav:\n  - index.md\n")

    def write(self, path: str, text: str) -> Path:
        """Write a file, with what is needed of its folder."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        return file

    def both(self, name: str, zh: str, en: str | None = None) -> None:
        """Write a page in both languages; without a second text it is the same in both."""
        for language, text in zip(LANGUAGES, (zh, zh if en is None else en), strict=True):
            self.write(f"docs/{language}/{name}.md", text)

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old!r}"
        self.write(path, text.replace(old, new))

    def git(self, *arguments: str) -> str:
        """Run Git in the site's folder; what it prints. Raises CalledProcessError."""
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        run = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        return run.stdout

    def commit(self, message: str) -> None:
        """Commit all there is, in a repository that is made where there is none."""
        if not (self.root / ".git").exists():
            self.git("init", "-q", "-b", "main")
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
