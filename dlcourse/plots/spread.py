"""Curves that were measured several times: the middle, and the spread around it."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from dlcourse.plots.base import COLOURS, LINESTYLES, MARKERS, label_axes


def spread(
    axes: Axes,
    x: np.ndarray,
    series: Mapping[str, np.ndarray],
    *,
    labels: tuple[str, str],
    title: str | None = None,
    markers: bool = False,
    legend: bool = True,
) -> Axes:
    """Draw the median of several runs as a line, and a band from the lowest to the highest.

    Args:
        x: (n_points,) shared by all series.
        series: from the name in the legend to (n_runs, n_points) values. What is not finite leaves a gap.
        labels: of the x axis and the y axis, with units.
        title: above the axes.
        markers: mark each point.
        legend: name the series.

    Raises:
        ValueError: if a series has another number of points than x.
    """
    for index, (name, values) in enumerate(series.items()):
        values = np.asarray(values, dtype=np.float64)
        if values.ndim != 2 or values.shape[1:] != np.shape(x):
            raise ValueError(f"series {name!r} has shape {values.shape}, expected (n_runs, {np.size(x)})")
        values = np.where(np.isfinite(values), values, np.nan)
        whole = np.isfinite(values).all(axis=0)
        low, middle, high = (np.full(len(values[0]), np.nan) for _ in range(3))
        low[whole], middle[whole], high[whole] = (
            values[:, whole].min(axis=0),
            np.median(values[:, whole], axis=0),
            values[:, whole].max(axis=0),
        )
        colour = COLOURS[index % len(COLOURS)]
        axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
        axes.plot(
            x,
            middle,
            color=colour,
            linestyle=LINESTYLES[index % len(LINESTYLES)],
            marker=MARKERS[index % len(MARKERS)] if markers else None,
            linewidth=1.8,
            label=name,
        )
    return label_axes(axes, *labels, title=title, legend=legend)
