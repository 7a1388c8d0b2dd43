"""Curves are told apart by more than their colour."""

import numpy as np
import pytest

from dlcourse import plots


def test_each_series_has_its_values_name_colour_and_line_style():
    _, axes = plots.new_figure()
    x = np.linspace(0, 1, 5)
    plots.curves(axes, x, {"a": x, "b": x**2, "c": -x}, labels=("time (s)", "height (m)"), title="Up")
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), x**2)
    assert len({line.get_color() for line in axes.lines}) == 3
    assert len({str(line.get_linestyle()) for line in axes.lines}) == 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b", "c"]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title(loc="left")) == ("time (s)", "height (m)", "Up")


def test_markers_and_legend_are_optional():
    _, axes = plots.new_figure()
    plots.curves(axes, [1, 2], {"a": [1, 2], "b": [3, 4]}, labels=("x", "y"), markers=True, legend=False)
    assert [line.get_marker() for line in axes.lines] == ["o", "s"]
    assert axes.get_legend() is None


def test_more_series_than_colours_still_differ():
    _, axes = plots.new_figure()
    plots.curves(axes, [0, 1], {str(n): [n, n] for n in range(9)}, labels=("x", "y"))
    assert len(axes.lines) == 9


def test_a_series_of_another_length_is_named():
    _, axes = plots.new_figure()
    with pytest.raises(ValueError, match=r"series 'b' has shape \(3,\), x has \(2,\)"):
        plots.curves(axes, [0, 1], {"a": [0, 1], "b": [0, 1, 2]}, labels=("x", "y"))
