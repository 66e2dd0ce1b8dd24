"""The environment in which the site's code runs: that of the project, not that of its user."""

from __future__ import annotations

import os
from pathlib import Path

#: One thread for each process, since two run at a time, and since threads change last digits.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}


def environment(root: Path) -> dict[str, str]:
    """What a process that runs the code of the project below ``root`` finds in its environment.

    No setting for Python itself comes from outside: ``PYTHONOPTIMIZE`` alone would make every
    assertion vanish.
    """
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    own = {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    return given | own | ONE_THREAD
