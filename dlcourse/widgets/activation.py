"""Explorer of chapter 1: an activation function, its value and its slope at one input."""

import inspect
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, label_axes, new_figure
from dlcourse.widgets.base import Choice, Explorer, Slider

Function = Callable[..., np.ndarray]
LIMIT = 5.0  # of the input axis, on either side
STEEPEST = 4.0


def draw(
    activations: Mapping[str, tuple[Function, Function]], name: str, a: float, steepness: float, alpha: float
) -> tuple[Figure, str]:
    """Draw f(steepness · a) with its tangent at one input on the left, and the derivative on the right.

    Args:
        activations: name to (function, derivative), each of an array of inputs; those that take a keyword `alpha`
            are given it.
        name: which of them.
        a: the input looked at.
        steepness: the factor on the input, the part that ‖w‖ plays in a neuron.
        alpha: slope or size below zero, for those that have one.

    Returns:
        The figure, and its caption.
    """
    function, derivative = (_with_alpha(each, alpha) for each in activations[name])
    grid = np.linspace(-LIMIT, LIMIT, 801)
    value = float(function(np.array([steepness * a]))[0])
    slope = float(steepness * derivative(np.array([steepness * a]))[0])  # chain rule

    figure, (left, right) = new_figure(1, 2, size=(9.6, 3.8))
    left.plot(grid, function(steepness * grid), color=COLOURS[0], lw=2.2, label="f")
    reach = np.array([-1.5, 1.5])
    left.plot(a + reach, value + slope * reach, color=COLOURS[1], ls="--", label="tangent at a")
    left.plot(a, value, "o", color=COLOURS[1], markersize=9)
    bounded = np.abs(function(grid)).max() <= 1
    left.set(xlim=(-LIMIT, LIMIT), ylim=(-1.3, 1.3) if bounded else (-2.3, 5.3))
    label_axes(left, "input a", "output f", title=name, legend=True)
    left.legend(loc="upper left")
    right.plot(grid, steepness * derivative(steepness * grid), color=COLOURS[2], lw=2.2, ls="-.")
    right.plot(a, slope, "o", color=COLOURS[1], markersize=9)
    # Room for the steepest setting, so that the axis stays put while the sliders move.
    top = 1.08 * STEEPEST * np.abs(derivative(grid)).max() or 1.0
    right.set(xlim=(-LIMIT, LIMIT), ylim=(-0.08 * top, top))
    label_axes(right, "input a", "slope df/da", title="its derivative")

    # Rounded before the sign is looked at: no "-0.000".
    shown_value, shown_slope = round(value, 3) + 0.0, round(slope, 3) + 0.0
    caption = f"{name}: at a = {a:.1f} the output is {shown_value:.3f} and the slope {shown_slope:.3f}"
    return figure, f"{caption}. {_verdict(slope)}"


def explorer(activations: Mapping[str, tuple[Function, Function]], *, start: str | None = None) -> Explorer:
    """Make the activation zoo from the functions that a notebook has defined, each with its derivative.

    Args:
        activations: name to (function, derivative), see `draw`.
        start: which one to show first; by default the first.
    """
    return Explorer(
        lambda name, a, steepness, alpha: draw(activations, name, a, steepness, alpha),
        [
            Choice("name", tuple(activations), value=start, label="activation"),
            Slider("a", -LIMIT, LIMIT, step=0.1, value=1.0, label="input a"),
            Slider("steepness", 0.1, STEEPEST, step=0.1, value=1.0),
            Slider("alpha", 0.0, 2.0, step=0.05, value=0.1, label="alpha (where there is one)"),
        ],
        title="The activation zoo: what comes out, and how much it would move",
    )


def _with_alpha(function: Function, alpha: float) -> Function:
    if "alpha" in inspect.signature(function).parameters:
        return lambda a: function(a, alpha=alpha)
    return function


def _verdict(slope: float) -> str:
    if abs(slope) < 1e-3:
        return "Flat here: a small change of the input changes nothing, so nothing can be learned from it."
    if abs(slope) < 0.1:
        return "Nearly flat: the unit hardly answers to its input here."
    return "A small change of the input comes out " + (
        "about as large." if 0.9 < abs(slope) < 1.1 else "larger." if abs(slope) >= 1.1 else "smaller."
    )
