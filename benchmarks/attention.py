"""Forward passes of attention and of our LSTM beside each other, as the sequence grows.

Run by hand: ``.venv/bin/python -m benchmarks.attention``. Both read a sequence of T places with
d numbers each, in float64 and on one thread; the runs alternate, and medians are compared. The
LSTM's time grows with T, that of attention with T² once T is well above d.
"""

# isort: off
from benchmarks.recurrent import medians  # first, for it sets the number of threads
# isort: on

import numpy as np

from snippets import attention, lstm

LENGTHS = (64, 256, 1024, 4096)
D = 64


def times(T: int, d: int) -> list[float]:
    """Seconds of a forward pass over T places: self-attention with one head, and the LSTM."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(T, d))
    heads = {f"W_{k}": rng.normal(size=(d, d)) / np.sqrt(d) for k in "qkvo"}
    cell = lstm.init(d, d, rng)
    zero = np.zeros((1, d))
    return medians(
        [
            lambda: attention.multi_head(heads, X, heads=1),
            lambda: lstm.forward(cell, X[:, None], zero, zero),
        ]
    )


def main() -> None:
    """Print for each length the times, their ratio, and their growth since the length before."""
    print(f"d = {D}   attention       LSTM   attention / LSTM   growth of each")
    before: list[float] = []
    for T in LENGTHS:
        ours = times(T, D)
        ratio = f"{ours[0] / ours[1]:16.2f}"
        growth = "".join(f"  × {now / then:.1f}" for now, then in zip(ours, before, strict=False))
        print(f"T = {T:4} {ours[0] * 1e3:8.2f} ms {ours[1] * 1e3:8.2f} ms {ratio}  {growth}")
        before = ours


if __name__ == "__main__":
    main()
