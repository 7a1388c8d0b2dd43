"""Collecting: whatever lies in the folder, every student's notebook gets to its place or is refused with a reason."""

import os
from pathlib import Path

import pytest

import autograder.intake.entries
from autograder.collect import Collected, Outcome, collect
from autograder.course import Course, CourseError
from tests.autograder.small_course import ASSIGNMENT, solved, write_notebook


@pytest.fixture
def folder(tmp_path: Path, course: Course) -> Path:
    """What two students have handed in."""
    for student in ("ann", "bob"):
        write_notebook(tmp_path / "handed-in" / student / "numbers.ipynb", solved(course))
    return tmp_path / "handed-in"


def run(course: Course, folder: Path) -> dict[str, Collected]:
    return {one.student: one for one in collect(course, ASSIGNMENT, folder)}


def target(course: Course, student: str, name: str = "numbers.ipynb") -> Path:
    return course.submitted / student / ASSIGNMENT / name


def test_new_unchanged_changed(course: Course, folder: Path) -> None:
    assert {one.outcome for one in run(course, folder).values()} == {Outcome.NEW}
    assert target(course, "ann").read_bytes() == (folder / "ann" / "numbers.ipynb").read_bytes()
    assert {one.outcome for one in run(course, folder).values()} == {Outcome.UNCHANGED}
    notebook = solved(course)
    notebook.cells.pop()
    write_notebook(folder / "ann" / "numbers.ipynb", notebook)
    again = run(course, folder)
    assert (again["ann"].outcome, again["bob"].outcome) == (Outcome.CHANGED, Outcome.UNCHANGED)
    assert target(course, "ann").read_bytes() == (folder / "ann" / "numbers.ipynb").read_bytes()
    assert sorted(os.listdir(course.submitted / "ann")) == [ASSIGNMENT]


def test_a_folder_named_after_the_assignment(course: Course, folder: Path) -> None:
    write_notebook(folder / "cy" / ASSIGNMENT / "numbers.ipynb", solved(course))
    assert run(course, folder)["cy"].outcome is Outcome.NEW
    assert target(course, "cy").exists()


def test_a_file_that_is_no_notebook_is_taken_with_a_note(course: Course, folder: Path) -> None:
    (folder / "ann" / "numbers.ipynb").write_text("{")
    one = run(course, folder)["ann"]
    assert one.outcome is Outcome.NEW
    assert one.notes[0].startswith("numbers.ipynb is not a notebook: it is not JSON")
    assert target(course, "ann").read_text() == "{"


def test_a_renamed_notebook_is_found(course: Course, folder: Path) -> None:
    (folder / "ann" / "numbers.ipynb").rename(folder / "ann" / "numbers (1).ipynb")
    one = run(course, folder)["ann"]
    assert (one.outcome, one.notes) == (Outcome.NEW, ("numbers (1).ipynb is taken for numbers.ipynb",))
    assert target(course, "ann").exists()


def test_which_of_two_notebooks_is_not_guessed(course: Course, folder: Path) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        write_notebook(folder / "cy" / name, solved(course))
    one = run(course, folder)["cy"]
    assert one.outcome is Outcome.MISSING
    assert one.notes == (
        "which of a.ipynb, b.ipynb counts as numbers.ipynb is not guessed: rename or remove some",
        "no numbers.ipynb; there is: a.ipynb, b.ipynb",
    )


def test_nothing_handed_in(course: Course, folder: Path) -> None:
    (folder / "cy").mkdir()
    one = run(course, folder)["cy"]
    assert (one.outcome, one.notes) == (Outcome.MISSING, ("no numbers.ipynb",))
    assert target(course, "cy").parent.is_dir()  # so that grading tells that it is missing


def test_nothing_handed_in_this_time(course: Course, folder: Path) -> None:
    run(course, folder)
    (folder / "ann" / "numbers.ipynb").unlink()
    one = run(course, folder)["ann"]
    assert one.outcome is Outcome.UNCHANGED and "what was collected before stays" in one.notes
    assert target(course, "ann").exists()


def test_links_are_refused(course: Course, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    (folder / "ann" / "numbers.ipynb").unlink()
    (folder / "ann" / "numbers.ipynb").symlink_to(secret)
    (folder / "cy").symlink_to(folder / "bob")
    results = run(course, folder)
    assert results["ann"] == Collected("ann", Outcome.REFUSED, ("numbers.ipynb is a link; links are not followed",))
    assert results["cy"] == Collected("cy", Outcome.REFUSED, ("is a link; links are not followed",))
    assert results["bob"].outcome is Outcome.NEW
    assert os.listdir(course.submitted) == ["bob"]


def test_what_is_no_file_or_too_large(course: Course, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autograder.intake.entries, "MAX_MEGABYTES", 1)
    (folder / "ann" / "numbers.ipynb").write_bytes(b" " * (2**20 + 1))
    (folder / "bob" / "numbers.ipynb").unlink()
    os.mkfifo(folder / "bob" / "numbers.ipynb")
    results = run(course, folder)
    assert results["ann"].notes == ("numbers.ipynb is too large: there is room for 1 MB",)
    assert results["bob"].notes == ("numbers.ipynb is no plain file",)


def test_impossible_names_and_loose_notebooks(course: Course, folder: Path) -> None:
    write_notebook(folder / "a*b" / "numbers.ipynb", solved(course))
    write_notebook(folder / "numbers.ipynb", solved(course))
    (folder / "README.md").write_text("not a student")
    results = run(course, folder)
    assert set(results) == {"a*b", "ann", "bob", "numbers.ipynb"}
    assert "cannot be a student's name" in results["a*b"].notes[0]
    assert results["numbers.ipynb"].notes == ("lies in no student's folder; put it into one",)
    assert results["ann"].outcome is Outcome.NEW


def test_timestamps(course: Course, folder: Path) -> None:
    (folder / "ann" / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC\n")
    (folder / "bob" / "timestamp.txt").write_text("yesterday")
    results = run(course, folder)
    assert target(course, "ann", "timestamp.txt").read_text() == "2026-03-01 12:00:00 UTC\n"
    assert results["bob"].notes == ("timestamp.txt holds no time and is left out",)
    assert not target(course, "bob", "timestamp.txt").exists()


def test_folders_that_make_no_sense(course: Course, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "class.zip").write_bytes(b"PK")
    course.submitted.mkdir(parents=True)
    for wrong, message in [
        (tmp_path / "gone", "There is no folder .*/gone"),
        (tmp_path / "class.zip", "is no zip file that can be read"),
        (tmp_path / "empty", "is empty. It should hold a folder for each student"),
        (course.submitted, "is where collected submissions are kept"),
        (course.root, "is a course"),
    ]:
        with pytest.raises(CourseError, match=message):
            collect(course, ASSIGNMENT, wrong)
    with pytest.raises(CourseError, match="no assignment '02-words'"):
        collect(course, "02-words", folder)
