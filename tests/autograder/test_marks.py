"""Marks given in a spreadsheet: everything that can be read is, and nothing good is lost."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.grade import grade
from autograder.gradebook import open_gradebook, read_gradebook
from autograder.marks import marks_file, read_table, rubric_file, write_table
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, find, submit


def invoke(course: Course, *arguments: str | Path) -> Result:
    command = ["--course", str(course.root), "marks", *map(str, arguments)]
    return CliRunner().invoke(app, command, env={"COLUMNS": "300"})


def regrade(course: Course) -> None:
    grade(course, ASSIGNMENT, engine=FakeEngine())


@pytest.fixture
def marked(course: Course) -> Course:
    """Three students whose written answers wait for a person; dora's file is no notebook."""
    texts = {"ann": "Numbers add up.", "bob": "=cmd|' /C calc'!A0", "cy": 'Because;\nof, "them"'}
    for student, text in texts.items():
        submit(course, student, lambda notebook, text=text: setattr(find(notebook, "why"), "source", text))
    submit(course, "dora").write_text("{")
    regrade(course)
    return course


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def fill(course: Course, delimiter: str = ",", **answers: dict[str, str]) -> None:
    """Write into the table as somebody with a spreadsheet does."""
    path = marks_file(course, ASSIGNMENT)
    rows = read(path)
    for row in rows:
        row |= answers.get(row["student"], {})
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def rubric(course: Course, *lines: str) -> None:
    path = rubric_file(course, ASSIGNMENT)
    path.write_text("\n".join(["code,question,points,comment", *lines]) + "\n", encoding="utf-8")


def given(course: Course, student: str) -> tuple[float | None, str | None]:
    marks = read_gradebook(course, ASSIGNMENT)
    said = {cell: manual for _, cell, _, manual in marks.comments[student]}
    return marks.rows[student]["numbers"]["why"].manual, said["why"]


def test_the_table(marked: Course) -> None:
    result = invoke(marked)
    assert result.exit_code == 0 and "3 answers to mark by hand, of which 3 wait" in result.stdout
    rows = read(marks_file(marked, ASSIGNMENT))
    assert [row["student"] for row in rows] == ["ann", "bob", "cy"]
    assert [row["answer"] for row in rows] == ["Numbers add up.", "'=cmd|' /C calc'!A0", 'Because;\nof, "them"']
    assert {(row["question"], row["points"], row["max"], row["comment"]) for row in rows} == {("why", "", "2", "")}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_there_and_back(marked: Course, delimiter: str) -> None:
    invoke(marked)
    fill(
        marked,
        delimiter,
        ann={"points": "1,5", "comment": "Say why."},
        cy={"points": "0", "comment": "No; that, is not it"},
    )
    result = invoke(marked, "--dry-run")
    assert "ann: why – → 1.5, a comment" in result.stdout and "2 would change, 1 as they were" in result.stdout
    assert given(marked, "ann") == (None, None)
    result = invoke(marked, "--read")
    assert result.exit_code == 0 and "2 changed, 1 as they were, 0 refused" in result.stdout
    assert given(marked, "ann") == (1.5, "Say why.") and given(marked, "cy") == (0, "No; that, is not it")
    assert given(marked, "bob") == (None, None)
    assert "0 changed, 3 as they were" in invoke(marked, "--read").stdout  # once more does nothing
    regrade(marked)
    assert given(marked, "ann") == (1.5, "Say why.")
    page = (marked.feedback / "ann" / ASSIGNMENT / "numbers.html").read_text()
    assert "Say why." in page and "7.5" in page


def test_comments_are_used_again(marked: Course) -> None:
    invoke(marked)
    rubric(marked, "units,,-0.5,Give the units.", "why,why,-1,Say why.", "well,,,Well said.", "other,add,,x")
    fill(
        marked,
        ann={"use": "units, why"},
        bob={"use": "well", "points": "2"},
        cy={"use": "why", "points": "1.5", "comment": "Mine."},
    )
    assert invoke(marked, "--read").exit_code == 0
    assert given(marked, "ann") == (0.5, "Give the units.\n\nSay why.")
    assert given(marked, "bob") == (2, "Well said.") and given(marked, "cy") == (1.5, "Say why.\n\nMine.")
    assert "0 changed, 3 as they were" in invoke(marked, "--read").stdout
    assert invoke(marked).exit_code == 0  # nothing in the table is lost, so it may be written anew
    assert {row["student"]: row["points"] for row in read(marks_file(marked, ASSIGNMENT))} == {
        "ann": "0.5",
        "bob": "2",
        "cy": "1.5",
    }


def test_a_rubric_begins_with_what_was_said(marked: Course) -> None:
    with open_gradebook(marked) as gradebook:
        for student in ("ann", "bob"):
            gradebook.find_comment("why", "numbers", ASSIGNMENT, student).manual_comment = "-1 for style"
        gradebook.db.commit()
    invoke(marked)
    assert read(rubric_file(marked, ASSIGNMENT)) == [
        {"code": "c1", "question": "why", "points": "", "comment": "'-1 for style"}
    ]
    fill(marked, ann={"points": "1"}, bob={"points": "2"}, cy={"use": "c1", "points": "1"})
    assert invoke(marked, "--read").exit_code == 0
    assert given(marked, "cy") == (1, "-1 for style")
    assert read(rubric_file(marked, ASSIGNMENT))[0]["code"] == "c1"  # and stays as it is


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"points": "3"}, "3 is not between 0 and 2 points"),
        ({"points": "-1"}, "-1 is not between 0 and 2 points"),
        ({"points": "many"}, "'many' is no number of points"),
        ({"points": "nan"}, "'nan' is no number of points"),
        ({"comment": "Well."}, "it has a comment and no points"),
        ({"use": "unit", "points": "1"}, "the rubric has no 'unit'. Did you mean 'units'?"),
        ({"use": "other"}, "'other' is for add"),
        ({"student": "anne", "points": "1"}, "there is no such answer"),
        ({"student": "bob", "points": "1"}, "has changed since"),
        ({"key": "", "points": "1"}, "has changed since the table was written"),
    ],
)
def test_a_row_that_is_refused_harms_no_other(marked: Course, cells: dict[str, str], message: str) -> None:
    invoke(marked)
    rubric(marked, "units,,-0.5,Give the units.", "other,add,-1,x")
    fill(marked, ann=cells, cy={"points": "1"})
    result = invoke(marked, "--read")
    assert result.exit_code == 1 and "1 refused" in result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("refused: line 2 (") and message in line
    assert given(marked, "ann") == (None, None) and given(marked, "cy") == (1, None)


def test_what_was_marked_meanwhile_stays(marked: Course) -> None:
    invoke(marked)
    fill(marked, ann={"points": "2"}, bob={"points": "1"}, cy={"points": "1"})
    with open_gradebook(marked) as gradebook:  # formgrader
        mark = gradebook.find_grade("why", "numbers", ASSIGNMENT, "ann")
        mark.manual_score, mark.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    submit(marked, "bob", lambda notebook: setattr(find(notebook, "why"), "source", "Another answer."))
    regrade(marked)
    reading = read_table(marked, ASSIGNMENT)
    assert len(reading.refused) == 2 and [change.after.student for change in reading.changes] == ["cy"]
    assert given(marked, "ann") == (0.5, None) and given(marked, "bob") == (None, None)


def test_a_table_that_was_not_read_is_not_overwritten(marked: Course) -> None:
    invoke(marked)
    fill(marked, ann={"points": "2"})
    result = invoke(marked)
    assert result.exit_code == 2 and "holds marks that are not in the gradebook" in result.stderr
    assert read(marks_file(marked, ASSIGNMENT))[0]["points"] == "2"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", "lacks the columns: student, question, points, comment, key"),
        ("student;Käse".encode("latin-1"), "is no UTF-8 text"),
        (b"", "lacks the columns"),
        (None, "There is no file"),
    ],
)
def test_what_is_no_table(marked: Course, tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "marks.csv"
    if content is not None:
        path.write_bytes(content)
    result = invoke(marked, "--from", path)
    assert result.exit_code == 2 and message in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [("a b,,1,x", "must be one word"), ("a,,x,y", "'x' is no number"), ("a,,1,x\na,,2,y", "'a' stands twice")],
)
def test_what_is_no_rubric(marked: Course, line: str, message: str) -> None:
    invoke(marked)
    rubric(marked, line)
    result = invoke(marked, "--read")
    assert result.exit_code == 2 and message in result.stderr


def test_nothing_to_mark(course: Course) -> None:
    with pytest.raises(CourseError, match="Nobody's 01-numbers has been graded yet"):
        write_table(course, ASSIGNMENT)
    submit(course, "ann").write_text("{")
    regrade(course)
    with pytest.raises(CourseError, match="no answer that is marked by hand"):
        write_table(course, ASSIGNMENT)
