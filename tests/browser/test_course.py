"""What a participant does in JupyterLab: run a chapter, move an explorer's slider, validate an exercise."""

import json
from pathlib import Path

import nbformat
import pytest

from bench.notebooks import ROOT
from dlcourse.lab import START_PAGE
from tests.browser.accessibility import serious
from tests.browser.driver import EXPLORER, TOKEN, Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker, so one server and one browser

CHAPTERS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "course").glob("*.ipynb"))
EXERCISES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "exercises").glob("*/*.ipynb"))

SHOWN = "path => { const shown = window.jupyterapp?.shell.currentWidget; return shown?.context?.path === path; }"


def validate(view: Lab) -> str:
    """Click nbgrader's Validate and return what its dialogue says."""
    view.page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate", exact=True).click()
    view.page.wait_for_selector(".jp-Dialog .jp-Dialog-header", timeout=120_000)
    text = view.page.locator(".jp-Dialog-content").inner_text()
    view.page.locator(".jp-Dialog .jp-mod-accept").first.click()
    return text


def test_the_start_page_opens(view: Lab) -> None:
    view.page.goto(f"{view.url}/?token={TOKEN}")  # the address that JupyterLab prints and opens
    # What was open the last time may come back, behind it.
    view.page.wait_for_function(SHOWN, arg=START_PAGE, timeout=60_000)
    view.page.locator(".jp-Notebook .jp-Cell:visible").first.wait_for(timeout=60_000)


@pytest.mark.parametrize("path", CHAPTERS)
def test_chapter_runs_and_its_explorers_answer(view: Lab, path: str) -> None:
    view.open(path)
    ran = view.run_all()
    assert view.error_outputs() == []
    assert ran
    view.settle()

    explorers = view.page.locator(EXPLORER)
    assert explorers.count() >= 1, "a chapter without an explorer"
    assert serious(view.page, within=EXPLORER) == []
    for number in range(explorers.count()):
        explorer = explorers.nth(number)
        picture, caption = explorer.locator("figure img"), explorer.locator("[role=status]")
        before = picture.get_attribute("src"), caption.inner_text()
        assert picture.count() == 1 and picture.get_attribute("alt") == before[1]

        # by keyboard: Tab's target is the handle itself; Home and End reach both ends whatever the start
        handle = explorer.locator(".noUi-handle").first
        handle.scroll_into_view_if_needed()
        handle.focus()
        for _ in range(3):
            view.page.keyboard.press("ArrowRight")
        view.settle()
        after = picture.get_attribute("src"), caption.inner_text()
        if after == before:  # it stood at its right end
            for _ in range(3):
                view.page.keyboard.press("ArrowLeft")
            view.settle()
            after = picture.get_attribute("src"), caption.inner_text()
        assert after[0] != before[0], f"explorer {number + 1}: the picture stays as it was"
        assert after[1] != before[1], f"explorer {number + 1}: the caption stays as it was"
        assert picture.get_attribute("alt") == after[1]

        # by mouse: drag the handle to the left end of its track
        box = explorer.locator(".noUi-target").first.bounding_box()
        grip = handle.bounding_box()
        view.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
        view.page.mouse.down()
        view.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=4)
        view.page.mouse.up()
        view.settle()
        assert picture.get_attribute("src") != after[0], f"explorer {number + 1}: the mouse does not move it"
        explorer.screenshot(path=ROOT / "artifacts" / "screenshots" / f"{Path(path).stem}-explorer-{number + 1}.png")


def fill_in(view: Lab, path: str, name: str, change: dict[str, str]) -> str:
    """A copy of a release whose cells `grade_id` get other sources; returns its path in JupyterLab."""
    notebook = json.loads((view.root / path).read_text())
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in change:
            cell["source"] = change[grade_id]
    target = Path(path).with_name(f"{name}.ipynb")
    (view.root / target).write_text(json.dumps(notebook))
    return target.as_posix()


def answers(path: str) -> dict[str, str]:
    """The answers of the solution that belongs to a release, by grade_id."""
    solution = nbformat.read(ROOT / path.replace("exercises/", "solutions/"), as_version=4)
    return {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in solution.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


# Validate is nbgrader's, the same for all exercises; that each solution passes its tests is tested elsewhere.
@pytest.mark.parametrize("path", EXERCISES[:1])
def test_validate_tells_blank_from_solved(view: Lab, path: str) -> None:
    view.open(fill_in(view, path, "blank", {}))
    assert "NotImplementedError" in validate(view)
    view.open(fill_in(view, path, "solved", answers(path)))
    assert "Success" in validate(view)


@pytest.mark.parametrize("path", EXERCISES[:1])
def test_validate_notices_a_changed_test(view: Lab, path: str) -> None:
    tests = [
        cell.metadata.nbgrader.grade_id
        for cell in nbformat.read(ROOT / path, as_version=4).cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("points")
    ]
    view.open(fill_in(view, path, "tampered", {tests[0]: "assert True\n"}))
    assert "has changed, but it should not have" in validate(view)


def test_formgrader_lists_the_exercises(view: Lab) -> None:
    view.page.goto(f"{view.url}/lab?token={TOKEN}&reset")
    view.page.wait_for_selector("#jp-MainMenu")
    view.menu("Nbgrader", "Formgrader")
    rows = view.page.frame_locator("iframe").locator("table tbody tr", has=view.page.locator("td.name"))
    rows.first.wait_for()
    names = [text.split()[0] for text in rows.all_inner_texts()]
    assert names == sorted({Path(path).parent.name for path in EXERCISES})
