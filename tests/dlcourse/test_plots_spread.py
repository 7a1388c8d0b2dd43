"""A spread is the median with a band from the lowest to the highest run."""

import numpy as np
import pytest

from dlcourse import plots


def test_median_and_band():
    _, axes = plots.new_figure()
    runs = np.array([[1.0, 4.0], [2.0, 5.0], [6.0, 9.0]])
    plots.spread(axes, [0, 1], {"a": runs, "b": runs + 1}, labels=("epoch", "loss"), markers=True, title="T")
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [2, 5])
    corners = axes.collections[0].get_paths()[0].vertices
    assert (corners[:, 1].min(), corners[:, 1].max()) == (1, 9)
    assert [line.get_marker() for line in axes.lines] == ["o", "s"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title(loc="left")) == ("epoch", "loss", "T")


def test_a_run_that_exploded_leaves_a_gap(recwarn):
    _, axes = plots.new_figure()
    runs = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, np.inf]])
    plots.spread(axes, [0, 1, 2], {"a": runs}, labels=("lr", "loss"), legend=False)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [1, np.nan, np.nan])
    assert axes.get_legend() is None
    assert not recwarn.list


def test_another_number_of_points_is_named():
    _, axes = plots.new_figure()
    with pytest.raises(ValueError, match=r"series 'a' has shape \(3,\), expected \(n_runs, 2\)"):
        plots.spread(axes, [0, 1], {"a": [1, 2, 3]}, labels=("x", "y"))
