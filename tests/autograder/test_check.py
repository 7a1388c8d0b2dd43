"""`autograder check`: the visible tests, on a notebook wherever it lies and whatever it is called."""

from pathlib import Path

import pytest
from rich.console import Console

from autograder.check import check_notebook, table, text
from autograder.course import Course, CourseError
from autograder.notebook import read_notebook
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, find, notebook_of, solved, write_notebook


def lines(course: Course, path: Path) -> list[tuple[str, str, str, str]]:
    return check_notebook(path, course=course.root, engine=FakeEngine()).lines


def test_a_renamed_notebook(course: Course, tmp_path: Path) -> None:
    notebook = solved(course)
    find(notebook, "double").source = "def double(x):\n    x[:] = [2 * n for n in x]\n    return x"
    find(notebook, "add_test").source = "pass"  # the exercise's own test is run all the same
    report = check_notebook(
        write_notebook(tmp_path / "Copy 2.ipynb", notebook), course=course.root, engine=FakeEngine()
    )
    assert report.exercise == "01-numbers/numbers" and not report.passed
    assert [line[:3] for line in report.lines] == [
        ("add", "✓", "2/2"), ("double", "✗", "2/3"), ("biggest", "✓", "1/1"), ("why", "…", "–/2"),
    ]  # fmt: skip
    assert "must not change its argument" in report.lines[1][3]
    assert report.summary.startswith("5 of 6 points")
    console = Console(width=120, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(table(report))
    for shown in (console.export_text(), text(report)):
        assert "✗" in shown and "must not change its argument" in shown and "note: locked cell 'add_test'" in shown


def test_only_visible_tests_run(course: Course, tmp_path: Path) -> None:
    notebook = solved(course)
    find(notebook, "add").source = "def add(a, b): return 3"  # right for the visible test
    assert lines(course, write_notebook(tmp_path / "x.ipynb", notebook))[0][:2] == ("add", "✓")


def test_a_blank_exercise(course: Course) -> None:
    report = check_notebook(course.exercises / ASSIGNMENT / "numbers.ipynb", course=course.root, engine=FakeEngine())
    assert {(mark, message) for _, mark, _, message in report.lines} == {("✗", "not answered")}


def test_needs_no_solutions(course: Course, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "x.ipynb", solved(course))
    for solution in course.solutions.rglob("*.ipynb"):
        solution.unlink()
    assert lines(course, path)[0][:2] == ("add", "✓")


def test_what_is_none_of_the_exercises(course: Course, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "x.ipynb", notebook_of())
    with pytest.raises(CourseError, match=r"is none of the exercises in .*Begin with a fresh copy"):
        lines(course, path)
    path.write_text("{")
    with pytest.raises(CourseError, match="is not a notebook"):
        lines(course, path)


def test_changes_nothing(course: Course, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "x.ipynb", solved(course))
    before = read_notebook(path)
    lines(course, path)
    assert read_notebook(path) == before and [p.name for p in tmp_path.iterdir() if p.is_file()] == ["x.ipynb"]
