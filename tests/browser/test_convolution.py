"""The convolution explorer in JupyterLab: kernel, padding, stride and place by keyboard and by mouse."""

import nbformat
import pytest

from tests.browser.driver import Lab
from tests.browser.test_course import EXPLORER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CELL = """
import numpy as np
from dlcourse.widgets import convolution

image = np.arange(80.0).reshape(8, 10) ** 1.5 % 60 // 1
edge = np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])
convolution.explorer(image, {"edges": edge, "level": np.array([[-1.0, -1], [1, 1]])})
"""


def test_any_kernel_at_any_place(view: Lab) -> None:
    path = view.root / "course" / "convolution.ipynb"
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel), path)
    view.open("course/convolution.ipynb")
    assert view.run_all()
    view.settle()
    explorer = view.page.locator(EXPLORER).first
    caption, picture = explorer.locator("[role=status]"), explorer.locator("figure img")
    assert caption.inner_text().startswith("edges, padding valid, stride 1: 8 × 10 pixels become 6 × 8.")

    def state() -> tuple[str, str]:
        return picture.get_attribute("src"), caption.inner_text()

    def changed(before: tuple[str, str]) -> tuple[str, str]:
        view.settle()
        now = state()
        assert now[0] != before[0] and now[1] != before[1]
        assert picture.get_attribute("alt") == now[1]
        return now

    # by keyboard: letters choose in a list, Tab goes on, arrows move a slider
    before, keyboard = state(), view.page.keyboard
    explorer.locator("select").first.focus()
    keyboard.type("level")
    before = changed(before)
    assert before[1].startswith("level, padding valid")
    keyboard.press("Tab")
    keyboard.type("same")
    before = changed(before)
    assert "padding same" in before[1] and "become 8 × 10" in before[1]
    explorer.locator(".noUi-handle").nth(1).focus()
    keyboard.press("ArrowRight")
    before = changed(before)
    assert "Output row 3, column 2" in before[1]

    # by mouse: the button goes on to the next place
    explorer.get_by_text("Next place", exact=True).click()
    before = changed(before)
    assert "Output row 3, column 3" in before[1]
