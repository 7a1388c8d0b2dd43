"""The sample class: deterministic, and of every kind that grading must cope with."""

import json
from pathlib import Path

import pytest

from autograder.audit import load_exercise
from autograder.course import Course
from autograder.notebook import NotebookError, grade_id, parse_notebook
from autograder.sample import Sample, make_class, write_class
from tests.autograder.small_course import ASSIGNMENT, find


@pytest.fixture
def samples(course: Course) -> dict[str, Sample]:
    return {one.student: one for one in make(course)}


def make(course: Course) -> list[Sample]:
    return make_class(load_exercise(course, course.solutions / ASSIGNMENT / "numbers.ipynb"))


def source(sample: Sample, name: str) -> str:
    return find(parse_notebook(sample.content), name).source


def test_is_the_same_each_time(course: Course) -> None:
    assert make(course) == make(course)


def test_nobody_gives_the_hidden_tests_away(samples: dict[str, Sample]) -> None:
    for one in samples.values():
        assert one.content is None or (b"HIDDEN" not in one.content and b"SOLUTION" not in one.content)


def test_answers(samples: dict[str, Sample]) -> None:
    assert source(samples["amara"], "add") == "def add(a, b):\n    return a + b"
    assert source(samples["amara"], "why") == "Because numbers add up."
    assert source(samples["bjorn"], "add") == "def add(a, b):\n    return a - b"
    assert source(samples["chiara"], "add") == "def add(a, b):\n    return sum([a, b])"
    assert source(samples["chiara"], "double") == "def double(numbers):\n    return [n * n for n in numbers]"
    assert "NotImplementedError" in source(samples["dmitri"], "add")
    assert source(samples["elif"], "add") == "def add(a, b)\n    return a + b"


def test_the_loop_is_in_the_function(samples: dict[str, Sample]) -> None:
    assert source(samples["farid"], "biggest") == (
        "def biggest(numbers):\n    while True:\n        pass\n    return max(numbers)"
    )


def test_cells_deleted_and_duplicated(samples: dict[str, Sample]) -> None:
    def ids(student: str) -> list[str | None]:
        return [name for cell in parse_notebook(samples[student].content).cells if (name := grade_id(cell))]

    everything = ids("amara")
    assert ids("greta") == [name for name in everything if name != "add_test"]
    assert ids("hugo").count("biggest") == 2
    cells = [c for c in parse_notebook(samples["hugo"].content).cells if grade_id(c) == "biggest"]
    assert "best = 0" in cells[0].source and "max(numbers)" in cells[1].source


def test_files_that_are_none(samples: dict[str, Sample]) -> None:
    with pytest.raises(NotebookError, match="not JSON"):
        parse_notebook(samples["ines"].content)
    assert samples["jonas"].content is None


def test_writes_folders_and_a_note(course: Course, tmp_path: Path) -> None:
    made = make(course)
    write_class(made, tmp_path / "class", "numbers")
    assert json.loads((tmp_path / "class" / "amara" / "numbers.ipynb").read_bytes())
    assert list((tmp_path / "class" / "jonas").iterdir()) == []
    note = (tmp_path / "class" / "README.md").read_text()
    assert all(f"| {one.student} | {one.what} | " in note for one in made)
    assert "| bjorn | wrong: add (subtracts) | 2 |" in note
    (tmp_path / "class" / "somebody").mkdir()
    write_class(made, tmp_path / "class", "numbers")  # a class is replaced …
    assert not (tmp_path / "class" / "somebody").exists()
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="holds no sample class"):  # … and nothing else
        write_class(made, tmp_path / "thesis", "numbers")
    assert (tmp_path / "thesis" / "chapter.txt").exists()
