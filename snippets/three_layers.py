"""Three layers of sigmoid neurons, one neuron at a time.

x1, x2 → neurons 1, 2, 3 → neurons 4, 5 → neuron 6. Neuron n adds up
e_n and sends y_n = f(e_n). A weight's key is "from,to": "x1,1" leads
from input x1 to neuron 1, "1,4" from neuron 1 to neuron 4.
"""

# --8<-- [start:imports]
from collections.abc import Iterable, Mapping

# --8<-- [end:imports]
from snippets.activations import d_sigmoid, sigmoid

# --8<-- [start:wiring]
SOURCES = {
    1: ["x1", "x2"],
    2: ["x1", "x2"],
    3: ["x1", "x2"],
    4: ["1", "2", "3"],
    5: ["1", "2", "3"],
    6: ["4", "5"],
}
WEIGHTS = [f"{m},{n}" for n in SOURCES for m in SOURCES[n]]


def sent(signals: Mapping[str, float], m: str) -> float:
    """u_m: what source m sends, an input or a neuron's output."""
    return signals[m] if m in ("x1", "x2") else signals[f"y{m}"]


# --8<-- [end:wiring]


# --8<-- [start:check_keys]
def check_keys(
    given: Iterable[object], wanted: Iterable[object]
) -> None:
    """ValueError naming the keys that are missing or unknown."""
    if wrong := set(given) ^ set(wanted):
        raise ValueError(
            f"missing or unknown keys: {sorted(map(str, wrong))}"
        )


# --8<-- [end:check_keys]


# --8<-- [start:forward]
def forward(
    weights: Mapping[str, float], x1: float, x2: float
) -> dict[str, float]:
    """All signals: "x1", "x2", "e1" … "e6", "y1" … "y6".

    ValueError unless weights has the 14 keys.
    """
    check_keys(weights, WEIGHTS)
    signals = {"x1": float(x1), "x2": float(x2)}
    for n, sources in SOURCES.items():
        e = sum(weights[f"{m},{n}"] * sent(signals, m) for m in sources)
        signals[f"e{n}"] = e
        signals[f"y{n}"] = float(sigmoid(e))
    return signals


# --8<-- [end:forward]


# --8<-- [start:errors]
TARGETS = {5: [6], 4: [6], 3: [4, 5], 2: [4, 5], 1: [4, 5]}


def slope(signals: Mapping[str, float], n: int) -> float:
    """f′(e_n)."""
    return float(d_sigmoid(signals[f"e{n}"]))  # (tl.1)


def errors(
    weights: Mapping[str, float],
    signals: Mapping[str, float],
    target: float,
) -> dict[int, float]:
    """ε_n = −∂J/∂y_n of J = ½(t − y_6)², for target t, n = 1 … 6.

    ValueError unless weights has the 14 keys.
    """
    check_keys(weights, WEIGHTS)
    eps = {6: target - signals["y6"]}  # (tl.2)
    for m, targets in TARGETS.items():
        eps[m] = sum(  # (tl.5)
            weights[f"{m},{n}"] * slope(signals, n) * eps[n]
            for n in targets
        )
    return eps


# --8<-- [end:errors]


# --8<-- [start:update]
def update(
    weights: Mapping[str, float],
    signals: Mapping[str, float],
    eps: Mapping[int, float],
    learning_rate: float,
) -> dict[str, float]:
    """The 14 weights after one step: w + η ε_n f′(e_n) · input.

    ValueError unless weights has the 14 keys, eps the keys 1 … 6.
    """
    check_keys(weights, WEIGHTS)
    check_keys(eps, SOURCES)
    new = dict(weights)
    for n, sources in SOURCES.items():
        for m in sources:
            step = (
                eps[n] * slope(signals, n) * sent(signals, m)  # (tl.6)
            )
            new[f"{m},{n}"] += learning_rate * step  # (tl.7)
    return new


# --8<-- [end:update]
