"""The optimiser explorer in JupyterLab: optimiser, start and learning rate by keyboard and by mouse."""

import pytest

from tests.browser.driver import Lab
from tests.browser.explorer import ExplorerInLab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CELL = """
import numpy as np
from dlcourse.scratch import optimisers, surfaces
from dlcourse.widgets import descent

rng = np.random.default_rng(0)
x = rng.normal(size=50)
data = (x, x + rng.normal(size=50))
limits = ((-3, 3), (-3, 3))
bowl = surfaces.Surface(
    "bowl", surfaces.line_loss, surfaces.line_gradient, limits, ("w", "b"), (-2, 2), data
)
descent.explorer({"bowl": bowl, "banana": surfaces.banana()}, optimisers.RULES)
"""


def test_any_optimiser_from_any_start_on_any_surface(view: Lab) -> None:
    explorer = ExplorerInLab(view, "descent", CELL)
    assert explorer.caption.startswith("bowl, learning rate 0.032, 60 steps, all data")

    # by keyboard: Tab goes through the controls in order; letters and End choose in a list, arrows move a slider
    explorer.focus("select")
    explorer.keyboard.press("Tab")
    explorer.keyboard.type("Nest")
    assert "Nesterov: " in explorer.changed()
    explorer.keyboard.press("Tab")
    explorer.keyboard.press("End")
    caption = explorer.changed()
    assert "Nesterov: " in caption and "Nadam: " in caption
    explorer.focus(".noUi-handle")
    for _ in range(5):
        explorer.keyboard.press("ArrowRight")
    assert "learning rate 0.1," in explorer.changed()

    # by mouse: drag the start to the right, choose a surface, press the buttons
    explorer.drag(1, 0.8)
    explorer.box.locator("select").first.select_option("banana")
    assert explorer.changed().startswith("banana")
    assert "from u = -1.2" in explorer.press("Start again")
    explorer.press("Find its best learning rate")
