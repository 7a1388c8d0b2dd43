"""Originals, what was added and what came of it; and tables of shares."""

import numpy as np
import pytest

from dlcourse import plots


def test_three_rows_show_original_difference_and_result():
    X = np.linspace(0, 0.5, 3 * 16).reshape(3, 4, 4)
    X_adv = X + np.array([0.1, -0.1, 0]).reshape(3, 1, 1)
    figure = plots.perturbations(X[..., None], X_adv[..., None], scale=0.1, above=list("abc"), below=list("xyz"))
    shown = np.array([[image.get_array() for image in axes.images] for axes in figure.axes])
    assert shown.shape == (3, 3, 4, 4)
    np.testing.assert_allclose(shown[0], X)
    np.testing.assert_allclose(shown[1], X_adv - X)
    np.testing.assert_allclose(shown[2], X_adv)
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert texts == [["a", "b", "c"], [], ["x", "y", "z"]]
    assert [axes.get_ylabel() for axes in figure.axes] == ["original", "added", "result"]
    # one scale for all: what was not changed is white
    assert {image.get_clim() for image in figure.axes[1].images} == {(-0.1, 0.1)}


def test_a_scale_for_each():
    X = np.zeros((2, 4, 4))
    figure = plots.perturbations(X, X + 0.1, scale=[0.1, 0.5], above=["", ""], below=["", ""])
    assert [image.get_clim()[1] for image in figure.axes[1].images] == [0.1, 0.5]


@pytest.mark.parametrize(
    ("X", "X_adv", "above", "says"),
    [
        (np.zeros((2, 4, 4)), np.zeros((2, 4, 5)), "ab", "of one shape"),
        (np.zeros((4, 4)), np.zeros((4, 4)), "abcd", "stacks of images"),
        (np.zeros((2, 4, 4)), np.zeros((2, 4, 4)), "a", "1 and 2 texts for 2 images"),
    ],
)
def test_perturbations_refuses_what_does_not_match(X, X_adv, above, says):
    with pytest.raises(ValueError, match=says):
        plots.perturbations(X, X_adv, scale=1, above=list(above), below=["x"] * len(X))


def test_a_matrix_writes_its_numbers_and_leaves_gaps():
    _, axes = plots.new_figure()
    plots.matrix(axes, np.array([[0.25, np.nan], [1, 0]]), ["a", "b"], ["c", "d"], labels=("to", "from"))
    assert [text.get_text() for text in axes.texts] == ["0.25", "1.00", "0.00"]
    assert axes.get_xlabel() == "to" and axes.get_ylabel() == "from"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    with pytest.raises(ValueError, match="for 1 rows and 2 columns"):
        plots.matrix(axes, np.zeros((2, 2)), ["a"], ["c", "d"], labels=("to", "from"))
