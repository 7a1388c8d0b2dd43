"""The optimiser explorer in JupyterLab: optimiser, start and learning rate by keyboard and by mouse."""

import nbformat
import pytest

from tests.browser.driver import Lab
from tests.browser.test_course import EXPLORER

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
    path = view.root / "course" / "descent.ipynb"
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel), path)
    view.open("course/descent.ipynb")
    assert view.run_all()
    view.settle()
    explorer = view.page.locator(EXPLORER).first
    caption, picture = explorer.locator("[role=status]"), explorer.locator("figure img")
    assert caption.inner_text().startswith("bowl, learning rate 0.032, 60 steps, all data")

    def changed(before: tuple[str, str]) -> tuple[str, str]:
        view.settle()
        now = picture.get_attribute("src"), caption.inner_text()
        assert now[0] != before[0] and now[1] != before[1]
        assert picture.get_attribute("alt") == now[1]
        return now

    def state() -> tuple[str, str]:
        return picture.get_attribute("src"), caption.inner_text()

    # by keyboard: Tab goes through the controls in order; letters and End choose in a list, arrows move a slider
    before, keyboard = state(), view.page.keyboard
    explorer.locator("select").first.focus()
    keyboard.press("Tab")
    keyboard.type("Nest")
    before = changed(before)
    assert "Nesterov: " in before[1]
    keyboard.press("Tab")
    keyboard.press("End")
    before = changed(before)
    assert "Nesterov: " in before[1] and "Nadam: " in before[1]
    handle = explorer.locator(".noUi-handle").nth(0)
    handle.focus()
    for _ in range(5):
        keyboard.press("ArrowRight")
    before = changed(before)
    assert "learning rate 0.1," in before[1]

    # by mouse: drag the start to the right, choose a surface, press the button
    track, grip = (explorer.locator(part).nth(1).bounding_box() for part in (".noUi-target", ".noUi-handle"))
    view.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    view.page.mouse.down()
    view.page.mouse.move(track["x"] + 0.8 * track["width"], grip["y"] + grip["height"] / 2, steps=5)
    view.page.mouse.up()
    before = changed(before)
    explorer.locator("select").first.select_option("banana")
    before = changed(before)
    assert before[1].startswith("banana")
    explorer.get_by_text("Start again", exact=True).click()
    before = changed(before)
    assert "from u = -1.2" in before[1]
    explorer.get_by_text("Find its best learning rate", exact=True).click()
    changed(before)
