"""The report on a class: its numbers are right, it names what went wrong, and it stands alone."""

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from autograder.cli import app
from autograder.course import Course, find_course
from autograder.grade import grade
from autograder.misconceptions import find_misconception, known_misconceptions, label
from autograder.notebook import read_notebook
from autograder.report.gather import gather, split_reason
from autograder.report.overview import overview
from autograder.report.page import figure
from autograder.report.similarity import fragments, similar_pairs, tokens
from autograder.report.statistics import (
    QuestionStatistics,
    correlation,
    cronbach_alpha,
    histogram,
    question_statistics,
)
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, REPOSITORY, find, make_solution, submit
from tests.autograder.test_feedback_page import HOSTILE, Page

WORTH = {"add": 2.0, "double": 3.0, "biggest": 1.0, "why": 2.0}


def invoke(course: Course, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--course", str(course.root), "report", *arguments], env={"COLUMNS": "300"})


def hand_in(course: Course, student: str, **answers: str) -> None:
    def change(notebook) -> None:
        for name, source in answers.items():
            find(notebook, name).source = source

    submit(course, student, change)


def page_of(course: Course) -> str:
    return (course.grading / "report" / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")


@pytest.fixture
def a_class(course: Course) -> Course:
    """Twelve students: three subtract, of whom one has edited a test, one handed in nothing that can be read."""
    wrong = "def add(a, b):\n    return a - b  # {}"
    for n in range(8):
        hand_in(course, f"right-{n}", add=f"def add(a, b):\n    return a + b  # {n}")
    for student in ("minus-a", "minus-b"):
        hand_in(course, student, add=wrong.format(student), double="double = 1")
    hand_in(course, "minus-c", add=wrong.format("c"), add_test="pass")
    submit(course, "torn").write_text("{")
    grade(course, ASSIGNMENT, engine=FakeEngine(), feedback=False)
    return course


def test_what_it_says(a_class: Course) -> None:
    result = invoke(a_class)
    assert result.exit_code == 0
    assert "12 graded, 1 not readable" in result.stdout and f"grading/report/{ASSIGNMENT}.html" in result.stdout
    made = overview(gather(a_class, ASSIGNMENT))
    first = made.mistakes[0]
    assert (first.question, first.text, first.misconception) == ("add", "that is the difference", True)
    assert first.students == ("minus-a", "minus-b", "minus-c") and "return a - b" in first.sample
    by_name = {one.question: one for one in made.questions}
    assert (by_name["add"].n, by_name["add"].full, by_name["add"].none) == (11, 8, 3)
    assert by_name["add"].difficulty == pytest.approx(8 / 11) and by_name["add"].discrimination > 0.5
    assert math.isnan(by_name["why"].difficulty) and made.waiting == {"why": 11} and made.max_points == 6
    assert [who for who, _ in made.failed] == ["torn"]
    assert made.notes == [("locked cell 'add_test' was edited: graded with the original", ("minus-c",))]
    assert made.seconds.median == 0.25 and made.conditions.layers == ("fake",)


def test_the_page_stands_alone(a_class: Course) -> None:
    invoke(a_class)
    text = page_of(a_class)
    page = Page(re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL))
    assert page.faults == [] and page.levels[:2] == [1, 2]
    assert "torn: numbers.ipynb is not a notebook" in page.text
    assert "memory megabytes" in page.text and "2048" in page.text and "fake" in page.text
    pictures = re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL)
    assert len(pictures) == 4
    for picture in pictures:
        assert 'role="img"' in picture and "<title" in picture and "<desc" in picture
    assert text.count("The same as a table") == 3 and "default-src 'none'" in text
    assert re.findall(r"(?:src|href)=.?(?:https?:)?//", text) == [] and "<script" not in text


def test_the_report_is_the_same_each_time(a_class: Course) -> None:
    invoke(a_class)
    before = page_of(a_class)
    invoke(a_class)
    assert page_of(a_class) == before


def test_nothing_of_a_submission_runs(course: Course) -> None:
    hand_in(
        course, "ann", add=f"def add(a, b):\n    raise ValueError({HOSTILE!r})", double=f"raise OSError({HOSTILE!r})"
    )
    grade(course, ASSIGNMENT, engine=FakeEngine(), feedback=False)
    assert invoke(course).exit_code == 0
    assert Page(re.sub(r"<svg.*?</svg>", "", page_of(course), flags=re.DOTALL)).faults == []


def test_limits_and_sandbox_are_those_of_the_run(course: Course) -> None:
    submit(course, "ann")
    config = course.root / "nbgrader_config.py"
    grade(course, ASSIGNMENT, engine=FakeEngine(), feedback=False, sandbox="none")
    config.write_text(config.read_text() + '\nc.Autograder.limits = {"memory_megabytes": 77}\n')
    conditions = gather(find_course(course.root), ASSIGNMENT).conditions
    assert conditions.limits["memory_megabytes"] == 2048 and conditions.sandboxes == {"none": 1}
    invoke(course)
    assert "1 submissions ran without one" in page_of(course)


def test_nothing_graded(course: Course) -> None:
    result = invoke(course)
    assert result.exit_code == 2 and result.stderr.startswith("autograder: Nobody's 01-numbers has been graded yet")
    submit(course, "torn").write_text("{")
    grade(course, ASSIGNMENT, engine=FakeEngine(), feedback=False)
    assert invoke(course).exit_code == 0 and "No submission could be read" in page_of(course)


# --- numbers --------------------------------------------------------------------------------------------------------


def test_question_statistics() -> None:
    points = np.array([[2, 3, 1, np.nan]] * 6 + [[0, 1.5, 1, 2]] * 6)
    add, double, biggest, why = question_statistics(points, WORTH)
    assert (add.full, add.partial, add.none, add.difficulty) == (6, 0, 6, 0.5)
    assert (double.full, double.partial, double.difficulty) == (6, 6, 0.75)
    assert add.discrimination < 0 and "misleading" in add.remark  # the mark of `why` is missing where the rest is right
    assert math.isnan(biggest.discrimination) and (why.n, why.waiting) == (6, 6)


@pytest.mark.parametrize(
    ("n", "discrimination", "remark"),
    [(1000, -0.003, "tells hardly anybody apart"), (1000, -0.1, "misleading"), (12, -0.5, "tells"), (12, -0.6, "misl")],
)
def test_what_chance_gives_is_no_reason_to_doubt_a_question(n: int, discrimination: float, remark: str) -> None:
    assert remark in QuestionStatistics("add", 2, n, 0, n // 2, n // 4, 0.6, discrimination).remark


def test_a_number_is_never_minus_nothing() -> None:
    assert (figure(-0.004), figure(-0.006), figure(1.25, 1), figure(math.nan)) == ("0.00", "-0.01", "1.2", "–")


def test_cronbach_alpha() -> None:
    """Two questions that always agree measure the same; so do none that have nothing to do with each other."""
    column = np.arange(12.0).reshape(-1, 1)
    assert cronbach_alpha(np.hstack([column, column])) == pytest.approx(1)
    independent = np.array([[a, b] for a in (0, 1) for b in (0, 1)] * 3, dtype=float)
    assert cronbach_alpha(independent) == pytest.approx(0)
    assert math.isnan(cronbach_alpha(column)) and math.isnan(correlation(np.ones(20), np.arange(20)))


@given(st.lists(st.floats(0, 1000), max_size=50), st.floats(0, 1000))
def test_a_histogram_counts_everybody(values: list[float], end: float) -> None:
    bins = histogram(values, max([end, *values]))
    assert sum(one.count for one in bins) == len(values)
    assert bins[0].start == 0 and bins[-1].end >= max([end, *values]) * (1 - 1e-9)
    assert all(a.end == b.start for a, b in itertools.pairwise(bins)) and len(bins) <= 13


# --- misconceptions -------------------------------------------------------------------------------------------------


def test_misconceptions_are_found_in_the_tests() -> None:
    known = known_misconceptions(make_solution())
    assert [one.text for one in known["add"]] == ["that is the difference"] and known["why"] == ()
    message = "1 + 2: that is the difference (got -1, expected 3)"
    assert find_misconception(message, known["add"]) == label(message, known["add"]) == "that is the difference"
    assert find_misconception("1 + 2: got 7, expected 3", known["add"]) == ""


def test_messages_about_other_numbers_are_the_same() -> None:
    assert label("at 1, -2, 0.5 and 3 (got 1)", ()) == "at … and …"
    assert label("3 samples: got shape (3,), expected (3, 1)", ()) == label("25 samples: got shape (25,)", ())


def test_formatted_messages_have_gaps() -> None:
    solution = make_solution()
    find(solution, "add_test").source = 'checks.assert_close(1, 2, "x", mistakes={f"you took {n} of the {m} rows": 1})'
    (known,) = known_misconceptions(solution)["add"]
    assert known.text == "you took … of the … rows"
    assert find_misconception("x: you took 3 of the 10 rows (got 1)", [known]) == "you took 3 of the 10 rows"


@pytest.mark.parametrize("path", sorted((REPOSITORY / "solutions").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_the_course_s_tests_know_misconceptions(path: Path) -> None:
    known = known_misconceptions(read_notebook(path))
    assert sum(map(len, known.values())) >= 20


def test_reasons_are_split_at_their_parts() -> None:
    reason = "a step; and more (0 of 2): got 1; expected 2; another (0 of 1): none"
    assert split_reason("one (0 of 2): got 1; expected 2; another (0 of 1): none") == ["got 1; expected 2", "none"]
    assert split_reason("plain; text") == ["plain; text"] and split_reason("") == []
    assert split_reason(reason)[-1] == "none"


# --- likeness -------------------------------------------------------------------------------------------------------

OWN = """\
def train(X, y):
    {w} = np.zeros(X.shape[1])
    for {i} in range(100):  # {comment}
        {s} = 1 / (1 + np.exp(-(X @ {w})))
        {w} = {w} - 0.1 * X.T @ ({s} - y) / len(y)
        if np.abs({s} - y).max() < 0.01:
            break
    return {w}
"""
TEMPLATE = {"train": "def train(X, y):\n    raise NotImplementedError()"}


def other(n: int) -> str:
    """An answer that nobody else gives."""
    rng = np.random.default_rng(n)
    lines = []
    for k in range(12):
        name, sign = rng.choice(["sum", "max", "abs", "len", "min"]), rng.choice(["+", "-", "*", "@", "/"])
        compared = rng.choice(["<", ">", "%", "**", "=="])
        lines.append(f"    x{k} = {name}(X {sign} y {compared} {rng.integers(1000)})")
    return "\n".join(["def train(X, y):", *lines])


def test_renaming_and_comments_hide_nothing() -> None:
    answers = {f"s{n:02}": {"train": other(n)} for n in range(30)}
    answers["s07"] = {"train": OWN.format(w="w", i="epoch", s="y_hat", comment="train")}
    answers["s21"] = {"train": OWN.format(w="weights", i="k", s="p", comment='my own "idea"')}
    (pair,) = similar_pairs(answers, TEMPLATE)
    assert (pair.one, pair.other, pair.overlap, pair.questions) == ("s07", "s21", 1.0, ("train",))


def test_what_many_write_and_the_task_brings_says_nothing() -> None:
    code = OWN.format(w="w", i="i", s="s", comment="")
    many = {f"s{n:02}": {"train": code if n < 10 else other(n)} for n in range(30)}
    assert similar_pairs(many, TEMPLATE) == []
    two = {"a": {"train": code}, "b": {"train": code}}
    assert similar_pairs(two, {"train": code}) == [] and len(similar_pairs(two, TEMPLATE)) == 1
    assert similar_pairs({"a": {"train": code}}, TEMPLATE) == similar_pairs({"a": {}, "b": {}}, TEMPLATE) == []


@given(st.text() | st.text(alphabet="'\"\\#\nabc().1 "))
def test_tokens_of_anything(code: str) -> None:
    assert len(fragments(code)) <= max(0, len(tokens(code)) - 7)


def test_likeness_on_the_page(course: Course) -> None:
    body = OWN.format(w="w", i="i", s="s", comment="").partition("\n")[2]
    for n in range(20):
        hand_in(course, f"s{n:02}", double=other(n))
    for student in ("copy", "other"):
        hand_in(course, student, double=f"def double(numbers):\n{body}# {student}")
    for student in ("same-1", "same-2"):
        hand_in(course, student, double="double = 1  # the very same")
    grade(course, ASSIGNMENT, engine=FakeEngine(), feedback=False)
    made = overview(gather(course, ASSIGNMENT))
    assert [(pair.one, pair.other) for pair in made.pairs] == [("copy", "other")]
    assert made.the_same == [("same-1", "same-2")]
    invoke(course)
    assert "copy and other: double" in Page(re.sub(r"<svg.*?</svg>", "", page_of(course), flags=re.DOTALL)).text
