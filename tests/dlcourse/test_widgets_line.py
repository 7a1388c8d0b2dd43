"""The line explorer counts mistakes as a threshold unit makes them."""

import numpy as np
import pytest

from dlcourse import data
from dlcourse.widgets import line


@pytest.fixture(scope="module")
def penguins():
    return data.load("penguins").select(["bill length", "bill depth"], classes=["Adelie", "Gentoo"]).standardise()


@pytest.mark.parametrize(("angle", "expected"), [(0, [2, 0]), (90, [0, 2]), (-90, [0, -2]), (180, [-2, 0])])
def test_weights_turn_anticlockwise(angle, expected):
    np.testing.assert_allclose(line.weights(angle, 2.0), expected, atol=1e-12)


def test_caption_counts_the_mistakes(penguins):
    for angle, b in [(0, 0.5), (90, -1.0), (-45, 0.3), (140, 2.0)]:
        wrong = (penguins.X @ line.weights(angle, 1.0) + b > 0) != penguins.y
        _, caption = line.draw(penguins, angle, 1.0, b)
        adelies, gentoos = int((wrong & (penguins.y == 0)).sum()), int((wrong & (penguins.y == 1)).sum())
        assert f"{adelies} Adelie and {gentoos} Gentoo on the wrong side" in caption
        assert f" {wrong.sum()} mistake" in caption


def test_mistakes_are_ringed(penguins):
    figure, caption = line.draw(penguins, 0, 1.0, 0.5)
    rings = figure.axes[0].collections[-1].get_offsets()
    assert f"{len(rings)} mistakes" in caption


def test_a_line_without_mistakes_exists_on_the_sliders_and_tells_its_margin(penguins):
    explorer = line.explorer(penguins)
    assert "50 mistakes among 274" in explorer.caption
    explorer.set(angle=-45, b=0.0)
    assert "0 mistakes" in explorer.caption
    margin = np.abs(penguins.X @ [1, -1]).min() / np.sqrt(2)
    assert f"the nearest sample is {margin:.3f} away" in explorer.caption


def test_length_moves_the_line_only_if_there_is_a_bias(penguins):
    def where(length, b):
        return line.draw(penguins, -45, length, b)[1].split("the line lies ")[1].split(" from")[0]

    assert where(1.0, 0.0) == where(4.0, 0.0) == "0.00"
    assert (where(1.0, -2.0), where(4.0, -2.0)) == ("2.00", "0.50")


def test_swapping_the_sides_turns_right_into_wrong(penguins):
    explorer = line.explorer(penguins)
    explorer.set(angle=-45, b=0.0)
    explorer.buttons["Swap the sides"].click()
    assert explorer.values["angle"] == 135
    assert "274 mistakes" in explorer.caption
    explorer.buttons["Start again"].click()
    assert dict(explorer.values) == line.START


def test_every_turn_of_swap_stays_on_the_slider(penguins):
    explorer = line.explorer(penguins)
    for angle in (-180, -175, -5, 0, 5, 90, 175, 180):
        explorer.set(angle=angle)
        explorer.buttons["Swap the sides"].click()
        assert (explorer.values["angle"] - angle) % 360 == 180


def test_refuses_more_than_two_features():
    with pytest.raises(ValueError, match="4 features and 3 classes"):
        line.explorer(data.load("penguins"))
