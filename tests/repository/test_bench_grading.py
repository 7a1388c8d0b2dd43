"""The parts of the benchmark of grading that need no grading."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.audit import Exercise
from autograder.blank import release_notebook
from autograder.corpus import parse_corpus
from autograder.gradebook import Row
from autograder.notebook import cells_by_id, parse_notebook
from bench.commands import megabytes
from bench.grading import Measured, Run, differences, line, seconds_of
from bench.submissions import make_submissions
from tests.autograder.small_course import CORPUS, make_solution

ENDLESS = '# %% question: add\n# %% wrong: "never ends"   expects: "no"\ndef add(a, b):\n    while True: pass\n'


def exercise_with(corpus: str) -> Exercise:
    source = make_solution()
    return Exercise(Path("numbers.ipynb"), source, release_notebook(source), parse_corpus(corpus))


def test_submissions_are_different_and_come_to_an_end() -> None:
    exercise = exercise_with(CORPUS + ENDLESS)
    made = make_submissions(exercise, 30)
    assert made == make_submissions(exercise, 30) and len(set(made)) == 30
    answers = [cells_by_id(parse_notebook(content))["add"].source for content in made]
    assert "return a + b" in answers[0] and "###" not in answers[0]
    assert any("return a - b" in answer for answer in answers)
    assert not any("while True" in answer for answer in answers)


def test_a_corpus_that_is_too_small_is_named() -> None:
    with pytest.raises(ValueError, match="the corpus of numbers gives 1 different submissions, not 3"):
        make_submissions(exercise_with(ENDLESS), 3)


def test_what_is_taken_once_and_by_each() -> None:
    run = Run(10.0, written=(4.0, 4.0, 6.0, 6.0, 8.0, 8.0), workers=2)
    assert run.one == 1.0  # two at a time, in two seconds
    assert run.of_class(0) == 4.0 and run.of_class(300) == 304.0
    assert Run(10.0, written=(4.0, 6.0, 8.0)).of_class(4) == 12.0


def test_marks_that_differ_or_are_missing() -> None:
    one, two = Row(1.0), Row(2.0)
    assert differences({"a": one, "b": one}, {"a": one, "b": Row(1.0)}) == []
    assert differences({"a": one, "b": one, "c": one}, {"b": two, "c": one, "d": one}) == ["a", "b", "d"]
    assert differences({"a": Row(None, waits=True)}, {"a": Row(None)}) == ["a"]


def test_a_line_sums_up_exercises() -> None:
    stock, ours = Run(60.0, (20.0, 40.0, 60.0), megabytes=700.0), Run(6.0, (4.0, 5.0, 6.0))
    alone, two = Run(6.0, (4.0, 5.0, 6.0), megabytes=500.0), Run(5.0, (3.0, 3.0, 4.0), 2, megabytes=600.0)
    first = Measured("first", ours, alone, two, cells=0.75, in_engine=0.125, warm=2.0, again=0.06, stock=stock)
    numbers = ["3", "30.00", "2.00", "3.00", "1.00", "0.75", "0.25", "0.12"]
    assert line("first", [first], "autograder") == ["first", "autograder", *numbers, "500, 600", "+100", "20"]
    numbers = ["6", "3.00", "20.00", "0.00", "20.00", "0.75", "19.25"]
    assert line("all", [first, first], "nbgrader") == ["all", "nbgrader", *numbers, "", "700", "", ""]


def test_what_nbgrader_did_not_run_is_added() -> None:
    stock, ours = Run(60.0, (20.0, 40.0, 60.0)), Run(12.0, (4.0, 5.0, 6.0, 8.0, 10.0, 12.0))
    some = [Measured("one", ours, ours, ours, cells=0.5, in_engine=0.1, warm=2.0, again=0.06, stock=stock)]
    assert (seconds_of(some, "nbgrader"), seconds_of(some, "autograder")) == (120.0, 12.0)
    assert line("one", some, "nbgrader")[2:6] == ["3 of 6", "3.00", "20.00", "0.00"]


def test_memory_of_a_process() -> None:
    with subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=-1, stdout=-1) as process:
        process.stdout.readline()  # it has started
        assert 1 < megabytes(process.pid) < 200
        process.kill()
    assert megabytes(2**22 + 1) == 0  # beyond all process numbers
