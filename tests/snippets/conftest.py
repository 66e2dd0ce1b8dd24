"""The tests that need JAX or Equinox can be left out on a small machine, but never in CI."""

import importlib.util
import os
import re
from pathlib import Path

MISSING = [name for name in ("jax", "equinox") if importlib.util.find_spec(name) is None]

if MISSING and os.environ.get("CI") == "true":
    raise RuntimeError(f"{' and '.join(MISSING)} missing: pip install -r requirements/oracles.txt")

collect_ignore = [
    path.name
    for path in Path(__file__).parent.glob("test_*.py")
    if MISSING
    and re.search(r"gradients import|^import (?:jax|equinox)", path.read_text("utf-8"), re.M)
]
