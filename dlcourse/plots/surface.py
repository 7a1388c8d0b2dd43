"""Maps of a loss of two parameters, and the ways that optimisers take across them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, LINESTYLES, MARKERS, label_axes, new_figure


def contours(
    axes: Axes,
    first: np.ndarray,
    second: np.ndarray,
    losses: np.ndarray,
    *,
    labels: tuple[str, str],
    lowest: float | None = None,
    n_levels: int = 12,
    filled: bool = True,
    colour: str = "0.35",
    linestyle: str = "-",
) -> Axes:
    """Draw the map of a loss: lines of equal loss, closer together near the bottom; white is low, grey is high.

    Args:
        first, second: (n_columns,) and (n_rows,) values of the two parameters.
        losses: (n_rows, n_columns).
        labels: names of the two parameters, with units.
        lowest: the loss at the bottom, if it is lower than any on the grid.
        n_levels: how many lines.
        filled: shade the map.
        colour, linestyle: of the lines.
    """
    losses = np.asarray(losses, dtype=np.float64)
    lowest = losses.min() if lowest is None else lowest
    height = losses[np.isfinite(losses)].max() - lowest
    above = np.maximum(losses - lowest, 1e-6 * height)
    levels = height * np.geomspace(1e-3, 1, n_levels + 1)
    if filled:
        norm = LogNorm(levels[0], levels[-1])
        axes.contourf(first, second, above, levels, cmap="Greys", norm=norm, alpha=0.32, extend="min")
    axes.contour(first, second, above, levels, colors=colour, linewidths=0.8, linestyles=linestyle)
    axes.grid(False)
    axes.set(xlim=(first[0], first[-1]), ylim=(second[0], second[-1]))
    return label_axes(axes, *labels)


def path(axes: Axes, points: np.ndarray, *, label: str | None = None, index: int = 0, markers: bool = True) -> Axes:
    """Draw the way of an optimiser: a line with a mark for each step, from a ring to a star.

    Args:
        points: (n_steps + 1, 2). What lies far outside the axes, or is not finite, is cut off.
        label: for the legend.
        index: of the colour, line style and marker.
        markers: mark each step.
    """
    points = np.asarray(points, dtype=np.float64)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    reach = np.array([right - left, top - bottom])
    middle = np.array([left + right, bottom + top]) / 2
    with np.errstate(invalid="ignore"):
        lost = ~(np.abs(points - middle) < 50 * reach).all(axis=1)
    shown = points[: np.argmax(lost)] if lost.any() else points
    colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
    axes.plot(
        *shown.T,
        color=colour,
        linestyle=LINESTYLES[index % len(LINESTYLES)],
        marker=marker if markers else None,
        markersize=3.5,
        linewidth=1.4,
        label=label,
        zorder=3,
    )
    axes.plot(*points[0], "o", markersize=10, markerfacecolor="white", markeredgecolor="black", zorder=4)
    if not lost.any():
        axes.plot(*points[-1], "*", markersize=15, color=colour, markeredgecolor="black", zorder=5)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    return axes


def relief(
    surfaces: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]],
    *,
    labels: tuple[str, str] = ("θ₁", "θ₂"),
    ceilings: Mapping[str, float] | None = None,
) -> Figure:
    """Draw surfaces in three dimensions, side by side; a first look, where a map is for reading values off.

    Args:
        surfaces: from a title to (n_columns,) and (n_rows,) values of the two parameters and (n_rows, n_columns)
            losses.
        labels: names of the two parameters, the same for all.
        ceilings: cut off what is higher, by title.
    """
    kwargs = {"squeeze": False, "subplot_kw": {"projection": "3d"}}
    figure, panels = new_figure(1, len(surfaces), size=(3.65 * len(surfaces), 3.7), **kwargs)
    for axes, (title, (first, second, losses)) in zip(panels.flat, surfaces.items(), strict=True):
        shown = np.array(losses, dtype=np.float64)
        if ceilings and title in ceilings:
            shown = np.minimum(shown, ceilings[title])
        axes.plot_surface(*np.meshgrid(first, second), shown, cmap="cividis", linewidth=0, rcount=80, ccount=80)
        label_axes(axes, *labels, title=title)
        axes.set(zlabel="loss", xticks=[], yticks=[], zticks=[])
        axes.xaxis.labelpad = axes.yaxis.labelpad = axes.zaxis.labelpad = -12
        axes.set_box_aspect((1, 1, 0.8), zoom=0.95)
    return figure
