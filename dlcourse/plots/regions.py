"""Samples of two features as points, and what a classifier makes of the plane they lie in.

Each function draws on the axes it is given and returns them, so that a cell can put them together.
"""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.path import Path

from dlcourse.data import Dataset
from dlcourse.plots.base import COLOURS, MARKERS, label_axes


def scatter(
    axes: Axes,
    X: np.ndarray,
    y: np.ndarray,
    *,
    class_names: Sequence[str] = ("0", "1"),
    feature_names: Sequence[str] = ("x₁", "x₂"),
    size: float = 26,
) -> Axes:
    """Draw labelled samples; each class has a colour and a marker of its own, named in a legend above the axes.

    Args:
        X: (n_samples, 2).
        y: (n_samples,) class index.
        class_names, feature_names: for the legend and the two axes, units included.
        size: of a marker, in points squared.

    Raises:
        ValueError: if X does not have two columns.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"a scatter plot needs X of shape (n_samples, 2), not {X.shape}: select two features first")
    for index, name in enumerate(class_names):
        axes.scatter(
            *X[y == index].T,
            s=size,
            color=COLOURS[index],
            marker=MARKERS[index],
            edgecolor="white",
            linewidth=0.4,
            label=name,
            zorder=2,
        )
    label_axes(axes, feature_names[0], feature_names[1])
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=4, handletextpad=0.2, columnspacing=1, borderpad=0, frameon=False
    )
    return axes


def samples(axes: Axes, dataset: Dataset, *, size: float = 26) -> Axes:
    """Draw a dataset of two features, with its own names on the axes and in the legend; see `scatter`."""
    names = {"class_names": dataset.class_names, "feature_names": dataset.feature_names}
    return scatter(axes, dataset.X, dataset.y, **names, size=size)


def boundary(
    axes: Axes,
    w: np.ndarray,
    b: float,
    *,
    normal: bool = False,
    label: str | None = None,
    colour: str = "black",
    linestyle: object = "-",
) -> Axes:
    """Draw the line w·x + b = 0 across the axes as they are; nothing where it does not cross them.

    Args:
        w: (2,) weights.
        b: bias.
        normal: draw w as an arrow too, from the line's point nearest to the middle of the axes. It has length 1, and
            looks perpendicular only where both axes have the same scale (``axes.set_aspect("equal")``).
        label, colour, linestyle: of the line.
    """
    w = np.asarray(w, dtype=float)
    squared_length = w @ w
    if squared_length == 0:
        return axes
    x_limits, y_limits = axes.get_xlim(), axes.get_ylim()
    middle = np.array([np.mean(x_limits), np.mean(y_limits)])
    foot = middle - (w @ middle + b) / squared_length * w  # of the perpendicular from the middle onto the line
    along = np.array([-w[1], w[0]]) / np.sqrt(squared_length)
    reach = np.hypot(np.ptp(x_limits), np.ptp(y_limits))
    axes.plot(*np.stack([foot - reach * along, foot + reach * along]).T, color=colour, ls=linestyle, lw=2, label=label)
    inside = x_limits[0] <= foot[0] <= x_limits[1] and y_limits[0] <= foot[1] <= y_limits[1]
    if normal and inside:
        tip = foot + w / np.sqrt(squared_length)
        axes.annotate("", tip, foot, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2}, zorder=3)
        box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
        axes.annotate("w", tip, xytext=(6, 4), textcoords="offset points", fontweight="bold", bbox=box, zorder=3)
    axes.set(xlim=x_limits, ylim=y_limits)
    return axes


def regions(axes: Axes, predict: Callable[[np.ndarray], np.ndarray], *, resolution: int = 300) -> Axes:
    """Shade the axes as they are by the class that each point would get; class 1 is hatched as well.

    Args:
        predict: from (n_points, 2) to (n_points,) class indices.
        resolution: grid points along each axis.
    """
    grid_x, grid_y, classes = _on_grid(axes, predict, resolution)
    n_classes = max(int(classes.max()) + 1, 2)
    levels = np.arange(n_classes + 1) - 0.5
    hatches = ("", "//", "..", "xx")[:n_classes]
    filled = axes.contourf(
        grid_x, grid_y, classes, levels, cmap=ListedColormap(COLOURS[:n_classes]), alpha=0.18, hatches=hatches, zorder=0
    )
    filled.set_edgecolor("#00000022")  # of the hatches
    filled.set_linewidth(0)
    return axes


def probability(
    axes: Axes, predict: Callable[[np.ndarray], np.ndarray], *, levels: Sequence[float], resolution: int = 300
) -> Axes:
    """Draw lines of equal predicted probability over the axes as they are, each labelled with its value.

    The label stands an eighth of the way along what can be seen of its line: not so near the edge that it is cut off,
    and not in the middle, where the samples are.

    Args:
        predict: from (n_points, 2) to (n_points,) probabilities.
        levels: at which probabilities, in increasing order.
        resolution: grid points along each axis.
    """
    grid_x, grid_y, values = _on_grid(axes, predict, resolution)
    lines = axes.contour(grid_x, grid_y, values, levels, colors="black", linestyles="--", linewidths=1.2)
    longest = [max(pieces, key=_length) for pieces in map(_pieces, lines.get_paths()) if pieces]
    axes.clabel(lines, fmt="%g", fontsize=9, manual=[_along(piece, 1 / 8) for piece in longest])
    for text in lines.labelTexts:
        text.set_bbox({"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8})
    return axes


def mark(axes: Axes, X: np.ndarray, *, label: str | None = None, size: float = 90) -> Axes:
    """Ring some samples, for example the mistakes.

    Args:
        X: (n_samples, 2), possibly none.
        label: for the legend.
        size: of a ring, in points squared.
    """
    X = np.reshape(X, (-1, 2))
    axes.scatter(*X.T, s=size, facecolor="none", edgecolor="black", linewidth=1.3, label=label, zorder=4)
    return axes


def _pieces(path: Path) -> list[np.ndarray]:
    """The connected pieces of a contour line, each (n_points, 2)."""
    return [piece for piece in path.to_polygons(closed_only=False) if len(piece) > 1]


def _length(piece: np.ndarray) -> float:
    return np.linalg.norm(np.diff(piece, axis=0), axis=1).sum()


def _along(piece: np.ndarray, share: float) -> np.ndarray:
    """The point at this share of the way along a piece."""
    walked = np.r_[0, np.linalg.norm(np.diff(piece, axis=0), axis=1).cumsum()]
    return np.array([np.interp(share * walked[-1], walked, coordinate) for coordinate in piece.T])


def _on_grid(axes: Axes, predict: Callable, resolution: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x_limits, y_limits = axes.get_xlim(), axes.get_ylim()
    grid_x, grid_y = np.meshgrid(np.linspace(*x_limits, resolution), np.linspace(*y_limits, resolution))
    values = np.asarray(predict(np.c_[grid_x.ravel(), grid_y.ravel()]), dtype=float).reshape(grid_x.shape)
    axes.set(xlim=x_limits, ylim=y_limits)
    return grid_x, grid_y, values
