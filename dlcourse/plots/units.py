"""What units that look at images do: their incoming weights as images, and the samples that drive them most."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlcourse.plots.base import new_figure


def unit_weights(weights: np.ndarray, *, titles: Sequence[str] | None = None, columns: int = 8) -> Figure:
    """Draw the incoming weights of each unit as an image: purple above zero, orange below, all on one scale.

    Args:
        weights: (n_units, height, width).
        titles: one above each image; none by default.
        columns: images in a row.

    Raises:
        ValueError: if `weights` does not have three axes, or the titles are not one for each unit.
    """
    weights = np.asarray(weights)
    if weights.ndim != 3 or len(weights) == 0:
        raise ValueError(f"unit_weights needs shape (n_units, height, width), not {weights.shape}: reshape the columns")
    if titles is not None and len(titles) != len(weights):
        raise ValueError(f"{len(titles)} titles for {len(weights)} units: one for each")
    columns = min(columns, len(weights))
    rows = -(-len(weights) // columns)
    size = (0.95 * columns + 1.2, (0.95 if titles is None else 1.15) * rows + 0.2)
    figure, axes = new_figure(rows, columns, size=size, squeeze=False)
    limit = np.abs(weights).max() or 1.0
    for place, ax in enumerate(axes.flat):
        if place >= len(weights):
            ax.set_visible(False)
            continue
        drawn = _weights(ax, weights[place], limit)
        if titles is not None:
            ax.set_title(titles[place], fontsize="small", pad=3)
    figure.colorbar(drawn, ax=axes, shrink=0.9, aspect=25, label="weight")
    return figure


def unit_gallery(weights: np.ndarray, strongest: np.ndarray, labels: np.ndarray, *, names: Sequence[str]) -> Figure:
    """Draw, a row for each unit, its incoming weights and the samples that drive it most.

    The layout follows Zeiler & Fergus (ECCV 2014), who put a unit's strongest patches beside what it looks for.

    Args:
        weights: (n_units, height, width).
        strongest: (n_units, n_strongest, height, width) samples, strongest first.
        labels: (n_units, n_strongest) class of each sample, written above it.
        names: of the units.

    Raises:
        ValueError: if these are not for the same units.
    """
    weights, strongest, labels = np.asarray(weights), np.asarray(strongest), np.asarray(labels)
    if not len(weights) == len(strongest) == len(labels) == len(names):
        raise ValueError(f"{len(weights)} weights, {len(strongest)} samples, {len(labels)} labels, {len(names)} names")
    n_units, n_strongest = strongest.shape[:2]
    size = (0.8 * (n_strongest + 1) + 2.2, 1.0 * n_units + 0.1)
    figure, axes = new_figure(n_units, n_strongest + 1, size=size, squeeze=False)
    limit, ink = np.abs(weights).max() or 1.0, strongest.max() or 1.0
    for row, name in enumerate(names):
        drawn = _weights(axes[row, 0], weights[row], limit)
        axes[row, 0].set_ylabel(name, rotation=0, ha="right", va="center")
        for column, ax in enumerate(axes[row, 1:]):
            _frame(ax)
            ax.imshow(strongest[row, column], cmap="Greys", vmin=0, vmax=ink)
            ax.set_title(str(labels[row, column]), fontsize="small", pad=2)
    axes[0, 0].set_title("weights", fontsize="small", pad=2)
    figure.colorbar(drawn, ax=axes, shrink=0.7, aspect=30, label="weight")
    return figure


def _weights(axes: Axes, weights: np.ndarray, limit: float) -> object:
    _frame(axes)
    return axes.imshow(weights, cmap="PuOr", vmin=-limit, vmax=limit)


def _frame(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set(visible=True, color="#999999")
