"""Explorer of chapter 1: how closely a hidden layer of n units can follow a curve."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, label_axes, new_figure
from dlcourse.widgets.base import Choice, Explorer, Slider

Curve = Callable[[np.ndarray], np.ndarray]
Builder = Callable[[Curve, np.ndarray], Curve]


def draw(
    builders: Mapping[str, Builder], target: Curve, x: np.ndarray, labels: tuple[str, str], unit: str, width: int
) -> tuple[Figure, str]:
    """Draw the target with the network's curve on the left, and the error along x on the right.

    Args:
        builders: from the kind of unit to a function that takes the target and (width + 1,) knots, and returns the
            network as a function of x.
        target: the curve to follow.
        x: (n_points,) where both are drawn, from the first knot to the last.
        labels: of the x and the y axis, with units.
        unit: which kind.
        width: units in the hidden layer.

    Returns:
        The figure, and its caption.
    """
    knots = np.linspace(x[0], x[-1], width + 1)
    wanted, given = target(x), builders[unit](target, knots)(x)
    error = given - wanted
    worst, peak = np.abs(error).max(), np.ptp(wanted)

    figure, (left, right) = new_figure(1, 2, size=(9.6, 3.8), sharex=True)
    left.plot(x, wanted, color=COLOURS[0], lw=3, alpha=0.6, label="target")
    left.plot(x, given, color=COLOURS[1], ls="--", lw=1.8, label=f"network, {width} {unit}")
    left.set_ylim(wanted.min() - 0.12 * peak, wanted.max() + 0.35 * peak)
    for knot in knots[:-1]:
        left.axvline(knot, ymax=0.04, color="black", lw=1.2)
    label_axes(left, *labels, legend=True)
    right.plot(x, 100 * error / peak, color=COLOURS[2])
    right.axhline(0, color="black", lw=0.8)
    right.set_ylim(-105, 105)
    label_axes(right, labels[0], "error (% of the curve's height)", title="network − target")
    units = f"{width} {unit} unit{'s' if width > 1 else ''}"
    return figure, (
        f"{units} with weights set by hand: the largest error is {100 * worst / peak:.1f} % of the curve's height. "
        "The ticks at the bottom mark where each unit wakes up."
    )


def explorer(builders: Mapping[str, Builder], target: Curve, x: np.ndarray, labels: tuple[str, str]) -> Explorer:
    """Make the explorer from the network builders that a notebook has written; see `draw`."""
    return Explorer(
        lambda unit, width: draw(builders, target, x, labels, unit, width),
        [Choice("unit", tuple(builders), label="kind of unit"), Slider("width", 1, 40, step=1, value=4, unit="units")],
        title="Follow a curve with n hidden units",
    )
