"""The convolution explorer in JupyterLab: kernel, padding, stride and place by keyboard and by mouse."""

import pytest

from tests.browser.driver import Lab
from tests.browser.explorer import ExplorerInLab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CELL = """
import numpy as np
from dlcourse.widgets import convolution

image = np.arange(80.0).reshape(8, 10) ** 1.5 % 60 // 1
edge = np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])
convolution.explorer(image, {"edges": edge, "level": np.array([[-1.0, -1], [1, 1]])})
"""


def test_any_kernel_at_any_place(view: Lab) -> None:
    explorer = ExplorerInLab(view, "convolution", CELL)
    assert explorer.caption.startswith("edges, padding valid, stride 1: 8 × 10 pixels become 6 × 8.")

    # by keyboard: letters choose in a list, Tab goes on, arrows move a slider
    explorer.focus("select")
    explorer.keyboard.type("level")
    assert explorer.changed().startswith("level, padding valid")
    explorer.keyboard.press("Tab")
    explorer.keyboard.type("same")
    caption = explorer.changed()
    assert "padding same" in caption and "become 8 × 10" in caption
    explorer.focus(".noUi-handle", 1)
    explorer.keyboard.press("ArrowRight")
    assert "Output row 3, column 2" in explorer.changed()

    # by mouse: the button goes on to the next place
    assert "Output row 3, column 3" in explorer.press("Next place")
