"""The activation zoo tells the value and the slope of what it is given."""

import numpy as np
import pytest

from dlcourse.widgets import activation

ZOO = {
    "square": (lambda a: a**2, lambda a: 2 * a),
    "leaky": (lambda a, alpha=0.1: np.where(a > 0, a, alpha * a), lambda a, alpha=0.1: np.where(a > 0, 1.0, alpha)),
    "nothing": (lambda a: 0 * a, lambda a: 0 * a),
}


@pytest.fixture
def explorer():
    return activation.explorer(ZOO)


def test_value_and_slope_follow_the_input(explorer):
    explorer.set(a=2.0)
    assert explorer.caption.startswith("square: at a = 2.0 the output is 4.000 and the slope 4.000.")
    assert "comes out larger" in explorer.caption


def test_steepness_scales_the_input_and_by_the_chain_rule_the_slope(explorer):
    explorer.set(a=0.5, steepness=3.0)  # (3a)², slope 18a
    assert "output is 2.250 and the slope 9.000" in explorer.caption


def test_alpha_reaches_those_that_have_one_and_no_others(explorer):
    explorer.set(name="leaky", a=-2.0, alpha=0.25)
    assert "output is -0.500 and the slope 0.250" in explorer.caption
    assert "comes out smaller" in explorer.caption
    png = explorer.png
    explorer.set(alpha=1.0)
    assert explorer.png != png
    explorer.set(name="square")
    png = explorer.png
    explorer.set(alpha=0.5)
    assert explorer.png == png


def test_flat_places_are_called_flat(explorer):
    explorer.set(name="nothing", a=-3.0)
    assert "output is 0.000 and the slope 0.000. Flat here" in explorer.caption


def test_tangent_touches_the_curve_with_the_slope_of_the_caption():
    figure, _ = activation.draw(ZOO, "square", 1.5, 2.0, 0.1)  # (2a)² = 4a², slope 8a
    x, y = figure.axes[0].lines[1].get_data()
    assert np.diff(y) / np.diff(x) == pytest.approx(12)
    assert np.interp(1.5, x, y) == pytest.approx(9)


def test_starts_where_it_is_told():
    assert activation.explorer(ZOO, start="leaky").caption.startswith("leaky")
