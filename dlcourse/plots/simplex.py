"""Three probabilities that add up to 1 are a point of a triangle; a Dirichlet distribution is a cloud in it."""

from collections.abc import Sequence
from math import lgamma

import numpy as np
from matplotlib.axes import Axes

CORNERS = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])  # where one class has probability 1


def simplex(axes: Axes, alpha: Sequence[float], labels: Sequence[str], *, title: str | None = None) -> Axes:
    """Draw the density of a Dirichlet distribution over three classes; darker is denser, the cross is its mean.

    Args:
        alpha: (3,) parameters, at least 1 each, so that the density is finite.
        labels: names of the three classes, written at the corners: lower left, lower right, top.
        title: above the triangle.

    Raises:
        ValueError: if there are not three of them, or one is below 1.
    """
    alpha = np.asarray(alpha, dtype=np.float64)
    if alpha.shape != (3,) or alpha.min() < 1:
        raise ValueError(f"simplex draws three parameters of at least 1, not {alpha.tolist()}")
    x, y = np.meshgrid(np.linspace(0, 1, 301), np.linspace(0, CORNERS[2, 1], 261))
    top = y / CORNERS[2, 1]
    right = x - top / 2
    p = np.stack([1 - top - right, right, top], axis=-1)
    inside = p.min(axis=-1) >= 0
    # On an edge a probability is 0; there x^0 = 1 must hold, which the logarithm of a tiny number gives.
    log_density = lgamma(alpha.sum()) - sum(map(lgamma, alpha)) + np.log(np.maximum(p, 1e-12)) @ (alpha - 1)
    density = np.where(inside, np.exp(log_density), np.nan)
    highest = max(float(np.nanmax(density)), 9.0)  # an even spread, of density 2, stays light
    axes.pcolormesh(x, y, density, cmap="Blues", vmin=0, vmax=highest, shading="auto", rasterized=True)
    axes.plot(*CORNERS[[0, 1, 2, 0]].T, color="0.3", linewidth=1.2)
    axes.plot(*(alpha / alpha.sum() @ CORNERS), "+", color="#D55E00", markersize=13, markeredgewidth=2.2)
    for corner, label, (across, up), align in zip(
        CORNERS, labels, ((0, -0.04), (0, -0.04), (0, 0.03)), ("top", "top", "bottom"), strict=True
    ):
        axes.text(corner[0] + across, corner[1] + up, label, ha="center", va=align)
    axes.set(xlim=(-0.12, 1.12), ylim=(-0.14, 1.0), aspect="equal")
    axes.set_axis_off()
    if title:
        axes.set_title(title, fontsize="medium")
    return axes
