"""The explorer of overfitting in JupyterLab: size, noise, weight decay and dropout by keyboard and by mouse."""

import pytest

from tests.browser.driver import Lab
from tests.browser.explorer import ExplorerInLab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CELL = """
from dlcourse import data
from dlcourse.widgets import overfitting

cells = data.load("breast_cancer").select(["mean texture", "mean concave points"])
training, validation = cells.split(0.8, seed=0)
overfitting.explorer(training.standardise(), validation.standardise(like=training))
"""


def test_a_network_is_reined_in(view: Lab) -> None:
    explorer = ExplorerInLab(view, "overfitting", CELL)
    start = "Two layers of 64 hidden units, 20 % wrong labels, weight decay 0, dropout 0."
    assert explorer.caption.startswith(start)

    # by keyboard: the lists by Home, End and letters, the sliders by arrows; Tab goes from one to the next
    explorer.focus("select")
    explorer.keyboard.press("Home")
    assert "Two layers of 1 hidden unit," in explorer.changed()
    explorer.focus(".noUi-handle")
    explorer.keyboard.press("ArrowRight")
    assert "25 % wrong labels" in explorer.changed()
    explorer.keyboard.press("Tab")  # the readout, which can be typed into
    explorer.keyboard.press("Tab")
    explorer.keyboard.press("End")
    assert "weight decay 30," in explorer.changed()

    # by mouse: drag dropout, press the button
    assert "dropout 0.5" in explorer.drag(1, 0.55)
    assert start in explorer.press("Start again")
