"""The download that holds the network of `training.md` against PyTorch."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.paths import LANGUAGES
from engine.reading.comments import without_docstrings
from engine.running.examples import as_one_file
from tests.conftest import ROOT, SITE
from tests.environments import environment

NAME = "training_in_pytorch.py"
#: What the script adds to the chapter's functions.
OWN = {"network", "named", "ours", "difference"}


def script(language: str) -> Path:
    return SITE.docs / language / "downloads" / NAME


def definitions(source: str) -> dict[str, str]:
    """Functions and classes by name, as Python reads them."""
    nodes = ast.parse(source).body
    kinds = ast.FunctionDef | ast.ClassDef
    return {node.name: ast.dump(node) for node in nodes if isinstance(node, kinds)}


def differing(source: str, language: str) -> set[str]:
    """Functions of the script that are not those that the chapter shows."""
    path = SITE.source(language, "training")
    assert path
    shown = definitions(as_one_file(SITE.page(path))[0])
    return {name for name, code in definitions(source).items() if shown.get(name) != code} - OWN


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_functions_are_those_of_the_chapter(language):
    source = script(language).read_text(encoding="utf-8")
    assert definitions(source).keys() > OWN | {"adam", "layer_norm", "gradients"}
    assert differing(source, language) == set()
    changed = source.replace("(1 - beta2**step)", "(1 - beta2)")
    assert changed != source and differing(changed, language) == {"adam"}


def test_both_languages_run_the_same_code():
    texts = [script(language).read_text(encoding="utf-8") for language in LANGUAGES]
    trees = [without_docstrings(ast.parse(text)) for text in texts]
    words = re.compile("  (?:gradients|weights|梯度|权重)(?=[\"'])")
    code = [words.sub("", ast.unparse(tree)) for tree in trees]
    assert code[0] == code[1]


def with_pytorch() -> Path:
    """A Python that has PyTorch: the build for CPUs where there is one, for it is far smaller."""
    folder, python = ROOT / ".cache" / "pytorch", Path(sys.executable)
    others = "numpy", "scikit-learn"
    try:
        return environment(folder, python, ("install", "torch==2.13.0+cpu", *others))
    except RuntimeError:
        return environment(folder, python, ("install", "torch", *others))


@pytest.mark.audit
def test_gradients_and_ten_steps_agree_with_pytorch():
    python = with_pytorch()
    for language in LANGUAGES:
        setting = os.environ | {"PYTHONUTF8": "1"}
        command = [str(python), str(script(language))]
        ran = subprocess.run(command, env=setting, capture_output=True, encoding="utf-8")
        assert ran.returncode == 0, ran.stderr
        differences = [float(line.split()[0]) for line in ran.stdout.splitlines()]
        print(ran.stdout)
        assert len(differences) == 2 and max(differences) < 1e-10
