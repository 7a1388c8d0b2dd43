"""The benchmark of a whole class: its students, what Moodle hands over of them, and, slowly, the class itself."""

import ast
import csv
import importlib
import random
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from autograder.audit import Exercise, load_exercise
from autograder.corpus import Solution, read_corpus
from autograder.course import find_course
from autograder.intake.roster import read_roster
from autograder.notebook import NotebookError, cells_by_id, parse_notebook
from bench.commands import ROOT
from bench.moodle import write_download, write_worksheet
from bench.perturb import own_names, perturb, rename, slip
from bench.students import DUE, RARE, SHARES, make_students

benchmark = importlib.import_module("bench.class")  # `class` is no name that could be imported


@cache
def perceptron() -> Exercise:
    course = find_course(ROOT)
    return load_exercise(course, course.notebooks("01-perceptron")[0])


def solutions() -> list[Solution]:
    return [one for path in sorted(ROOT.glob("sources/solutions/*/*.corpus.py")) for one in read_corpus(path)]


def meaning(code: str) -> str:
    """The syntax tree, without how names are called that may be called anything."""
    tree, own = ast.parse(code), own_names(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in own:
            node.id = "own"
    return ast.dump(tree)


def test_a_perturbed_answer_does_the_same() -> None:
    """Of all solutions of all corpora."""
    rng = random.Random(0)
    for one in solutions():
        other = perturb(one.code, rng)
        assert other != one.code and meaning(other) == meaning(one.code), f"{one.question}, {one.name}:\n{other}"


def test_which_names_may_be_others() -> None:
    code = (
        "import numpy as np\nscale = 2\n\n\ndef f(x, *, key=1):\n    total = 0\n    for row in x:\n"
        "        total += g(row, mode=row.total)\n    mode = f'{key} {shown}'\n    shown = [i for i in x]\n"
        "    return total * scale, mode\n"
    )
    assert own_names(code) == {"total", "row", "i"}
    assert "        sum_ += g(line, mode=line.total)\n" in rename(code, {"total": "sum_", "row": "line"})


def test_a_slip_is_a_slip() -> None:
    rng = random.Random(0)
    made = {slip("def f(x):\n    é = 'é'; return x * 2 + 1000", rng) for _ in range(40)}
    assert {eval(code.partition("return")[2], {"x": 1}) for code in made} == {1003, 1004, 998, 1001}
    for same in ("while x < 3:\n    x += 1", "x = 1000", "x = f'{y + 1}'", "x = True"):
        assert slip(same, rng) == same


def test_a_class_has_everything_and_is_the_same_each_time() -> None:
    students = make_students(perceptron(), 60)
    again = make_students(perceptron(), 60)
    assert [one.attempts for one in again] == [one.attempts for one in students]
    kinds = Counter(kind for one in students for kind in one.kinds)
    assert kinds == {
        "attempts": 7,
        "late": 5,
        "unreadable": 1,
        "copied": 1,
        "the same": 1,
        "test deleted": 1,
        "absent": 1,
    }
    assert kinds.keys() <= {**SHARES, **RARE}.keys()
    files = [content for one in students for content in one.attempts]
    assert len(set(files)) == len(files) - kinds["the same"]
    answers = {
        cells_by_id(parse_notebook(one.attempts[-1]))["perceptron_step"].source for one in students if one.graded
    }
    assert len(answers) > 40
    for one in students:
        assert (one.time > DUE) == ("late" in one.kinds)
        if "unreadable" in one.kinds:
            with pytest.raises(NotebookError):
                parse_notebook(one.attempts[-1])


def test_the_smallest_class_has_the_odd_ones_too() -> None:
    students = make_students(perceptron(), 3)
    assert {kind for one in students for kind in one.kinds} == SHARES.keys()
    assert sum(one.graded for one in students) == 2


def test_what_moodle_hands_over(tmp_path: Path) -> None:
    students = make_students(perceptron(), 40)
    download, worksheet = tmp_path / "class.zip", tmp_path / "worksheet.csv"
    write_download(students, "perceptron", download)
    write_worksheet(students, 25, worksheet)
    people = {person.participant: person for person in read_roster(worksheet)}
    assert len(people) == 40
    with zipfile.ZipFile(download) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist()}
        assert len(archive.namelist()) == sum(len(one.attempts) for one in students)
    for one in students:
        person = people[str(one.number)]
        assert (person.student, person.full_name, bool(person.late)) == (one.student, one.name, "late" in one.kinds)
        assert (f"{one.name}_{one.number}_assignsubmission_file_" in folders) == bool(one.attempts)
        assert (person.time == one.time.replace(second=0)) == bool(one.attempts)


@pytest.mark.slow
def test_a_class_from_download_to_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four students, with the real commands, which check that everybody comes through."""
    benchmark.main(["--students", "4", "--workers", "2", "--keep", str(tmp_path / "kept")])
    printed = capsys.readouterr().out
    assert "01-perceptron: 4 students, 5 files, 5 of them different; 1 attempts, 1 late, 1 unreadable" in printed
    rows = [line.split(" | ") for line in printed.splitlines() if line.startswith("| ")][2:]
    assert [row[0] for row in rows] == [
        "| collect", "| grade", "| report", "| export marks", "| export pages", "| collect, unchanged",
        "| grade, unchanged",
    ]  # fmt: skip
    assert all(float(row[1]) > 0 and float(row[3]) > 0 for row in rows)
    assert float(rows[1][4]) > 100, "grading has a process with all that the exercise imports"
    assert "4 submissions from download to marks and pages in" in printed
    with (tmp_path / "kept/course/grading/report/01-perceptron-moodle.csv").open(newline="") as file:
        assert sum(bool(row["Grade"]) for row in csv.DictReader(file)) == 4
