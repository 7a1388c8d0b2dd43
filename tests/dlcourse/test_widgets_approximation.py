"""The approximation explorer measures the error that its network really makes."""

import numpy as np
import pytest

from dlcourse.widgets import approximation


def steps(target, knots):
    """A staircase: the target at the last knot passed."""
    return lambda x: target(knots[np.searchsorted(knots, x, side="right").clip(1, len(knots) - 1) - 1])


def straight(target, knots):
    return lambda x: np.interp(x, knots, target(knots))


@pytest.fixture
def explorer():
    x = np.linspace(0, 1, 101)
    return approximation.explorer({"step": steps, "line": straight}, lambda x: x**2, x, ("x (m)", "y (m)"))


def test_caption_tells_width_and_largest_error(explorer):
    explorer.set(unit="line", width=2)  # the parabola's chord over half the range is off by 1/16
    assert explorer.caption.startswith("2 line units with weights set by hand: the largest error is 6.2 %")


def test_error_falls_with_width(explorer):
    shown = []
    for width in (1, 4, 16):
        explorer.set(width=width)
        shown.append(float(explorer.caption.split("error is ")[1].split(" %")[0]))
    assert shown[0] > 2 * shown[1] > 4 * shown[2] > 0


def test_one_unit_is_singular(explorer):
    explorer.set(width=1)
    assert explorer.caption.startswith("1 step unit with")


def test_changing_the_kind_changes_the_picture(explorer):
    png = explorer.png
    explorer.set(unit="line")
    assert explorer.png != png


def test_error_is_network_minus_target():
    x = np.linspace(0, 1, 11)
    figure, _ = approximation.draw({"line": straight}, lambda x: x**2, x, ("x", "y"), "line", 1)
    np.testing.assert_allclose(figure.axes[1].lines[0].get_ydata(), 100 * (x - x**2), atol=1e-12)
