"""An explorer by itself in a notebook, moved as a person would: what each browser test of one explorer needs."""

import nbformat
from playwright.sync_api import Keyboard

from tests.browser.accessibility import serious
from tests.browser.driver import EXPLORER, Lab

_KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


class ExplorerInLab:
    """The explorer that a cell ends in, in JupyterLab."""

    def __init__(self, view: Lab, name: str, cell: str) -> None:
        """Write a notebook `name` of one cell beside the chapters, open and run it."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)], metadata=_KERNEL)
        nbformat.write(notebook, view.root / "course" / f"{name}.ipynb")
        view.open(f"course/{name}.ipynb")
        assert view.run_all()
        view.settle()
        self._view = view
        self.box = view.page.locator(EXPLORER).first
        assert serious(view.page, within=EXPLORER) == []
        self._seen = self._state()

    @property
    def keyboard(self) -> Keyboard:
        return self._view.page.keyboard

    @property
    def caption(self) -> str:
        return self._seen[1]

    def changed(self) -> str:
        """Assert that picture and caption are others than before, and that the caption is the alt text; return it."""
        self._view.settle()
        now = self._state()
        assert now[0] != self._seen[0] and now[1] != self._seen[1]
        assert self.box.locator("figure img").get_attribute("alt") == now[1]
        self._seen = now
        return now[1]

    def focus(self, control: str, number: int = 0) -> None:
        """Put the keyboard on a control: "select" for a list, ".noUi-handle" for a slider."""
        self.box.locator(control).nth(number).focus()

    def drag(self, number: int, share: float) -> str:
        """Drag a slider by mouse to a share of its track; return the new caption."""
        track, grip = (self.box.locator(part).nth(number).bounding_box() for part in (".noUi-target", ".noUi-handle"))
        mouse, middle = self._view.page.mouse, grip["y"] + grip["height"] / 2
        mouse.move(grip["x"] + grip["width"] / 2, middle)
        mouse.down()
        mouse.move(track["x"] + share * track["width"], middle, steps=5)
        mouse.up()
        return self.changed()

    def press(self, button: str) -> str:
        """Press a button by mouse; return the new caption."""
        self.box.get_by_text(button, exact=True).click()
        return self.changed()

    def _state(self) -> tuple[str, str]:
        return self.box.locator("figure img").get_attribute("src"), self.box.locator("[role=status]").inner_text()
