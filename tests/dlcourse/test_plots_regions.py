"""Points and lines land where they belong, and nothing is told by colour alone."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from dlcourse import data, plots
from dlcourse.plots.base import to_png

X = np.array([[0.0, 0.0], [1.0, 0.5], [-1.0, 2.0], [2.0, -1.0]])
y = np.array([0, 1, 0, 1])


@pytest.fixture
def axes():
    _, axes = plots.new_figure()
    axes.set(xlim=(-3, 3), ylim=(-2, 4), aspect="equal")
    return axes


def offsets(collection):
    return np.asarray(collection.get_offsets())


def test_scatter_draws_each_class_once_with_its_own_marker_and_colour(axes):
    plots.scatter(axes, X, y, class_names=("cat", "dog"), feature_names=("ears (cm)", "tail (cm)"))
    cats, dogs = axes.collections
    np.testing.assert_array_equal(offsets(cats), X[y == 0])
    np.testing.assert_array_equal(offsets(dogs), X[y == 1])
    assert tuple(cats.get_facecolor()[0]) != tuple(dogs.get_facecolor()[0])
    assert len(cats.get_paths()[0].vertices) != len(dogs.get_paths()[0].vertices)  # a circle and a square
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["cat", "dog"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("ears (cm)", "tail (cm)")


def test_samples_takes_names_from_the_dataset(axes):
    iris = data.load("iris").select(["petal length", "sepal width"], classes=["virginica", "setosa"])
    plots.samples(axes, iris)
    np.testing.assert_array_equal(offsets(axes.collections[1]), iris.X[iris.y == 1])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["virginica", "setosa"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("petal length (cm)", "sepal width (cm)")


@pytest.mark.parametrize("shape", [(4, 3), (4,), (4, 2, 2)])
def test_scatter_refuses_what_does_not_lie_in_a_plane(axes, shape):
    with pytest.raises(ValueError, match="select two features first"):
        plots.scatter(axes, np.zeros(shape), y)


@pytest.mark.parametrize(("w", "b"), [((1.0, -1.0), 0.5), ((0.0, 2.0), -3.0), ((-3.0, 0.0), 1.0), ((0.2, 5.0), 0.0)])
def test_boundary_is_where_the_score_is_zero_and_crosses_the_axes(axes, w, b):
    plots.boundary(axes, w, b)
    ends = axes.lines[0].get_xydata()
    np.testing.assert_allclose(ends @ w + b, 0, atol=1e-12)
    # It reaches beyond the axes on both sides, and leaves them as they were.
    assert np.linalg.norm(ends[1] - ends[0]) > np.hypot(6, 6)
    assert (axes.get_xlim(), axes.get_ylim()) == ((-3, 3), (-2, 4))


def test_normal_has_length_one_and_points_to_the_side_of_yes(axes):
    w, b = np.array([2.0, 1.0]), -1.0
    plots.boundary(axes, w, b, normal=True)
    arrow = axes.texts[0]
    foot, tip = np.array(arrow.xyann), np.array(arrow.xy)
    assert foot @ w + b == pytest.approx(0)
    np.testing.assert_allclose(tip - foot, w / np.sqrt(5))


def test_boundary_without_weights_is_no_line(axes):
    plots.boundary(axes, (0.0, 0.0), 1.0, normal=True)
    assert not axes.lines
    assert not axes.texts


def test_no_arrow_outside_the_axes(axes):
    plots.boundary(axes, (1.0, 0.0), -50.0, normal=True)
    assert not axes.texts


def test_regions_shade_by_class_with_hatches_and_keep_the_limits(axes):
    plots.regions(axes, lambda points: points[:, 0] > 0, resolution=50)
    (filled,) = axes.collections
    assert tuple(filled.hatches[:2]) == ("", "//")
    np.testing.assert_allclose(filled.get_facecolor()[0][:3], to_rgb(plots.COLOURS[0]))
    np.testing.assert_allclose(filled.get_facecolor()[1][:3], to_rgb(plots.COLOURS[1]))
    no, yes = (path.vertices for path in filled.get_paths()[:2])
    assert no[:, 0].max() <= 0.1
    assert yes[:, 0].min() >= -0.1
    assert (axes.get_xlim(), axes.get_ylim()) == ((-3, 3), (-2, 4))


def test_regions_where_one_class_takes_all(axes):
    plots.regions(axes, lambda points: np.zeros(len(points)), resolution=10)
    assert to_png(axes.figure)


def test_probability_lines_run_where_the_probability_is(axes):
    plots.probability(axes, lambda points: points[:, 0] / 6 + 0.5, levels=(0.25, 0.5), resolution=61)
    quarter, half = (path.vertices[:, 0] for path in axes.collections[0].get_paths())
    np.testing.assert_allclose(quarter, -1.5, atol=1e-9)
    np.testing.assert_allclose(half, 0, atol=1e-9)
    assert sorted(text.get_text() for text in axes.texts) == ["0.25", "0.5"]


def test_probability_labels_stand_on_their_lines_away_from_the_edges(axes):
    plots.probability(axes, lambda points: (points[:, 0] + points[:, 1] + 5) / 12, levels=(0.25, 0.9))
    quarter, most = sorted(axes.texts, key=lambda text: text.get_text())
    # 0.25 runs from (-3, 1) to (0, -2), and 0.9 from (1.8, 4) to (3, 2.8): an eighth of that, from either end
    for label, total, length in ((quarter, -2, 3), (most, 5.8, 1.2)):
        x, y = label.get_position()
        assert x + y == pytest.approx(total, abs=0.05)
        assert min(abs(x - limit) for limit in (-3, 3, total + 2, total - 4)) == pytest.approx(length / 8, abs=0.05)


def test_probability_that_is_not_reached_has_no_label(axes):
    plots.probability(axes, lambda points: np.linspace(0.6, 0.7, len(points)), levels=(0.1, 0.65))
    assert [text.get_text() for text in axes.texts] == ["0.65"]


def test_mark_rings_samples(axes):
    plots.mark(axes, X[1:3], label="mistakes")
    (rings,) = axes.collections
    np.testing.assert_array_equal(offsets(rings), X[1:3])
    assert len(rings.get_facecolor()) == 0


@pytest.mark.parametrize("samples", [X[0], np.empty((0, 2))])
def test_mark_takes_one_sample_or_none(axes, samples):
    plots.mark(axes, samples)
    assert len(offsets(axes.collections[0])) == samples.size // 2
