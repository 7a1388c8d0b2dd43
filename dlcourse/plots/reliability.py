"""Is a network right as often as it says? Confidence against accuracy, bin by bin."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from dlcourse.plots.base import COLOURS, LINESTYLES, MARKERS, label_axes

Bins = tuple[np.ndarray, np.ndarray, np.ndarray]  # confidence, accuracy and share of the samples, (n_bins,) each


def reliability(
    axes: Axes,
    series: Mapping[str, Bins],
    *,
    least_share: float = 0.0,
    title: str | None = None,
    legend: bool = True,
) -> Axes:
    """Draw reliability diagrams into one pair of axes.

    Guo and others (2017), "On calibration of modern neural networks". Each bin of samples is a mark whose area grows
    with the share of the samples in it; empty bins are left out. Below the diagonal a network is right less often than
    it says.

    Args:
        series: from the name in the legend to mean confidence, accuracy and share of the samples of each bin.
        least_share: bins with a smaller share of the samples are left out: chance alone decides there.
        title: above the axes.
        legend: name the series.

    Raises:
        ValueError: if the three arrays of a series differ in length.
    """
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    axes.text(0.1, 0.11, "as it says", color="0.4", rotation=45, rotation_mode="anchor", transform_rotates_text=True)
    for index, (name, bins) in enumerate(series.items()):
        confidence, accuracy, share = (np.asarray(values, dtype=np.float64) for values in bins)
        if not confidence.shape == accuracy.shape == share.shape:
            raise ValueError(f"series {name!r}: confidence, accuracy and share must have one value for each bin")
        some = (share > 0) & (share >= least_share)
        style = {"color": COLOURS[index % len(COLOURS)], "linestyle": LINESTYLES[index % len(LINESTYLES)]}
        marker = MARKERS[index % len(MARKERS)]
        axes.plot(confidence[some], accuracy[some], marker=marker, markersize=4, linewidth=1.5, label=name, **style)
        axes.scatter(
            confidence[some], accuracy[some], s=600 * share[some], marker=marker, color=style["color"], alpha=0.3
        )
    axes.set(xlim=(0, 1.02), ylim=(-0.03, 1.05), aspect="equal")
    return label_axes(axes, "confidence: the largest probability", "share that is right", title=title, legend=legend)
