"""Zip files of Moodle and Canvas, folders of notebooks, nbgrader's exchange: whose is what, and what counts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.collect import ClassList, Collected, Outcome, collect
from autograder.course import Course
from autograder.intake.lateness import Due
from autograder.intake.platforms import without_copy_mark
from autograder.intake.roster import Person
from tests.autograder.intake.conftest import DAY, notebook_bytes
from tests.autograder.small_course import ASSIGNMENT

MakeZip = Callable[..., Path]


def run(course: Course, *paths: Path, **options: object) -> dict[str, Collected]:
    return {one.student: one for one in collect(course, ASSIGNMENT, *paths, **{"zone": UTC, **options})}


def submitted(course: Course, student: str, name: str = "numbers.ipynb") -> bytes:
    return (course.submitted / student / ASSIGNMENT / name).read_bytes()


def attempts(course: Course, student: str) -> list[bytes]:
    folder = course.grading / "attempts" / student / ASSIGNMENT
    return [(folder / str(n) / "numbers.ipynb").read_bytes() for n in range(1, len(list(folder.glob("*"))) + 1)]


def test_moodle_with_folders(course: Course, make_zip: MakeZip) -> None:
    ada, zoe = notebook_bytes(course), notebook_bytes(course, "add = sum")
    path = make_zip(
        {
            "Ada Lovelace_1234567_assignsubmission_file_/numbers.ipynb": ada,
            "Ada Lovelace_1234567_assignsubmission_onlinetext_/onlinetext.html": b"<p>My answer</p>",
            "Zoë O'Neil_1234568_assignsubmission_file/deep/er/numbers (1).ipynb": zoe,
            "Zoë O'Neil_1234568_assignsubmission_file/notes.pdf": b"%PDF",
            "Only Text_1234569_assignsubmission_onlinetext/onlinetext.html": b"<p>Sorry</p>",
        }
    )
    results = run(course, path)
    assert {name: one.outcome.name for name, one in results.items()} == {
        "Ada Lovelace": "NEW",
        "Zoë O'Neil": "NEW",
        "Only Text": "MISSING",
    }
    assert submitted(course, "Ada Lovelace") == ada and submitted(course, "Zoë O'Neil") == zoe
    assert results["Ada Lovelace"].notes == ("handed in an online text too, which is not graded",)
    assert set(results["Zoë O'Neil"].notes) == {
        "numbers (1).ipynb is taken for numbers.ipynb",
        "notes.pdf is no notebook: left out",
    }
    again = run(course, path)
    assert {again["Ada Lovelace"].outcome, again["Zoë O'Neil"].outcome} == {Outcome.UNCHANGED}


def test_moodle_without_folders(course: Course, make_zip: MakeZip) -> None:
    mine = notebook_bytes(course)
    path = make_zip(
        {
            "Ada Lovelace_1234567_assignsubmission_file_numbers.ipynb": mine,
            "Ada Lovelace_1234567_assignsubmission_onlinetext_onlinetext.html": b"<p>",
            "Bob_1234568_assignsubmission_file_my_numbers_final.ipynb": mine,
        }
    )
    results = run(course, path)
    assert {one.outcome for one in results.values()} == {Outcome.NEW}
    assert submitted(course, "Ada Lovelace") == mine == submitted(course, "Bob")


def test_moodle_in_teams_needs_groups(course: Course, make_zip: MakeZip) -> None:
    results = run(course, make_zip({"Default group_assignsubmission_file/numbers.ipynb": notebook_bytes(course)}))
    assert results["Default group"].outcome is Outcome.REFUSED
    assert "make groups in Moodle" in results["Default group"].notes[0]


def test_canvas(course: Course, make_zip: MakeZip) -> None:
    first, second = notebook_bytes(course, "add = 1"), notebook_bytes(course, "add = 2")
    path = make_zip(
        {
            "lovelaceada_LATE_12345_678901_numbers.ipynb": first,
            "lovelaceada_LATE_12345_678999_numbers-1.ipynb": second,
            "müllerzoë_12346_678902_numbers-2.ipynb": first,
            "smithbob_12347_text.html": b"<p>",
            "LATE_anon_x7Yz0_678903_numbers.ipynb": first,
        }
    )
    due = Due(DAY)
    results = run(course, path, due=due)
    assert submitted(course, "lovelaceada") == second and attempts(course, "lovelaceada") == [first]
    assert "2 attempts: the latest counts" in results["lovelaceada"].notes
    assert results["lovelaceada"].late == "late, says the platform: by how much is not known"
    assert submitted(course, "lovelaceada", "timestamp.txt") == b"2026-03-01 12:00:01 UTC\n"
    assert results["müllerzoë"].outcome is Outcome.NEW and not results["müllerzoë"].late
    assert results["smithbob"].outcome is Outcome.MISSING
    assert "handed in a text too, which is not graded" in results["smithbob"].notes
    assert results["anonymous-x7Yz0"].late


def test_canvas_of_ten_uploads_counts_by_number_not_by_letters(course: Course, make_zip: MakeZip) -> None:
    files = {f"a_1_{90 + n}_numbers-{n}.ipynb": notebook_bytes(course, f"add = {n}") for n in (2, 9, 10, 11)}
    run(course, make_zip(files))
    assert submitted(course, "a") == notebook_bytes(course, "add = 11")
    assert attempts(course, "a") == [notebook_bytes(course, f"add = {n}") for n in (2, 9, 10)]


def test_notebooks_named_after_students(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("anna", "bo_numbers", "numbers-cy", "dee-2", "anna (1)", "eve numbers (3)", "numbers (4)"):
        (folder / f"{name}.ipynb").write_bytes(notebook_bytes(course, f"add = {name!r}"))
    (folder / "list.csv").write_text("name\n")
    results = run(course, folder)
    assert set(results) == {"anna", "bo", "cy", "dee-2", "eve", "numbers (4).ipynb"}
    assert results["numbers (4).ipynb"].outcome is Outcome.REFUSED
    assert submitted(course, "anna") == notebook_bytes(course, "add = 'anna (1)'")
    assert attempts(course, "anna") == [notebook_bytes(course, "add = 'anna'")]
    assert submitted(course, "cy") == notebook_bytes(course, "add = 'numbers-cy'")


def test_a_zip_file_of_a_folder(course: Course, make_zip: MakeZip) -> None:
    mine = notebook_bytes(course)
    wrapped = make_zip(
        {
            "my class/ada/numbers.ipynb": mine,
            f"my class/bob/{ASSIGNMENT}/numbers.ipynb": mine,
            "my class/cy/": b"",
            "__MACOSX/my class/ada/._numbers.ipynb": b"\0",
            "my class/.DS_Store": b"\0",
        }
    )
    assert {n: o.outcome.name for n, o in run(course, wrapped).items()} == {
        "ada": "NEW", "bob": "NEW", "cy": "MISSING",
    }  # fmt: skip
    alone = make_zip({"dee/numbers.ipynb": mine}, "alone.zip")
    assert set(run(course, alone)) == {"dee"}


def test_other_assignments_are_left_alone(course: Course, tmp_path: Path) -> None:
    (course.solutions / "02-words").mkdir()
    (course.solutions / "02-words" / "words.ipynb").write_text("{}")
    for name in (ASSIGNMENT, "02-words"):
        (tmp_path / "class" / "ada" / name).mkdir(parents=True)
        (tmp_path / "class" / "ada" / name / "numbers.ipynb").write_bytes(notebook_bytes(course, f"add = {name!r}"))
    run(course, tmp_path / "class")
    assert submitted(course, "ada") == notebook_bytes(course, f"add = {ASSIGNMENT!r}")


def test_nbgraders_exchange(course: Course, tmp_path: Path) -> None:
    for time, answer in [("2026-03-01 11:00:00.123456 UTC", "1"), ("2026-03-01 12:30:00.000000 UTC+x9", "2")]:
        folder = tmp_path / "inbound" / f"ada+{ASSIGNMENT}+{time}"
        folder.mkdir(parents=True)
        (folder / "numbers.ipynb").write_bytes(notebook_bytes(course, f"add = {answer}"))
    other = tmp_path / "inbound" / "ada+02-words+2026-03-01 13:00:00.000000 UTC"
    other.mkdir()
    (other / "numbers.ipynb").write_bytes(b"{}")
    results = run(course, tmp_path / "inbound", due=Due(DAY))
    assert set(results) == {"ada"} and results["ada"].late == "late by 30 minutes"
    assert submitted(course, "ada") == notebook_bytes(course, "add = 2")
    assert len(attempts(course, "ada")) == 1


def test_a_notebook_with_another_name_is_known_by_its_cells(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "Untitled7.ipynb").write_bytes(notebook_bytes(course))
    (folder / "scratch.ipynb").write_bytes(b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    one = run(course, tmp_path / "class")["ada"]
    assert one.notes == ("Untitled7.ipynb is taken for numbers.ipynb",)
    assert submitted(course, "ada") == notebook_bytes(course)


# --- times ------------------------------------------------------------------------------------------------------------


def moodle(**students: tuple[datetime, bytes]) -> dict[str, tuple[datetime, bytes]]:
    return {f"{n}_{i}_assignsubmission_file/numbers.ipynb": g for i, (n, g) in enumerate(students.items(), start=100)}


def test_times_in_a_zip_file_and_extensions(course: Course, make_zip: MakeZip) -> None:
    mine = notebook_bytes(course)
    late = DAY + timedelta(hours=26)
    path = make_zip(moodle(ada=(DAY - timedelta(hours=1), mine), bob=(late, mine), cy=(late, mine)))
    results = run(course, path, due=Due(DAY, {"cy": timedelta(days=2)}))
    assert {name: one.late for name, one in results.items()} == {"ada": "", "bob": "late by 1 day 2 hours", "cy": ""}
    assert submitted(course, "bob", "timestamp.txt") == b"2026-03-02 14:00:00 UTC\n"


def test_times_of_the_download_are_not_used(course: Course, make_zip: MakeZip) -> None:
    late = DAY + timedelta(days=3)
    files = moodle(ada=(late, notebook_bytes(course)), bob=(late + timedelta(minutes=4), notebook_bytes(course)))
    remarks: list[str] = []
    results = run(course, make_zip(files), due=Due(DAY), on_remark=remarks.append)
    assert not any(one.late for one in results.values())
    assert remarks == ["class.zip: the times in it are not those of handing in, and are not used"]
    assert not (course.submitted / "ada" / ASSIGNMENT / "timestamp.txt").exists()
    results = run(course, make_zip(files), due=Due(DAY), use_times=True)
    assert results["ada"].late == "late by 3 days"


def test_the_times_of_moodles_worksheet_go_first(course: Course, make_zip: MakeZip) -> None:
    mine = notebook_bytes(course)
    path = make_zip(moodle(ada=(DAY, mine), bob=(DAY + timedelta(days=3), mine)))
    people = ClassList([Person("a1", name="Ada", time=DAY + timedelta(hours=1)), Person("b1", name="Bob", late=True)])
    results = run(course, path, due=Due(DAY + timedelta(days=9)), people=people)
    assert results["a1"].late == ""
    assert submitted(course, "a1", "timestamp.txt") == b"2026-03-01 13:00:00 UTC\n"
    assert results["b1"].late == "late, says the platform: by how much is not known"


def test_an_older_download_does_not_replace_a_newer_one(course: Course, make_zip: MakeZip) -> None:
    old, new = notebook_bytes(course, "add = 'old'"), notebook_bytes(course, "add = 'new'")
    ada = {"ada/timestamp.txt": b"2026-03-02 12:00:00 UTC", "ada/numbers.ipynb": new}
    bob = {"bob/numbers.ipynb": new}
    run(course, make_zip({**ada, **bob}, "new.zip"))
    ada = {"ada/timestamp.txt": b"2026-03-01 12:00:00 UTC", "ada/numbers.ipynb": old}
    last_week = make_zip({**ada, **bob}, "old.zip")
    for _ in range(2):
        one = run(course, last_week)["ada"]
        assert one.outcome is Outcome.UNCHANGED and "older than what was collected before" in one.notes[-1]
        assert submitted(course, "ada") == new and attempts(course, "ada") == [old]


def test_of_several_archives_the_latest_attempt_counts(course: Course, make_zip: MakeZip) -> None:
    def one(day: int) -> dict[str, bytes]:
        time = f"2026-03-{day:02} 12:00:00 UTC".encode()
        return {"ada/timestamp.txt": time, "ada/numbers.ipynb": notebook_bytes(course, f"add = {day}"), "bob/": b""}

    results = run(course, make_zip(one(9), "a.zip"), make_zip(one(10), "b.zip"), make_zip(one(8), "c.zip"))
    assert results["ada"].outcome is Outcome.NEW
    assert submitted(course, "ada") == notebook_bytes(course, "add = 10")
    assert attempts(course, "ada") == [notebook_bytes(course, "add = 8"), notebook_bytes(course, "add = 9")]


def test_what_is_replaced_is_kept(course: Course, make_zip: MakeZip) -> None:
    for number in range(3):
        run(course, make_zip({"ada/numbers.ipynb": notebook_bytes(course, f"add = {number}"), "bob/": b""}))
    assert submitted(course, "ada") == notebook_bytes(course, "add = 2")
    assert attempts(course, "ada") == [notebook_bytes(course, "add = 0"), notebook_bytes(course, "add = 1")]


def test_names_of_copies() -> None:
    for name, expected in {
        "numbers": ("numbers", 0),
        "numbers-2": ("numbers", 2),
        "numbers (12)": ("numbers", 12),
        "numbers(3)": ("numbers", 3),
        "numbers-Copy1": ("numbers", 1),
        "numbers copy": ("numbers", 1),
        "numbers_v4": ("numbers", 4),
        "01-numbers": ("01-numbers", 0),
        "2026": ("2026", 0),
    }.items():
        assert without_copy_mark(name) == expected
