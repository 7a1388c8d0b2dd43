"""Every figure of the course, each type once: colour-blind safe, with axes, units, a caption and alt text."""

from dlcourse.plots.base import COLOURS, LINESTYLES, MARKERS, label_axes, new_figure, show
from dlcourse.plots.curves import curves
from dlcourse.plots.graph import computational_graph
from dlcourse.plots.images import SIGNED, image_grid, picture, strip
from dlcourse.plots.logo import logo
from dlcourse.plots.loss import loss_curve
from dlcourse.plots.matrix import matrix
from dlcourse.plots.perturbation import perturbation, perturbations
from dlcourse.plots.regions import boundary, mark, probability, regions, samples, scatter
from dlcourse.plots.reliability import reliability
from dlcourse.plots.simplex import simplex
from dlcourse.plots.spread import spread
from dlcourse.plots.surface import contours, path, relief
from dlcourse.plots.units import unit_gallery, unit_weights

__all__ = [
    "COLOURS",
    "LINESTYLES",
    "MARKERS",
    "SIGNED",
    "boundary",
    "computational_graph",
    "contours",
    "curves",
    "image_grid",
    "label_axes",
    "logo",
    "loss_curve",
    "mark",
    "matrix",
    "new_figure",
    "path",
    "perturbation",
    "perturbations",
    "picture",
    "probability",
    "regions",
    "reliability",
    "relief",
    "samples",
    "scatter",
    "show",
    "simplex",
    "spread",
    "strip",
    "unit_gallery",
    "unit_weights",
]
