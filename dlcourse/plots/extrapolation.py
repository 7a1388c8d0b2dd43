"""A few examples, and what several models say beyond them."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import label_axes, new_figure
from dlcourse.plots.curves import curves


def draw_extrapolation(
    x: np.ndarray,
    y: np.ndarray,
    models: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    *,
    until: int,
    level: tuple[str, float],
    labels: tuple[str, str],
) -> Figure:
    """Draw examples and models from the first example to far beyond the last, with y on a logarithmic axis.

    Args:
        x: (n_samples,) whole numbers.
        y: (n_samples,) positive.
        models: from the name in the legend to a function of an array of x.
        until: the last x at which the models are asked.
        level: name and height of a line to compare with.
        labels: of the x axis and the y axis, with units.
    """
    figure, axes = new_figure(size=(7.5, 3.8))
    asked = np.arange(np.min(x), until + 1)
    curves(axes, asked, {name: model(asked) for name, model in models.items()}, labels=labels, legend=False)
    axes.plot(x, y, "o", color="black", zorder=3, label=f"the {len(x)} examples")
    name, height = level
    axes.axhline(height, color="0.5", linewidth=1)
    axes.annotate(name, (asked[0], height), xytext=(0, 4), textcoords="offset points", color="0.35")
    axes.set_yscale("log")
    axes.set_xticks(asked[::3])
    label_axes(axes, labels[0], f"{labels[1]}, logarithmic axis")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.22))
    return figure
