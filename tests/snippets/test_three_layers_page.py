"""The drawings of ``three-layers.md`` show the example that its code computes."""

import numpy as np
import pytest

from engine.reading.page import parse
from engine.paths import DOCS
from figures import three_layers as drawn
from snippets.three_layers import WEIGHTS, forward, update

BOTH = [DOCS / language / "three-layers.md" for language in ("zh", "en")]


def example_of(path):
    """The names that the page's fence with the example's numbers defines."""
    source = next(f.source for f in parse(path).python_fences if "numbers = [" in f.source)
    code = [line[4:] for line in source.split("\n") if line.startswith((">>>", "..."))]
    names = {"WEIGHTS": WEIGHTS, "SOURCES": {}, "forward": forward}
    exec("\n".join(code), names)
    return names


@pytest.mark.parametrize("path", BOTH, ids=["zh", "en"])
def test_the_drawings_show_the_example_of_the_page(path):
    page = example_of(path)
    assert page["weights"] == drawn.EXAMPLE
    assert (page["x1"], page["x2"], page["z"]) == (drawn.X1, drawn.X2, drawn.Z)


def test_the_stepper_goes_forward_back_and_updates_all_weights():
    frames = drawn.training(lambda zh, en: en)
    assert len(frames) == 1 + 6 + 1 + 5 + 6 + 1
    assert sum(frame.svg.count("′ = ") for frame in frames) == len(WEIGHTS)
    assert len({frame.svg.split(">")[0] for frame in frames}) == 1, "frames of one size"


@pytest.mark.parametrize("keep", [True, False])
def test_the_curves_are_those_of_the_rules_neuron_by_neuron(keep):
    rule = drawn.errors if keep else drawn.notes_errors
    signals = forward(drawn.EXAMPLE, drawn.X1, drawn.X2)
    new = update(drawn.EXAMPLE, signals, rule(drawn.EXAMPLE, signals, drawn.Z), 1.0)
    one_by_one = [new[key] - drawn.EXAMPLE[key] for key in WEIGHTS]
    _, steps = drawn.mean_steps(
        drawn.layers_of(np.array(drawn.NUMBERS)),
        np.array([[drawn.X1], [drawn.X2]]),
        np.array([[drawn.Z]]),
        keep,
    )
    flat = np.concatenate([step.ravel() for step in steps])
    np.testing.assert_allclose(flat, one_by_one, rtol=1e-10)
