"""What several groups of tests share: the built site, and miniature projects to break."""

import compileall
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest
from markdown import Markdown
from mkdocs.config import load_config

import conftest
from engine.commands.partial_site import ADDRESS
from engine.languages.stamp import stamp
from engine.languages.stamps import Pair
from engine.site import Site

ROOT = Path(__file__).resolve().parents[1]

#: The real site, whose pages a process reads once for all modules of tests, and for the examples.
SITE = conftest.SITE

#: Set by `make check`, for which these pages alone are built and looked at.
CHOSEN = os.environ.get("SITE_PAGES", "").split()

#: Seconds in which another process has to have ended, on a machine under load, too.
PATIENCE = 900

#: What a miniature project takes from this one; its pages are its own.
MACHINERY = (
    "conftest.py",
    "pyproject.toml",
    "package.json",
    "engine",
    "hooks",
    "theme",
)

#: The snippets that it takes: a build reads all there are.
SNIPPETS = ("__init__", "activations", "gru", "logistic", "lstm", "rnn", "whole")

#: What renders labs, in the configuration: to import it takes a second, which a project without
#: labs is spared.
LABS = re.compile(r"\n  mkdocs-jupyter:.*?\n(?=\n)", re.S)

#: The words that the search of a miniature project knows: to read jieba's own dictionary takes
#: longer than to build two pages.
WORDS = ROOT / "tests" / "words.txt"

HOME = """---
title: {title}
description: {title}
---

# {title} {{#home}}

$\\hat y$ {word}

## {title} {{#symbols}}

| x | y | z |
|---|---|---|
| $\\sigma$, $z$ | {word} | number |

```sh
pip install numpy
```

$$
\\sigma(z) \\coloneqq \\frac{{1}}{{1 + e^{{-z}}}}
$$

$$
\\sigma(-z) = 1 - \\sigma(z) \\tag{{lr.2}}
$$

![{word}](figure:home/line)

```python title="snippets/activations.py"
--8<-- "activations.py:imports"
--8<-- "activations.py:sigmoid"
```

```pycon
>>> print(f"{{sigmoid(0.0):.2f}}")
0.50
```
"""

CHECK = """from engine.equations import Draw, Values, worth
from snippets.activations import sigmoid


@worth("lr.2")
def sigmoid_of_minus_z(draw: Draw) -> Values:
    return {"z": draw("z")}


@sigmoid_of_minus_z.code
def by_the_sigmoid(v: Values) -> Values:
    return {r"\\sigma(z)": sigmoid(v["z"])}
"""

FIGURE = """from engine.figures import Say, figure


@figure
def line(say: Say) -> str:
    label = say("线", "line")
    return f'<svg viewBox="0 0 9 9"><title>{label}</title><path d="M0 0L9 9"/></svg>'
"""


@dataclass
class Project:
    """A copy of the project with one page in each language, for a test to change."""

    root: Path

    @property
    def site(self) -> Site:
        """The site as its files are now."""
        return Site(self.root)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a Python module in the project: ``run("mkdocs", "build", "--strict")``."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.root,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=PATIENCE,
        )

    def build(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("mkdocs", "build", "--strict", **environment)

    def page(self, language: str, name: str = "index") -> Path:
        return self.root / "docs" / language / f"{name}.md"

    def append(self, text: str, *languages: str) -> None:
        """Put text at the end of the home page of these languages (both, if none is named)."""
        for language in languages or ("zh", "en"):
            with self.page(language).open("a", encoding="utf-8") as page:
                page.write(text)

    def replace(self, old: str, new: str, *languages: str) -> None:
        for language in languages or ("zh", "en"):
            text = self.page(language).read_text(encoding="utf-8")
            assert old in text
            self.page(language).write_text(text.replace(old, new), encoding="utf-8")

    def stamp(self) -> None:
        """Bring all pages in step."""
        site = self.site
        for name in site.names():
            assert stamp(Pair(site, name), "test")


def content_at(root: Path) -> Project:
    """Write the content of a miniature project that builds and passes, without the machinery."""
    root.mkdir()
    (root / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
    (root / "snippets" / "zh").mkdir(parents=True)
    for name in SNIPPETS:
        shutil.copy(ROOT / "snippets" / f"{name}.py", root / "snippets")
        words = ROOT / "snippets" / "zh" / f"{name}.po"
        if words.exists():
            shutil.copy(words, root / "snippets" / "zh")
    for configuration in ("mkdocs.yml", "mkdocs.en.yml"):
        text = (ROOT / configuration).read_text(encoding="utf-8")
        text = text[: text.index("\nnav:")] + "\nnav:\n  - index.md\n"
        text = LABS.sub("", text)
        text = text.replace("\n  search:\n", f"\n  search:\n    jieba_dict: {WORDS}\n")
        (root / configuration).write_text(text, encoding="utf-8")
    tests = root / "tests" / "snippets"
    tests.mkdir(parents=True)
    for module in (root / "snippets").glob("[a-z]*.py"):  # a module without tests is a fault
        (tests / f"test_{module.name}").write_text("", encoding="utf-8")
    for folder, name, text in (("checks", "index", CHECK), ("figures", "home", FIGURE)):
        (root / folder).mkdir()
        (root / folder / "__init__.py").write_text("", encoding="utf-8")
        (root / folder / f"{name}.py").write_text(text, encoding="utf-8")
    made = Project(root)
    for language, title, word in (("zh", "首页", "预测"), ("en", "Home", "prediction")):
        made.page(language).parent.mkdir(parents=True)
        made.page(language).write_text(HOME.format(title=title, word=word), encoding="utf-8")
    return made


@functools.cache
def machinery() -> "tempfile.TemporaryDirectory[str]":
    """The machinery with its bytecode, so that no process of a project compiles it again.

    Bytecode that is told from its source by the source's digest holds in every copy, and no
    longer once a test has changed the source.
    """
    folder = tempfile.TemporaryDirectory(prefix="machinery")
    for name in MACHINERY:
        source, copy = ROOT / name, Path(folder.name, name)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
            digests = PycInvalidationMode.CHECKED_HASH
            compileall.compile_dir(copy, quiet=1, invalidation_mode=digests)
        else:
            shutil.copy(source, copy)
    return folder


#: What all projects of a process keep in common: the theme's templates, and what is found of the
#: drawing and the check that they begin with. Each entry is named by all that it depends on.
KEPT = ("templates", "drawings", "verdicts")


@functools.cache
def kept() -> "tempfile.TemporaryDirectory[str]":
    """Where all projects of this process keep it."""
    return tempfile.TemporaryDirectory(prefix="kept")


def project_at(root: Path) -> Project:
    """The same with the machinery, so that commands run in it."""
    made = content_at(root)
    shutil.copytree(machinery().name, root, dirs_exist_ok=True)
    (root / ".cache").mkdir()
    for name in KEPT:
        folder = Path(kept().name, name)
        folder.mkdir(exist_ok=True)
        (root / ".cache" / name).symlink_to(folder, target_is_directory=True)
    return made


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Children can be interrupted, also where a shell runs the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def content(tmp_path: Path) -> Project:
    """A miniature project, to be asked in this process through its ``site``."""
    return content_at(tmp_path / "content")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A miniature project that builds and passes, by commands."""
    return project_at(tmp_path / "project")


@dataclass(frozen=True)
class BuiltSite:
    """The site, strictly built for an address that is not the one it is read from."""

    folder: Path
    address: str = ADDRESS

    def html(self, language: str, name: str) -> str:
        folder = self.folder if language == "zh" else self.folder / language
        if name == "index" or name.endswith("/index"):
            name = name.removesuffix("index")
        return (folder / name / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The real site, built once for all tests that look at it, in whatever process they run.

    The variable SITE_FOLDER names one that is built already, as `make check` does.
    """
    if "SITE_FOLDER" in os.environ:
        return BuiltSite(Path(os.environ["SITE_FOLDER"]))
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    site = BuiltSite(shared / "built" / "site")
    outcome = shared / "built" / "outcome.json"
    try:
        outcome.parent.mkdir()
    except FileExistsError:  # another process builds it, or has built it
        end = time.monotonic() + PATIENCE
        while not outcome.exists():
            assert time.monotonic() < end, "the process that builds the site does not end"
            time.sleep(0.2)
    else:
        waiting = outcome.with_suffix(".waiting")
        waiting.write_text(json.dumps(_build(site)), encoding="utf-8")
        waiting.rename(outcome)
    code, printed = json.loads(outcome.read_text(encoding="utf-8"))
    assert code == 0, printed
    return site


def _build(site: BuiltSite) -> tuple[int, str]:
    """Build the real site: the exit code, and what was printed."""
    build = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site.folder)],
        cwd=ROOT,
        env=os.environ | {"SITE_URL": site.address, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return build.returncode, build.stdout


@pytest.fixture(scope="session")
def render() -> Callable[[str], str]:
    """Markdown to HTML exactly as the site's own configuration does it."""
    config = load_config(str(ROOT / "mkdocs.yml"), hooks=[])

    def markdown(text: str) -> str:
        converter = Markdown(
            extensions=config.markdown_extensions, extension_configs=config.mdx_configs
        )
        return str(converter.convert(text))

    return markdown
