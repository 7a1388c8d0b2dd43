"""A table of shares as a map: each cell as dark as its number is high, with the number in it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from dlcourse.plots.base import label_axes


def matrix(
    axes: Axes,
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    labels: tuple[str, str],
    title: str | None = None,
) -> Axes:
    """Draw shares from 0 (white) to 1 (dark); what is not a number stays empty.

    Args:
        values: (n_rows, n_columns), from 0 to 1 or nan.
        rows, columns: a name for each.
        labels: what the columns are and what the rows are.
        title: above the axes.

    Raises:
        ValueError: if names and values do not match.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"matrix: values of shape {values.shape} for {len(rows)} rows and {len(columns)} columns")
    axes.imshow(values, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.grid(visible=False)
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            colour = "white" if value > 0.6 else "black"
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour, fontsize="small")
    return label_axes(axes, *labels, title=title)
