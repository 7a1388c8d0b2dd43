"""Export: what goes to a platform is what the gradebook says, quoted right, and comes back as it went out."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from autograder.cli import app
from autograder.course import Course
from autograder.export.formats import make_sheet
from autograder.export.marks import ClassMarks, Score, read_marks_of_class
from autograder.export.sheet import Options, number
from autograder.export.template import find_students
from autograder.gradebook import open_gradebook
from autograder.intake.roster import Person, people_of
from autograder.spreadsheet import harmless, to_csv, unprotected
from tests.autograder.export.conftest import extend
from tests.autograder.small_course import ASSIGNMENT, submit

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Warm-up (4710),Numbers (4711),Current Score
,,,,,,Manual Posting,
    Points Possible,,,,,5,8.00,(read only)
"Lovelace, Ada",101,S-1,al1815,"A, B",5,6.00,90
"O'Neil, Jr., Bob",102,S-2,bo,A,4,3.50,80
"Quo""te, Cy",103,S-3,cq,A,,,
"Late, Dee",104,S-4,dl,A,,,
"Absent, Eve",105,S-5,ea,A,,,
"Student, Test",999,,,A,,,
"""
WORKSHEET = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (grade)"
"Participant 7","Ada Lovelace",ada@example.org,"Submitted for grading - ",,8.00,Yes,-
"Participant 8","Bob O'Neil, Jr.",bob@example.org,"Submitted for grading - ",,8.00,Yes,-
"Participant 9","Dee Late",dee@example.org,"Submitted for grading - 1 day late - ",1.00,8.00,Yes,-
"""
MOODLE = """\
First name,Surname,ID number,Email address,Assignment: Numbers (Real),Quiz: Numbers 2 (Real),Last downloaded
Ada,Lovelace,,ada@example.org,-,7,1772366400
Cy,"Quo""te",,CY@example.org,-,7,1772366400
"""


def export(course: Course, *arguments: str | Path) -> Result:
    command = ["--course", str(course.root), "export", *map(str, arguments)]
    return CliRunner().invoke(app, command, env={"COLUMNS": "300"})


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def template(course: Course, text: str) -> Path:
    path = course.root / "platform.csv"
    path.write_text(text)
    return path


# --- what counts ------------------------------------------------------------------------------------------------------


def test_what_everybody_has_earned(graded: Course) -> None:
    by_name = {score.person.student: score for score in read_marks_of_class(graded, ASSIGNMENT).scores}
    assert {name: (s.raw, s.penalty, s.total, s.status, s.waiting) for name, s in by_name.items()} == {
        "ada": (7.75, 0, 7.75, "graded", ()),
        "bob": (6, 0, 6, "incomplete", ("why",)),
        "cy": (6, 0, 6, "graded", ()),
        "dee": (8, 8, 0, "graded", ()),
        "eve": (0, 0, 0, "missing", ()),
    }


def test_extensions_and_penalties_are_those_of_today(graded: Course) -> None:
    """The gradebook's penalty is from when it was graded: before the mark by hand, the due date, the extension."""
    extend(graded, "dee", hours=26)
    dee = next(s for s in read_marks_of_class(graded, ASSIGNMENT).scores if s.person.student == "dee")
    assert (dee.penalty, dee.late.total_seconds()) == (8, 300)
    extend(graded, "dee", hours=27)
    marks = read_marks_of_class(graded, ASSIGNMENT)
    dee = next(score for score in marks.scores if score.person.student == "dee")
    assert (dee.penalty, dee.total, dee.late.total_seconds()) == (0, 8, 0)


def test_a_penalty_that_is_only_in_the_gradebook_counts(graded: Course) -> None:
    config = graded.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("penalty_method = 'zero'", "penalty_method = 'none'"))
    with open_gradebook(graded) as gradebook:
        gradebook.find_submission(ASSIGNMENT, "dee").notebooks[0].late_submission_penalty = 1.5
        gradebook.db.commit()
    result = export(graded)
    assert result.exit_code == 0 and "late penalties: dee (−1.5)" in result.stdout
    assert rows(graded.grading / "report" / f"{ASSIGNMENT}-csv.csv")[3]["score"] == "6.5"


def test_points_are_nbgraders(graded: Course) -> None:
    """Points, extra credit and what can be had are what nbgrader's own export says."""
    with open_gradebook(graded) as gradebook:
        theirs = {s.student.id: s.score for s in gradebook.find_assignment(ASSIGNMENT).submissions}
        most = gradebook.find_assignment(ASSIGNMENT).max_score
    marks = read_marks_of_class(graded, ASSIGNMENT)
    assert {s.person.student: s.raw for s in marks.scores if s.handed_in} == theirs
    assert marks.max_points == most


def test_a_format_that_there_is_not(graded: Course) -> None:
    result = export(graded, "--format", "excel")
    assert (
        result.exit_code == 2
        and "--format is canvas, moodle, gradescope, csv, moodle-feedback, not 'excel'" in result.stderr
    )


def test_nobody_is_graded(course: Course) -> None:
    result = export(course)
    assert result.exit_code == 2 and "Nobody's 01-numbers is graded" in result.stderr


def test_who_is_not_graded_yet_is_named(graded: Course) -> None:
    submit(graded, "zoe")
    assert "handed in, but not graded yet: zoe" in export(graded).stdout


# --- formats ----------------------------------------------------------------------------------------------------------


def test_plain(graded: Course) -> None:
    result = export(graded)
    assert result.exit_code == 0, result.output
    assert "wait for a mark by hand, left out: bob (why)" in result.stdout
    assert "3 students with marks: grading/report/01-numbers-csv.csv" in result.stdout
    table = {row["student"]: row for row in rows(graded.grading / "report" / f"{ASSIGNMENT}-csv.csv")}
    assert list(table) == ["ada", "bob", "cy", "dee", "eve"]
    assert (table["ada"]["score"], table["ada"]["max_points"]) == ("7.75", "8")
    assert (table["bob"]["score"], table["bob"]["status"]) == ("", "incomplete")
    assert (table["dee"]["score"], table["dee"]["points"], table["dee"]["late_penalty"]) == ("0", "8", "8")
    assert (table["dee"]["submitted"], table["dee"]["seconds_late"]) == ("2026-03-02 14:05:00 UTC", "93900")
    assert (table["eve"]["score"], table["eve"]["status"]) == ("", "missing")
    assert table["cy"]["first_name"].startswith("'=cmd")  # no formula


def test_by_choice(graded: Course) -> None:
    result = export(graded, "--incomplete", "--zeros", "--per-question", "--out-of", "16")
    assert "exported with the points so far: bob (why)" in result.stdout
    table = {row["student"]: row for row in rows(graded.grading / "report" / f"{ASSIGNMENT}-csv-questions.csv")}
    assert (table["bob"]["score"], table["bob"]["why"], table["bob"]["status"]) == ("12", "0", "incomplete")
    assert (table["eve"]["score"], table["eve"]["add"]) == ("0", "0")
    assert [table["ada"][name] for name in ("add", "double", "biggest", "why")] == ["4", "6", "2", "3.5"]


def test_canvas_with_its_own_export(graded: Course) -> None:
    result = export(graded, "-f", "canvas", "--template", template(graded, CANVAS), "-o", graded.root / "out.csv")
    assert result.exit_code == 0, result.output
    assert (graded.root / "out.csv").read_text() == (
        "Student,ID,SIS User ID,SIS Login ID,Section,Numbers (4711)\n"
        "    Points Possible,,,,,8.00\n"
        '"Lovelace, Ada",101,S-1,al1815,"A, B",7.75\n'
        '"O\'Neil, Jr., Bob",102,S-2,bo,A,3.50\n'  # waits: what Canvas has stays
        '"Quo""te, Cy",103,S-3,cq,A,6\n'
        '"Late, Dee",104,S-4,dl,A,0\n'
        '"Absent, Eve",105,S-5,ea,A,\n'
    )


def test_canvas_per_question(graded: Course) -> None:
    result = export(graded, "-f", "canvas", "--per-question", "--template", template(graded, CANVAS))
    assert "Canvas will offer to make 01-numbers: add, 01-numbers: double" in result.stdout
    points, ada, _, _, dee, _ = rows(graded.grading / "report" / f"{ASSIGNMENT}-canvas-questions.csv")
    assert points["01-numbers: double"] == "3" and points["01-numbers: late penalty"] == "0"
    assert (ada["01-numbers: why"], ada["01-numbers: late penalty"]) == ("1.75", "0")
    assert dee["01-numbers: late penalty"] == "-8"
    # Canvas has made these assignments and given them numbers: the next export finds them again.
    text = CANVAS.replace("Numbers (4711)", "01-numbers: add (4712)").replace("8.00", "2.00")
    export(graded, "-f", "canvas", "--per-question", "--template", template(graded, text))
    assert "01-numbers: add (4712)" in rows(graded.grading / "report" / f"{ASSIGNMENT}-canvas-questions.csv")[0]


def test_canvas_without_a_template(graded: Course) -> None:
    export(graded, "-f", "canvas", "--column", "Numbers")
    points, ada, bob, *_ = rows(graded.grading / "report" / f"{ASSIGNMENT}-canvas.csv")
    assert list(ada) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Numbers"]
    assert (points["Student"], points["Numbers"]) == ("    Points Possible", "8")
    assert (ada["Student"], ada["ID"], ada["Numbers"]) == ("Lovelace, Ada", "101", "7.75")
    assert (bob["Student"], bob["Numbers"]) == ("O'Neil, Jr., Bob", "")


def test_which_column(graded: Course) -> None:
    two = template(graded, CANVAS.replace("Warm-up (4710)", "Numbers (4710)"))
    result = export(graded, "-f", "canvas", "--template", two)
    assert (
        result.exit_code == 2 and "has several columns for 01-numbers: Numbers (4710), Numbers (4711)" in result.stderr
    )
    assert export(graded, "-f", "canvas", "--template", two, "--column", "Numbers (4711)").exit_code == 0
    result = export(graded, "-f", "canvas", "--template", two, "--column", "Nubmers")
    assert result.exit_code == 2 and "has no column 'Nubmers'. Did you mean" in result.stderr


def test_other_points_possible(graded: Course) -> None:
    ten = template(graded, CANVAS.replace("8.00", "10"))
    result = export(graded, "-f", "canvas", "--template", ten)
    assert "Canvas has 10 points possible, here full marks are 8: --out-of 10 would scale them" in result.stdout
    result = export(graded, "-f", "canvas", "--template", ten, "--out-of", "10")
    assert "points possible" not in result.stdout
    assert rows(graded.grading / "report" / f"{ASSIGNMENT}-canvas.csv")[1]["Numbers (4711)"] == "9.6875"


def test_moodles_worksheet(graded: Course) -> None:
    result = export(graded, "-f", "moodle", "--template", template(graded, WORKSHEET))
    assert result.exit_code == 1 and "not in the template, so not exported: cy" in result.stdout
    ada, bob, dee = rows(graded.grading / "report" / f"{ASSIGNMENT}-moodle.csv")
    assert list(ada) == next(csv.reader(io.StringIO(WORKSHEET)))
    assert (ada["Identifier"], ada["Grade"], ada["Maximum Grade"]) == ("Participant 7", "7.75", "8.00")
    assert ada["Last modified (grade)"] == "-"  # as it was
    assert (bob["Grade"], dee["Grade"]) == ("", "0")


def test_moodles_gradebook(graded: Course) -> None:
    result = export(graded, "-f", "moodle", "--template", template(graded, MOODLE))
    assert result.exit_code == 1 and "not exported: bob, dee" in result.stdout
    ada, cy = rows(graded.grading / "report" / f"{ASSIGNMENT}-moodle.csv")
    assert list(ada) == ["First name", "Surname", "ID number", "Email address", "Assignment: Numbers (Real)"]
    assert (ada["Assignment: Numbers (Real)"], cy["Assignment: Numbers (Real)"]) == ("7.75", "6")


def test_moodle_without_a_template(graded: Course) -> None:
    export(graded, "-f", "moodle")
    ada = rows(graded.grading / "report" / f"{ASSIGNMENT}-moodle.csv")[0]
    assert ada == {
        "First name": "Ada", "Last name": "Lovelace", "ID number": "ada", "Email address": "ada@example.org",
        "01-numbers": "7.75",
    }  # fmt: skip


def test_gradescope(graded: Course) -> None:
    export(graded, "-f", "gradescope", "--per-question")
    ada, bob, _, dee, eve = rows(graded.grading / "report" / f"{ASSIGNMENT}-gradescope-questions.csv")
    assert (ada["Total Score"], ada["Max Points"], ada["Status"]) == ("7.75", "8", "Graded")
    assert (ada["1: add (2.0 pts)"], ada["4: why (2.0 pts)"]) == ("2", "1.75")
    assert (bob["Total Score"], bob["Status"], eve["Status"]) == ("", "Ungraded", "Missing")
    assert (dee["Submission Time"], dee["Lateness (H:M:S)"]) == ("2026-03-02 14:05:00 +0000", "26:05:00")
    assert dee["Late penalty"] == "-8"


# --- what changes -----------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_change(graded: Course) -> None:
    result = export(graded, "-f", "canvas", "--template", template(graded, CANVAS), "--dry-run")
    assert result.exit_code == 0
    assert "ada: 6.00 → 7.75\n" in result.stdout and "cy: no mark → 6\n" in result.stdout
    assert "bob:" not in result.stdout and "eve" not in result.stdout
    assert "3 marks differ from platform.csv" in result.stdout
    assert "would be written; nothing was" in result.stdout
    assert not (graded.grading / "report" / f"{ASSIGNMENT}-canvas.csv").exists()


def test_a_dry_run_against_the_last_export(graded: Course) -> None:
    export(graded)
    assert "0 marks differ from grading/report/01-numbers-csv.csv" in export(graded, "--dry-run").stdout
    with open_gradebook(graded) as gradebook:
        grade = gradebook.find_grade("why", "numbers", ASSIGNMENT, "bob")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    result = export(graded, "--dry-run")
    assert "bob: no mark → 8\n" in result.stdout and "1 mark differs from" in result.stdout


@pytest.mark.parametrize("form", ["canvas", "moodle", "gradescope", "csv"])
@pytest.mark.parametrize("options", [(), ("--per-question",), ("--incomplete", "--zeros")])
def test_what_was_exported_is_a_template(graded: Course, form: str, options: tuple[str, ...]) -> None:
    """It names everybody again, in their place, and nothing differs."""
    first, second = graded.root / "first.csv", graded.root / "second.csv"
    assert export(graded, "-f", form, *options, "-o", first).exit_code == 0
    result = export(graded, "-f", form, *options, "--template", first, "-o", second)
    assert result.exit_code == 0, result.output
    assert "0 marks differ from first.csv" in result.stdout
    assert second.read_bytes() == first.read_bytes()


# --- laws -------------------------------------------------------------------------------------------------------------

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8), st.sampled_from(["canvas", "moodle", "csv"]))
def test_any_name_comes_back(names: list[tuple[str, str]], form: str) -> None:
    people = [Person(f"s{n}", a, b, email=f"s{n}@x.org", lms=str(n)) for n, (a, b) in enumerate(names, start=1)]
    marks = ClassMarks("01-a", {"q": 2}, tuple(Score(p, {"q": n / 3}) for n, p in enumerate(people)))
    sheet = make_sheet(form, marks, Options())
    written = to_csv([sheet.header, *sheet.rows])
    header, *back = csv.reader(io.StringIO(written.decode(), newline=""))
    assert header == sheet.header
    assert [[unprotected(cell) for cell in row] for row in back] == [
        [unprotected(c) for c in row] for row in sheet.rows
    ]
    assert find_students(people_of(header, back), marks.scores) == sheet.students


@given(st.text(max_size=10))
def test_no_text_is_a_formula(text: str) -> None:
    safe = harmless(text)
    assert not safe.startswith(("=", "@", "\t", "\r"))
    if safe.startswith(("+", "-")) and safe.strip("- "):  # what may begin so is a number, or only dashes
        float(safe.replace(",", "."))
    assert unprotected(safe) in (text, unprotected(text))


@given(st.floats(-1e6, 1e6))
def test_numbers(value: float) -> None:
    assert abs(float(number(value)) - value) <= 0.5001e-4 and "e" not in number(value)
