"""The environment in which the site's code runs: that of the project, not that of its user."""

from __future__ import annotations

import os
from pathlib import Path

#: The folder of this engine, which a child must find whatever project it works for.
HOME = Path(__file__).resolve().parents[1]

#: What decides results is the same for everybody: hashes, encodings, dates, threads (whose number
#: changes last digits), and no settings of the user's Matplotlib.
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    # Bytecode is told from its source by whole seconds and size: two edits may look alike.
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "SOURCE_DATE_EPOCH": "315532800",  # 1980, the first year that all formats can express
    "MATPLOTLIBRC": os.devnull,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}

#: Variables of the user that choose how Python, its language or Matplotlib behaves.
DROPPED = ("PYTHON", "LC_", "LANG", "MPLBACKEND")


def environment(root: Path) -> dict[str, str]:
    """The environment of what runs the code of the project below ``root``.

    It is the user's, without what could change a result: ``PYTHONOPTIMIZE`` alone would make
    every assertion vanish.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    path = os.pathsep.join(dict.fromkeys([str(root), str(HOME)]))
    return kept | FIXED | {"PYTHONPATH": path}
