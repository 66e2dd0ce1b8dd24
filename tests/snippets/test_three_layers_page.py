"""The drawings of ``three-layers.md`` go through the whole example, by the rules they compare."""

import numpy as np
import pytest

from figures import three_layers as drawn
from snippets.three_layers import WEIGHTS, forward, update


def test_the_stepper_goes_forward_back_and_updates_all_weights():
    frames = drawn.training(lambda zh, en: en)
    assert len(frames) == 1 + 6 + 1 + 5 + 6 + 1
    assert sum(frame.svg.count("′ = ") for frame in frames) == len(WEIGHTS)
    assert len({frame.svg.split(">")[0] for frame in frames}) == 1, "frames of one size"


@pytest.mark.parametrize("keep", [True, False])
def test_the_curves_are_those_of_the_rules_neuron_by_neuron(keep):
    rule = drawn.errors if keep else drawn.bare_errors
    signals = forward(drawn.EXAMPLE, drawn.X1, drawn.X2)
    new = update(drawn.EXAMPLE, signals, rule(drawn.EXAMPLE, signals, drawn.T), 1.0)
    one_by_one = [new[key] - drawn.EXAMPLE[key] for key in WEIGHTS]
    _, steps = drawn.mean_steps(
        drawn.layers_of(np.array(drawn.NUMBERS)),
        np.array([[drawn.X1], [drawn.X2]]),
        np.array([[drawn.T]]),
        keep,
    )
    flat = np.concatenate([step.ravel() for step in steps])
    np.testing.assert_allclose(flat, one_by_one, rtol=1e-10)
