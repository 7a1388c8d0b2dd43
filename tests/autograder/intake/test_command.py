"""`autograder collect`, as an instructor types it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from autograder.cli import app
from autograder.course import Course
from tests.autograder.intake.conftest import DAY, notebook_bytes
from tests.autograder.intake.test_roster import CANVAS
from tests.autograder.small_course import ASSIGNMENT

MakeZip = Callable[..., Path]


def collect(course: Course, *arguments: str | Path) -> Result:
    command = ["--course", str(course.root), "collect", *map(str, arguments)]
    return CliRunner().invoke(app, command, env={"COLUMNS": "300", "TZ": "UTC"})


def test_a_canvas_class_with_a_list(course: Course, make_zip: MakeZip, tmp_path: Path) -> None:
    path = make_zip(
        {
            "lovelaceada_LATE_12345_1_numbers-2.ipynb": notebook_bytes(course),
            "hoppergrace_12399_2_numbers.ipynb": notebook_bytes(course),
        }
    )
    (tmp_path / "list.csv").write_text(CANVAS)
    result = collect(course, path, "--roster", tmp_path / "list.csv", "--due", "2026-03-01 12:00 UTC")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "list: 2 students, 2 of them new or changed in the gradebook",
        "hoppergrace (12399): not on the list: nobody's name there is like it",
        "late: al1815 (late, says the platform: by how much is not known)",
        "nothing from 1 on the list: zo",
        "01-numbers: 1 not on the list, 1 new in grading/submitted/",
    ]
    # The gradebook knows the class now: the next download needs no list.
    path = make_zip({"lovelaceada_12345_9_numbers.ipynb": notebook_bytes(course, "add = sum")})
    result = collect(course, path)
    assert result.exit_code == 0
    assert result.stdout == "01-numbers: 1 changed in grading/submitted/\n"
    assert (course.grading / "attempts" / "al1815" / ASSIGNMENT / "1" / "numbers.ipynb").exists()


def test_a_moodle_class_with_times(course: Course, make_zip: MakeZip) -> None:
    mine = notebook_bytes(course)
    path = make_zip(
        {
            "Ada Lovelace_1_assignsubmission_file/numbers.ipynb": (DAY, mine),
            "Bob_2_assignsubmission_file/numbers.ipynb": (DAY + timedelta(days=2), mine),
        }
    )
    result = collect(course, path, "--due", "2026-03-01 23:59 Europe/Berlin", "--zone", "Europe/Berlin")
    assert result.exit_code == 0
    assert "late: Bob (late by 1 day 12 hours)" in result.stdout
    stamp = (course.submitted / "Ada Lovelace" / ASSIGNMENT / "timestamp.txt").read_text()
    assert stamp == "2026-03-01 11:00:00 UTC\n"  # noon in Berlin


def test_moodles_numbers_tell_apart_who_has_the_same_name(course: Course, make_zip: MakeZip, tmp_path: Path) -> None:
    """They are remembered: the next download needs no list."""
    (tmp_path / "list.csv").write_text(
        "Identifier,Full name,ID number,Status\n"
        "Participant 71,Ada Lovelace,a1,Submitted for grading\nParticipant 72,Ada Lovelace,a2,Submitted for grading\n"
    )

    def download(answer: str) -> Path:
        mine = {n: notebook_bytes(course, f"{answer}  # {n}") for n in (71, 72)}
        return make_zip({f"Ada Lovelace_{n}_assignsubmission_file_/numbers.ipynb": mine[n] for n in mine})

    assert collect(course, download("add = sum"), "--roster", tmp_path / "list.csv").exit_code == 0
    result = collect(course, download("add = max"))
    assert result.exit_code == 0, result.stdout
    for student, number in (("a1", 71), ("a2", 72)):
        assert f"add = max  # {number}" in (course.submitted / student / ASSIGNMENT / "numbers.ipynb").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--due", "soon"], "--due 'soon' is no time. Write it like"),
        (["--zone", "Mars/Olympus"], "There is no time zone 'Mars/Olympus'"),
        (["--roster", "nowhere.csv"], "nowhere.csv cannot be read: No such file"),
        (["-a", "01-number"], "Did you mean '01-numbers'?"),
    ],
)
def test_mistakes(course: Course, make_zip: MakeZip, arguments: list[str], message: str) -> None:
    result = collect(course, make_zip({"ada/numbers.ipynb": notebook_bytes(course), "bob/": b""}), *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert message in line
    assert not course.submitted.exists() or not list(course.submitted.iterdir())
