"""Run all measurements: `python -m benchmarks`."""

import importlib
import pkgutil

import benchmarks

for module in pkgutil.iter_modules(benchmarks.__path__):
    if module.name != "__main__":
        measurement = importlib.import_module(f"benchmarks.{module.name}")
        print(f"\n{measurement.__doc__.strip().splitlines()[0]}\n")
        measurement.main()
