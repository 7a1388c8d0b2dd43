"""The growth explorer: its arithmetic, what it draws at the ends of its sliders, and its buttons."""

import numpy as np
import pytest

from dlcourse.widgets import growth


@pytest.fixture
def explorer():
    return growth.explorer()


def test_the_slides_numbers():
    np.testing.assert_array_equal(growth.STUDENTS, [10, 20, 40, 80])
    assert growth.predict(6, w=1, first=10) == 320
    assert growth.loss(1, 10) == 0


def test_loss_by_hand():
    # Flat at 20: the errors are 1, 0, -1, -2 doublings, their squares 1, 0, 1, 4.
    assert growth.loss(0, 20) == pytest.approx(6 / 4)
    np.testing.assert_allclose(growth.loss(np.array([[0.0], [1.0]]), 20), [[1.5], [1.0]])


@pytest.mark.parametrize("w", [0.0, growth.MAX_W])
@pytest.mark.parametrize("first", [growth.MIN_FIRST, growth.MAX_FIRST])
def test_everything_stays_on_the_axes(w, first):
    figure, _ = growth.draw(w, first)
    data_axes, loss_axes = figure.axes
    for axes in (data_axes, loss_axes):
        low, high = axes.get_ylim()
        points = [line for line in axes.lines if line.get_marker() in ("o", "*")]
        assert points
        for line in points:
            assert np.all((low < np.asarray(line.get_ydata())) & (np.asarray(line.get_ydata()) < high))


def test_the_marker_stands_on_the_loss_curve():
    figure, _ = growth.draw(0.75, 12)
    curve, marker = figure.axes[1].lines
    assert marker.get_ydata() == pytest.approx(np.interp(0.75, curve.get_xdata(), curve.get_ydata()))


@pytest.mark.parametrize(
    ("w", "first", "says"),
    [
        (0.5, 16, "A larger w"),
        (1.5, 16, "A smaller w"),
        (0.7, 16, "change the first edition"),
        (1.0, 10, "No loss is left"),
        (1.0, 10, "edition 6 would have 320 students"),
        (0.0, 20, "edition 6 would have 20 students"),
    ],
)
def test_caption(w, first, says):
    _, caption = growth.draw(w, first)
    assert says in caption


def test_sliders_move_the_caption(explorer):
    before = explorer.caption, explorer.png
    explorer.set(w=1.0)
    assert "1.00 doublings" in explorer.caption
    assert explorer.caption != before[0]
    assert explorer.png != before[1]


def test_random_changes_find_the_minimum_and_never_make_it_worse(explorer):
    losses = [growth.loss(**explorer.values)]
    for _ in range(20):
        explorer.buttons["Try one random change"].click()
        losses.append(growth.loss(**explorer.values))
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]
    explorer.buttons["Try a hundred"].click()
    explorer.buttons["Try a hundred"].click()
    assert explorer.values == {"w": 1.0, "first": 10}
    explorer.buttons["Start again"].click()
    assert explorer.values == growth.START


def test_the_same_clicks_give_the_same_picture():
    pictures = []
    for _ in range(2):
        explorer = growth.explorer()
        explorer.buttons["Try one random change"].click()
        pictures.append(explorer.png)
    assert pictures[0] == pictures[1]
