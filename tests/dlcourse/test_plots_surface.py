"""Maps, ways and reliefs show what they are given, and survive ways that leave the map."""

import numpy as np
import pytest

from dlcourse import plots
from dlcourse.plots.base import to_png

FIRST, SECOND = np.linspace(-2, 2, 21), np.linspace(-1, 1, 11)
LOSSES = FIRST**2 + 10 * SECOND[:, None] ** 2


@pytest.fixture
def axes():
    _, axes = plots.new_figure()
    return plots.contours(axes, FIRST, SECOND, LOSSES, labels=("w", "b"))


def test_a_map_has_labels_limits_and_lines(axes):
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("w", "b")
    assert (axes.get_xlim(), axes.get_ylim()) == ((-2, 2), (-1, 1))
    assert len(axes.collections) == 2  # shades and lines


def test_a_map_of_something_infinite_is_drawn():
    losses = LOSSES.copy()
    losses[0, 0] = np.inf
    figure, axes = plots.new_figure()
    plots.contours(axes, FIRST, SECOND, losses, labels=("w", "b"))
    assert to_png(figure)


def test_a_way_runs_from_a_ring_to_a_star(axes):
    way = np.array([[-1.0, 0.5], [0.0, 0.2], [0.5, 0.0]])
    plots.path(axes, way, label="SGD", index=1)
    line, ring, star = axes.lines
    np.testing.assert_array_equal(np.transpose(line.get_data()), way)
    assert (ring.get_marker(), star.get_marker()) == ("o", "*")
    assert (line.get_label(), line.get_color(), line.get_linestyle()) == ("SGD", plots.COLOURS[1], "--")
    assert (axes.get_xlim(), axes.get_ylim()) == ((-2, 2), (-1, 1))


@pytest.mark.parametrize("far", [1e9, np.inf, np.nan])
def test_a_way_that_flies_off_is_cut_and_has_no_star(axes, far):
    plots.path(axes, np.array([[-1.0, 0.5], [3.0, 0.2], [far, 0.0], [0.0, 0.0]]))
    assert len(axes.lines[0].get_xdata()) == 2
    assert len(axes.lines) == 2
    assert to_png(axes.figure)


def test_ways_differ_in_more_than_colour(axes):
    for index in range(3):
        plots.path(axes, np.zeros((2, 2)), index=index)
    lines = axes.lines[::3]
    assert len({line.get_color() for line in lines}) == len({str(line.get_linestyle()) for line in lines}) == 3
    assert len({line.get_marker() for line in lines}) == 3


def test_relief_has_a_panel_for_each_surface_and_cuts_off():
    surfaces = {"a": (FIRST, SECOND, LOSSES), "b": (FIRST, SECOND, LOSSES)}
    figure = plots.relief(surfaces, ceilings={"a": 5})
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["a", "b"]
    highest = [axes.get_zlim()[1] for axes in figure.axes]
    assert highest[0] < 6 < highest[1]
    assert to_png(figure)
