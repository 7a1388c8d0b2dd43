"""The explorer of turned digits in JupyterLab: digit and angle by keyboard and by mouse, and its buttons."""

import nbformat
import pytest

from tests.browser.driver import Lab
from tests.browser.test_course import EXPLORER

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
    path = view.root / "course" / "turned.ipynb"
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel), path)
    view.open("course/turned.ipynb")
    assert view.run_all()
    view.settle()
    explorer = view.page.locator(EXPLORER).first
    caption, picture = explorer.locator("[role=status]"), explorer.locator("figure img")
    assert caption.inner_text().startswith("A 3, upright. nearest mean: 3 with p = ")

    def changed(before: tuple[str, str]) -> tuple[str, str]:
        view.settle()
        now = picture.get_attribute("src"), caption.inner_text()
        assert now[0] != before[0] and now[1] != before[1]
        assert picture.get_attribute("alt") == now[1]
        return now

    before, keyboard = (picture.get_attribute("src"), caption.inner_text()), view.page.keyboard

    # by keyboard: a letter chooses in the list, Tab goes on, arrows move the sliders
    explorer.locator("select").first.focus()
    keyboard.type("7")
    before = changed(before)
    assert before[1].startswith("A 7, upright.")
    explorer.locator(".noUi-handle").nth(1).focus()
    for _ in range(3):
        keyboard.press("ArrowRight")
    before = changed(before)
    assert "turned by 15° anticlockwise" in before[1]

    # by mouse: drag the angle to the left, press both buttons
    track, grip = (explorer.locator(part).nth(1).bounding_box() for part in (".noUi-target", ".noUi-handle"))
    view.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    view.page.mouse.down()
    view.page.mouse.move(track["x"] + 0.25 * track["width"], grip["y"] + grip["height"] / 2, steps=5)
    view.page.mouse.up()
    before = changed(before)
    assert "clockwise" in before[1] and "anticlockwise" not in before[1]
    explorer.get_by_text("Find the surest mistake of nearest mean", exact=True).click()
    before = changed(before)
    assert "All are wrong." in before[1]
    explorer.get_by_text("Start again", exact=True).click()
    assert changed(before)[1].startswith("A 7, upright.")
