"""Feedback pages go back through Moodle: each to whose it is, and no page that is not what it should be."""

import io
import zipfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collect import collect
from autograder.course import Course
from autograder.export.feedback import folder_name, to_zip
from autograder.grade import grade
from autograder.gradebook import open_gradebook
from autograder.intake.participants import participants_of, remember_participants
from autograder.intake.platforms import Who
from tests.autograder.export.test_export import CANVAS, WORKSHEET, export, template
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, find, solved

ZIP = f"grading/report/{ASSIGNMENT}-moodle-feedback.zip"


def as_moodle_reads(path: str, participants: set[int]) -> tuple[int, str] | None:
    """Whose a file in an uploaded zip is, and its name, by the rule of Moodle's importer of feedback files."""
    if path.endswith("/") or path.rpartition("/")[2].startswith((".", "~")):
        return None
    parts = path.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 4 or not info[1].isdecimal() or int(info[1]) not in participants:
            continue
        if info[2:4] not in (["assignsubmission", "file"], ["assignfeedback", "file"]):
            continue
        return int(info[1]), "/".join([*info[4:], *parts]).lstrip("/")
    return None


def pages_in(path: Path, participants: set[int]) -> dict[tuple[int, str], bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {as_moodle_reads(name, participants): archive.read(name) for name in archive.namelist()}


@pytest.fixture
def with_pages(graded: Course) -> Course:
    """The class of `graded`, with its pages."""
    assert grade(graded, ASSIGNMENT, engine=FakeEngine()).pages == 4
    return graded


def page_of(course: Course, student: str) -> bytes:
    return (course.feedback / student / ASSIGNMENT / "numbers.html").read_bytes()


def test_from_moodles_download_back_to_moodle(course: Course) -> None:
    """Two of the same name, a group before the name, somebody whose file is torn."""
    right, wrong = solved(course), solved(course)
    find(wrong, "add").source = "def add(a, b):\n    return a - b"
    files = {
        "Team_1-Zoë Müller_71_assignsubmission_file_/numbers.ipynb": nbformat.writes(right),
        "Ada Lovelace_8_assignsubmission_file_/numbers.ipynb": nbformat.writes(wrong),
        "Bob Torn_900_assignsubmission_file_/numbers.ipynb": "{",
    }
    download = course.root / "class.zip"
    with zipfile.ZipFile(download, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    students = {one.student for one in collect(course, ASSIGNMENT, download)}
    assert students == {"Team_1-Zoë Müller", "Ada Lovelace", "Bob Torn"}
    grade(course, ASSIGNMENT, engine=FakeEngine())
    result = export(course, "-f", "moodle-feedback", "--incomplete")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].startswith("2 pages of 2 students, 0.0 MB: " + ZIP)
    assert pages_in(course.root / ZIP, {71, 8, 900}) == {
        (71, "numbers.html"): page_of(course, "Team_1-Zoë Müller"),
        (8, "numbers.html"): page_of(course, "Ada Lovelace"),
    }


def test_with_the_grading_worksheet(with_pages: Course) -> None:
    """Who waits for a mark is left out; who is in no worksheet is named."""
    command = ("-f", "moodle-feedback", "--template", template(with_pages, WORKSHEET))
    result = export(with_pages, *command, "--dry-run")
    assert result.exit_code == 1 and not (with_pages.root / ZIP).exists()
    assert f"2 pages of 2 students, 0.0 MB: {ZIP} would be written; nothing was" in result.stdout
    result = export(with_pages, *command)
    assert result.exit_code == 1
    assert "wait for a mark by hand, left out: bob (why)" in result.stdout
    assert "not known what Moodle calls them, so left out: cy\n" in result.stdout
    pages = pages_in(with_pages.root / ZIP, {7, 8, 9})
    assert pages == {(7, "numbers.html"): page_of(with_pages, "ada"), (9, "numbers.html"): page_of(with_pages, "dee")}
    export(with_pages, *command, "--incomplete")
    assert set(pages_in(with_pages.root / ZIP, {7, 8, 9})) == {(n, "numbers.html") for n in (7, 8, 9)}


def test_a_page_that_says_something_else_than_the_gradebook_is_left_out(with_pages: Course) -> None:
    names = ("ada", "bob", "cy", "dee")
    remember_participants(with_pages, ASSIGNMENT, {s: Who(s, "moodle", str(n)) for n, s in enumerate(names, start=1)})
    with open_gradebook(with_pages) as gradebook:
        gradebook.find_grade("why", "numbers", ASSIGNMENT, "cy").manual_score = 1
        gradebook.db.commit()
    result = export(with_pages, "-f", "moodle-feedback")
    assert result.exit_code == 1
    assert "pages are not up to date, so left out: cy\nMake them: autograder grade 01-numbers\n" in result.stdout
    assert set(pages_in(with_pages.root / ZIP, {1, 2, 3, 4})) == {(1, "numbers.html"), (4, "numbers.html")}
    grade(with_pages, ASSIGNMENT, engine=FakeEngine())
    assert export(with_pages, "-f", "moodle-feedback").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--per-question"], "--per-question is about marks, and moodle-feedback exports pages"),
        (["--out-of", "10"], "--out-of is about marks"),
        (["--template", "platform.csv"], "does not say what Moodle calls the participants"),
    ],
)
def test_mistakes(graded: Course, arguments: list[str], message: str) -> None:
    template(graded, CANVAS)
    arguments = [str(graded.root / one) if one.endswith(".csv") else one for one in arguments]
    result = export(graded, "-f", "moodle-feedback", *arguments)
    assert result.exit_code == 2 and message in result.stderr and not (graded.root / ZIP).exists()


def test_nobody_has_a_page(graded: Course) -> None:
    result = export(graded, "-f", "moodle-feedback")
    assert result.exit_code == 1 and not (graded.root / ZIP).exists()
    assert "not up to date, so left out: ada, cy, dee\n" in result.stdout
    assert f"0 pages of 0 students, 0.0 MB: {ZIP} is not written" in result.stdout


def test_what_moodle_calls_people_is_remembered(course: Course) -> None:
    ada, bob, later = Who("Ada", "moodle", "1"), Who("Bob", "moodle", "2"), Who("Ada King", "moodle", "1")
    remember_participants(course, ASSIGNMENT, {"ada": ada, "bob": bob, "cy": Who("cy"), "dee": Who("d", "canvas", "9")})
    remember_participants(course, ASSIGNMENT, {"ada": later})
    assert participants_of(course, ASSIGNMENT) == {"ada": later, "bob": bob}


@given(st.text(max_size=30), st.integers(0, 10**9))
def test_moodle_knows_anybody_again(name: str, number: int) -> None:
    path = f"{folder_name(Who(name, 'moodle', str(number)))}/numbers.html"
    assert as_moodle_reads(path, {number}) == (number, "numbers.html")
    assert zipfile.ZipInfo(path).filename == path  # nothing in it that a zip file writes otherwise


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    pages = {f"{name}/a.html": tmp_path / f"{name}.html" for name in ("ü", "a")}
    for path in pages.values():
        path.write_text(path.name)
    content = to_zip(pages)
    assert content == to_zip(dict(reversed(pages.items())))
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["a/a.html", "ü/a.html"]
