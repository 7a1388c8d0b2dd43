"""The explorer of overfitting in JupyterLab: size, noise, weight decay and dropout by keyboard and by mouse."""

import nbformat
import pytest

from tests.browser.driver import Lab
from tests.browser.test_course import EXPLORER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CELL = """
from dlcourse import data
from dlcourse.widgets import overfitting

cells = data.load("breast_cancer").select(["mean texture", "mean concave points"])
training, validation = cells.split(0.8, seed=0)
overfitting.explorer(training.standardise(), validation.standardise(like=training))
"""


def test_a_network_is_reined_in(view: Lab) -> None:
    path = view.root / "course" / "overfitting.ipynb"
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel), path)
    view.open("course/overfitting.ipynb")
    assert view.run_all()
    view.settle()
    explorer = view.page.locator(EXPLORER).first
    caption, picture = explorer.locator("[role=status]"), explorer.locator("figure img")
    assert caption.inner_text().startswith(
        "Two layers of 64 hidden units, 20 % wrong labels, weight decay 0, dropout 0."
    )

    def state() -> tuple[str, str]:
        return picture.get_attribute("src"), caption.inner_text()

    def changed(before: tuple[str, str]) -> tuple[str, str]:
        view.settle()
        now = state()
        assert now[0] != before[0] and now[1] != before[1]
        assert picture.get_attribute("alt") == now[1]
        return now

    # by keyboard: the lists by Home, End and letters, the sliders by arrows; Tab goes from one to the next
    before, keyboard = state(), view.page.keyboard
    explorer.locator("select").first.focus()
    keyboard.press("Home")
    before = changed(before)
    assert "Two layers of 1 hidden unit," in before[1]
    handle = explorer.locator(".noUi-handle").nth(0)
    handle.focus()
    keyboard.press("ArrowRight")
    before = changed(before)
    assert "25 % wrong labels" in before[1]
    keyboard.press("Tab")  # the readout, which can be typed into
    keyboard.press("Tab")
    keyboard.press("End")
    before = changed(before)
    assert "weight decay 30," in before[1]

    # by mouse: drag dropout, press the button
    track, grip = (explorer.locator(part).nth(1).bounding_box() for part in (".noUi-target", ".noUi-handle"))
    view.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    view.page.mouse.down()
    view.page.mouse.move(track["x"] + 0.55 * track["width"], grip["y"] + grip["height"] / 2, steps=5)
    view.page.mouse.up()
    before = changed(before)
    assert "dropout 0.5" in before[1]
    explorer.get_by_text("Start again", exact=True).click()
    before = changed(before)
    assert "Two layers of 64 hidden units, 20 % wrong labels, weight decay 0, dropout 0." in before[1]
