"""The explorer of chapter 4: spoilt labels, what its networks learn, and its verdicts."""

import numpy as np
import pytest

from dlcourse import data
from dlcourse.widgets import overfitting


@pytest.fixture(scope="module")
def biopsies():
    names = ["mean texture", "mean concave points"]
    half, held_out = data.load("breast_cancer").select(names, classes=["benign", "malignant"]).split(0.5, seed=0)
    few, _ = half.split(1 - 80 / len(half), seed=0)
    return few.standardise(), held_out.standardise(like=few)


@pytest.fixture
def explorer(biopsies):
    return overfitting.explorer(*biopsies)


@pytest.mark.parametrize("noise", [0, 0.05, 0.4, 1])
def test_a_share_of_the_labels_is_spoilt(noise):
    y = np.arange(60) % 3
    spoilt = overfitting.flip(y, noise, 3)
    assert np.sum(spoilt != y) == round(60 * noise)
    assert spoilt.min() >= 0 and spoilt.max() <= 2
    np.testing.assert_array_equal(spoilt, overfitting.flip(y, noise, 3))
    np.testing.assert_array_equal(y, np.arange(60) % 3)
    # more noise keeps the wrong labels that were there
    assert set(np.flatnonzero(overfitting.flip(y, 0.05, 3) != y)) <= set(
        np.flatnonzero(overfitting.flip(y, 0.5, 3) != y)
    )


@pytest.mark.parametrize(
    ("size", "noise", "decay", "dropout", "says"),
    [
        ("64", 20, "0", 0.0, "It overfits"),
        ("64", 0, "0", 0.0, "It overfits"),
        ("64", 20, "3", 0.0, "has not learned the wrong labels by heart"),
        ("64", 20, "0", 0.5, "has not learned the wrong labels by heart"),
        ("64", 20, "30", 0.0, "It underfits"),
        ("4", 0, "3", 0.0, "No sign of overfitting"),
    ],
)
def test_verdicts(biopsies, size, noise, decay, dropout, says):
    _, caption = overfitting.draw(*biopsies, size, noise, decay, dropout)
    assert says in caption


def test_the_figure_shows_labels_as_the_network_sees_them(biopsies):
    figure, _ = overfitting.draw(*biopsies, "2", 20, "0", 0.0)
    left, right = figure.axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["benign", "malignant", "wrong label"]
    rings = left.collections[2].get_offsets()
    assert len(rings) == 16  # 20 % of 80
    assert right.get_xlabel() == "epoch" and right.get_ylabel() == "loss (cross entropy)"
    figure, _ = overfitting.draw(*biopsies, "2", 0, "0", 0.0)
    assert "wrong label" not in [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_controls_and_button(explorer):
    assert explorer.caption.startswith("Two layers of 64 hidden units, 20 % wrong labels, weight decay 0, dropout 0.")
    before = explorer.png
    explorer.set(size="1", noise=0, decay="1", dropout=0.3)
    assert explorer.caption.startswith("Two layers of 1 hidden unit, 0 % wrong labels, weight decay 1, dropout 0.3.")
    assert explorer.png != before
    explorer.buttons["Start again"].click()
    assert dict(explorer.values) == overfitting.START
    assert explorer.png == before


@pytest.mark.parametrize(("size", "dropout"), [("1", 0.9), ("128", 0.9), ("128", 0.0)])
def test_ends_of_the_controls(explorer, size, dropout):
    explorer.set(size=size, noise=40, decay="30", dropout=dropout)
    assert "cannot be drawn" not in explorer.caption


def test_a_plane_has_two_features():
    cells = data.load("breast_cancer")
    with pytest.raises(ValueError, match="select two features first"):
        overfitting.explorer(cells, cells)
