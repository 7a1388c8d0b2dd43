"""What an instructor does in formgrader with a class that was graded: open a submission, give a mark and a comment."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response

from autograder.course import Course, find_course
from autograder.grade import grade
from autograder.gradebook import read_gradebook
from autograder.marks import COLUMNS, marks_file, read_table, write_table
from autograder.release import release
from dlcourse.lab import START_PAGE
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, REPOSITORY, find, make_solution, submit, write_notebook
from tests.browser.conftest import SHOTS
from tests.browser.driver import TOKEN, Lab, lab

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

COMMENT = "A good reason. Say also *why* it holds for $a < 0$."


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A small class, graded: two of three written answers wait for a person."""
    root = tmp_path_factory.mktemp("formgrader") / "course"
    root.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "course").mkdir()
    shutil.copy(REPOSITORY / START_PAGE, root / "course")  # which JupyterLab is started on
    write_notebook(root / "solutions" / ASSIGNMENT / "numbers.ipynb", make_solution())
    release(root, ASSIGNMENT)
    course = find_course(root)
    submit(course, "ann")
    submit(course, "bob", lambda notebook: setattr(find(notebook, "add"), "source", "def add(a, b):\n    return a - b"))
    submit(course, "cy", lambda notebook: setattr(find(notebook, "why"), "source", "YOUR ANSWER HERE"))
    grade(course, ASSIGNMENT, engine=FakeEngine())
    return course


@pytest.fixture(scope="module")
def server(course: Course, chromium: Browser) -> Iterator[Lab]:
    with lab(course.root, chromium) as view:
        view.page.goto(f"{view.url}/lab?token={TOKEN}")  # logs in
        yield view


# formgrader listens to what is typed only once it has fetched marks and comments, which the inputs do not wait for.
LOADED = "() => typeof formgrader !== 'undefined' && formgrader.grades?.loaded && formgrader.comments?.loaded"


def formgrader(view: Lab, path: str) -> Page:
    view.page.goto(f"{view.url}/formgrader/{path}")
    return view.page


def row_of(course: Course, student: str) -> tuple[float | None, bool, str | None]:
    """The mark that a person gave, whether it waits for one, and the comment."""
    marks = read_gradebook(course, ASSIGNMENT)
    row = marks.rows[student]["numbers"]["why"]
    said = {cell: manual for _, cell, _, manual in marks.comments[student]}
    return row.manual, row.waits, said["why"]


def saved(response: Response) -> bool:
    return "/formgrader/api/" in response.url and response.request.method == "PUT" and response.ok


def test_a_mark_and_a_comment_stay(server: Lab, course: Course) -> None:
    page = formgrader(server, f"manage_submissions/{ASSIGNMENT}")
    page.wait_for_selector("td.student-id")
    assert page.locator("td.student-id").all_inner_texts() == ["ann", "bob", "cy"]

    page = formgrader(server, f"gradebook/{ASSIGNMENT}/numbers")
    submissions = page.locator("tbody tr", has=page.locator("a.name-hidden"))
    submissions.first.wait_for()
    assert submissions.count() == 3
    submissions.filter(has=page.locator("a.name-shown", has_text="bob")).locator("a.name-hidden").click()
    page.wait_for_function(LOADED)
    assert "that is the difference" in page.locator("body").inner_text()
    with page.expect_response(saved):
        page.locator("input#why").fill("1.5")
        page.locator("input#why").press("Tab")
    with page.expect_response(saved):
        page.locator("textarea#why-comment").fill(COMMENT)
        page.locator("textarea#why-comment").press("Tab")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "formgrader-submission.png")
    assert row_of(course, "bob") == (1.5, False, COMMENT)

    result = grade(course, ASSIGNMENT, engine=FakeEngine())
    assert result.counts == {"unchanged": 3} and result.pages == 1
    assert row_of(course, "bob") == (1.5, False, COMMENT)
    grade(course, ASSIGNMENT, engine=FakeEngine(), force=True)  # asks to look again, and takes nothing away
    assert row_of(course, "bob") == (1.5, True, COMMENT)
    shown = (course.feedback / "bob" / ASSIGNMENT / "numbers.html").read_text(encoding="utf-8")
    assert "A good reason. Say also <em>why</em>" in shown


def test_marks_from_a_table_are_in_formgrader(server: Lab, course: Course) -> None:
    write_table(course, ASSIGNMENT)
    path = marks_file(course, ASSIGNMENT)
    text = path.read_text(encoding="utf-8-sig")
    (line,) = [line for line in text.splitlines() if line.startswith("ann,")]
    cells = line.split(",")
    cells[COLUMNS.index("points")], cells[COLUMNS.index("comment")] = "1.25", "From the table."
    path.write_text(text.replace(line, ",".join(cells)), encoding="utf-8")
    assert len(read_table(course, ASSIGNMENT).changes) == 1
    assert row_of(course, "ann") == (1.25, False, "From the table.")
    page = formgrader(server, f"manage_submissions/{ASSIGNMENT}")
    row = page.locator("tbody tr", has=page.locator("td.student-id", has_text="ann"))
    row.wait_for()
    assert "7.25 / 8" in row.inner_text()
