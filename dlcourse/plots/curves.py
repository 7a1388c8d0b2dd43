"""Curves over a common axis: activations, losses, errors."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from dlcourse.plots.base import COLOURS, LINESTYLES, MARKERS, label_axes


def curves(
    axes: Axes,
    x: np.ndarray,
    series: Mapping[str, np.ndarray],
    *,
    labels: tuple[str, str],
    title: str | None = None,
    markers: bool = False,
    legend: bool = True,
) -> Axes:
    """Draw one curve for each series; curves differ in line style as well as in colour.

    Args:
        x: (n_points,) shared by all series.
        series: from the name in the legend to (n_points,) values.
        labels: of the x axis and the y axis, with units.
        title: above the axes.
        markers: mark each point, where the points were measured one by one.
        legend: name the series.

    Raises:
        ValueError: if a series has another length than x.
    """
    for index, (name, values) in enumerate(series.items()):
        if np.shape(values) != np.shape(x):
            raise ValueError(f"series {name!r} has shape {np.shape(values)}, x has {np.shape(x)}: one value for each x")
        axes.plot(
            x,
            values,
            color=COLOURS[index % len(COLOURS)],
            linestyle=LINESTYLES[index % len(LINESTYLES)],
            marker=MARKERS[index % len(MARKERS)] if markers else None,
            linewidth=2,
            label=name,
        )
    return label_axes(axes, *labels, title=title, legend=legend)
