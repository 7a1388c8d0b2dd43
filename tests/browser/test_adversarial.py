"""The adversarial explorer in JupyterLab: image, target and ε by keyboard and by mouse."""

import pytest

from tests.browser.driver import Lab
from tests.browser.explorer import ExplorerInLab

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
    explorer = ExplorerInLab(view, "adversarial", CELL)
    assert explorer.caption.startswith("Image 1, a 0; FGSM towards any other class, ε = 0.15.")

    # by keyboard: arrows move the image, letters choose the target
    explorer.focus(".noUi-handle")
    for _ in range(3):
        explorer.keyboard.press("ArrowRight")
    assert explorer.changed().startswith("Image 4, a 3;")
    explorer.focus("select", 1)
    explorer.keyboard.type("8")
    assert "towards 8, ε = 0.15" in explorer.changed()

    # by mouse: drag ε to its end, press the buttons
    caption = explorer.drag(1, 1.0)
    assert "ε = 0.40" in caption and "it sees what it was made to see" in caption
    caption = explorer.press("Back to the original")
    assert "ε = 0.00" in caption and "it is not fooled" in caption
    caption = explorer.press("Find the smallest ε that works")
    assert "it sees what it was made to see" in caption and "ε = 0.40" not in caption
