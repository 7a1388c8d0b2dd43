"""Every figure of the course, each type once: colour-blind safe, with axes, units, a caption and alt text."""

from dlcourse.plots.base import COLOURS, LINESTYLES, MARKERS, label_axes, new_figure, show

__all__ = ["COLOURS", "LINESTYLES", "MARKERS", "label_axes", "new_figure", "show"]
