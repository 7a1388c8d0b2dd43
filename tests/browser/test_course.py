"""What a participant does in JupyterLab beside the chapters: find the start page, validate an exercise."""

import json
from pathlib import Path

import nbformat
import pytest

from bench.notebooks import ROOT
from dlcourse.lab import START_PAGE
from tests.browser.driver import TOKEN, Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker, so one server and one browser

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
