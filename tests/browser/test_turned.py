"""The explorer of turned digits in JupyterLab: digit and angle by keyboard and by mouse, and its buttons."""

import pytest

from tests.browser.driver import Lab
from tests.browser.explorer import ExplorerInLab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CELL = """
import numpy as np
from scipy import ndimage
from dlcourse import data
from dlcourse.widgets import turned

digits = data.load("digits")
means = np.array([digits.X[digits.y == k].mean(axis=0) for k in range(10)])


def nearest_mean(images):
    distance = ((images[:, None] - means) ** 2).sum(axis=(2, 3))
    p = np.exp(-distance)
    p /= p.sum(axis=1, keepdims=True)
    return p, -(p * np.log(p)).sum(axis=1) / np.log(10)


def turn(X, degrees):
    return ndimage.rotate(X, degrees, axes=(2, 1), reshape=False, order=1)


turned.explorer(digits.X, digits.y, {"nearest mean": nearest_mean}, turn, digit=3)
"""


def test_a_digit_is_chosen_and_turned(view: Lab) -> None:
    explorer = ExplorerInLab(view, "turned", CELL)
    assert explorer.caption.startswith("A 3, upright. nearest mean: 3 with p = ")

    # by keyboard: a letter chooses in the list, arrows move the sliders
    explorer.focus("select")
    explorer.keyboard.type("7")
    assert explorer.changed().startswith("A 7, upright.")
    explorer.focus(".noUi-handle", 1)
    for _ in range(3):
        explorer.keyboard.press("ArrowRight")
    assert "turned by 15° anticlockwise" in explorer.changed()

    # by mouse: drag the angle to the left, press both buttons
    caption = explorer.drag(1, 0.25)
    assert "clockwise" in caption and "anticlockwise" not in caption
    assert "All are wrong." in explorer.press("Find the surest mistake of nearest mean")
    assert explorer.press("Start again").startswith("A 7, upright.")
