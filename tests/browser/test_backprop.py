"""The stepper of chapter 2 as a learner uses it: by keyboard alone, then with the mouse."""

import pytest
from playwright.sync_api import Locator

from tests.browser.driver import EXPLORER, Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PATH = "course/02-backprop.ipynb"


def run_up_to_the_stepper(view: Lab) -> Locator:
    """Open the chapter and run its cells down to the first explorer, which needs none below it."""
    view.open(PATH)
    view.page.evaluate("""() => {
        const notebook = window.jupyterapp.shell.currentWidget.content;
        const cells = notebook.model.cells;
        for (let i = 0; i < cells.length; i++) {
            const source = cells.get(i).sharedModel.source;
            if (source.includes("backprop.explorer()")) { notebook.activeCellIndex = i; return; }
        }
        throw new Error('no cell calls backprop.explorer()');
    }""")
    view.page.evaluate("""() => { window.__ran = null;
        window.jupyterapp.commands.execute('notebook:run-all-above')
            .then(() => window.jupyterapp.commands.execute('notebook:run-cell'))
            .then(() => { window.__ran = true }, error => { window.__ran = String(error) }); }""")
    view.page.wait_for_function("() => window.__ran", timeout=120_000)
    view.settle(timeout=120_000)
    assert view.error_outputs() == []
    explorer = view.page.locator(EXPLORER).first
    explorer.scroll_into_view_if_needed()
    return explorer


def test_the_stepper_by_keyboard_and_by_mouse(view: Lab) -> None:
    explorer = run_up_to_the_stepper(view)
    picture, caption = explorer.locator("figure img"), explorer.locator("[role=status]")
    keyboard, guess = view.page.keyboard, explorer.locator("input[type=text]").last
    assert caption.inner_text().startswith("Step 0 of 20. Predict next: p₁ = w₁ · x₁?")

    # A wrong prediction, a right one, and on: all from the keyboard. Tab leads from the field to the button.
    guess.focus()
    keyboard.type("0.85")
    keyboard.press("Enter")
    view.settle()
    assert "here they are multiplied" in caption.inner_text()
    assert "p₁ = w₁ · x₁ = 0.175" not in caption.inner_text()
    guess.focus()
    keyboard.press("Control+a")
    keyboard.type("0.175")
    keyboard.press("Enter")
    view.settle()
    assert "0.175 is right" in caption.inner_text()
    before = picture.get_attribute("src")
    guess.focus()
    keyboard.press("Tab")
    assert view.page.evaluate("() => document.activeElement.innerText") == "Show it"
    keyboard.press("Enter")
    view.settle()
    assert caption.inner_text().startswith("Step 1 of 20. Forward: p₁ = w₁ · x₁ = 0.1750.")
    assert guess.input_value() == "", "the field is empty for the next prediction"
    assert picture.get_attribute("src") != before
    assert picture.get_attribute("alt") == caption.inner_text()

    # The slider's handle: each arrow is one number.
    handle = explorer.locator(".noUi-handle").first
    handle.focus()
    for _ in range(4):
        keyboard.press("ArrowRight")
    view.settle()
    assert caption.inner_text().startswith("Step 5 of 20. Forward: loss = ½ (y − ŷ)² = 0.1218.")

    # The mouse: on, back, another graph, and to the start.
    explorer.get_by_role("button", name="Show it").click()
    view.settle()
    assert "Local gradients: ∂loss/∂ŷ = ŷ − y = 0.4936." in caption.inner_text()
    explorer.get_by_role("button", name="One back").click()
    view.settle()
    assert caption.inner_text().startswith("Step 5 of 20.")
    explorer.locator("select").first.select_option("one layer before it")
    view.settle()
    assert "Forward: loss = ½ (y − ŷ)² = 0.1031." in caption.inner_text()
    explorer.get_by_role("button", name="Start again").click()
    view.settle()
    assert caption.inner_text().startswith("Step 0 of 20. Predict next: a₁ = v · x?")
