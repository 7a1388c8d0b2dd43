"""The adversarial explorer in JupyterLab: image, target and ε by keyboard and by mouse."""

import nbformat
import pytest

from tests.browser.driver import Lab
from tests.browser.test_course import EXPLORER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CELL = """
import numpy as np
from dlcourse import data
from dlcourse.widgets import adversarial

digits = data.load("digits")
X, y = digits.X.reshape(-1, 64), digits.y
W = np.zeros((64, 10))

def predict(images):
    e = np.exp(images.reshape(-1, 64) @ W)
    return e / e.sum(axis=1, keepdims=True)

def step(images, y, eps, targeted):
    g = ((predict(images) - np.eye(10)[y]) @ W.T).reshape(images.shape)
    return np.clip(images + (-eps if targeted else eps) * np.sign(g), 0, 1)

for _ in range(200):
    W -= X.T @ (predict(X) - np.eye(10)[y]) / len(X)
names = [str(digit) for digit in range(10)]
adversarial.explorer(digits.X[:10], y[:10], predict, {"FGSM": step}, names)
"""


def test_image_target_and_eps_move_the_probabilities(view: Lab) -> None:
    path = view.root / "course" / "adversarial.ipynb"
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel), path)
    view.open("course/adversarial.ipynb")
    assert view.run_all()
    view.settle()
    explorer = view.page.locator(EXPLORER).first
    caption, picture = explorer.locator("[role=status]"), explorer.locator("figure img")
    assert caption.inner_text().startswith("Image 1, a 0; FGSM towards any other class, ε = 0.15.")

    def state() -> tuple[str, str]:
        return picture.get_attribute("src"), caption.inner_text()

    def changed(before: tuple[str, str]) -> tuple[str, str]:
        view.settle()
        now = state()
        assert now[0] != before[0] and now[1] != before[1]
        assert picture.get_attribute("alt") == now[1]
        return now

    # by keyboard: arrows move the image, letters choose the target
    before, keyboard = state(), view.page.keyboard
    explorer.locator(".noUi-handle").nth(0).focus()
    for _ in range(3):
        keyboard.press("ArrowRight")
    before = changed(before)
    assert before[1].startswith("Image 4, a 3;")
    explorer.locator("select").nth(1).focus()
    keyboard.type("8")
    before = changed(before)
    assert "towards 8, ε = 0.15" in before[1]

    # by mouse: drag ε to its end, press the buttons
    track, grip = (explorer.locator(part).nth(1).bounding_box() for part in (".noUi-target", ".noUi-handle"))
    view.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    view.page.mouse.down()
    view.page.mouse.move(track["x"] + track["width"], grip["y"] + grip["height"] / 2, steps=5)
    view.page.mouse.up()
    before = changed(before)
    assert "ε = 0.40" in before[1] and "it sees what it was made to see" in before[1]
    explorer.get_by_text("Back to the original", exact=True).click()
    before = changed(before)
    assert "ε = 0.00" in before[1] and "it is not fooled" in before[1]
    explorer.get_by_text("Find the smallest ε that works", exact=True).click()
    before = changed(before)
    assert "it sees what it was made to see" in before[1] and "ε = 0.40" not in before[1]
