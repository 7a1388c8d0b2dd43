"""Every exercise keeps the promises of its form: points, times, questions, partial credit, corpus, rubric, release.

Whether the tests tell right from wrong is for `autograder audit` to say, what an exercise's text claims for its own
`test_exercise_NN.py`.
"""

import ast
import re
from collections import Counter
from functools import cache

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.corpus import read_corpus
from autograder.notebook import Question, cells_by_id, code_cells, is_test, questions
from sources.build import CORPUS_SUFFIX, Source, find_sources, read_text

SOURCES = {source.notebook.parent.name: source for source in find_sources() if source.release is not None}
EXERCISES = {name: read_text(source) for name, source in SOURCES.items()}
FORBIDDEN = {"globals", "locals", "vars", "eval", "exec", "isinstance", "type", "hasattr", "keras"}

each = pytest.mark.parametrize("name", EXERCISES)
each_question = pytest.mark.parametrize(
    ("name", "question"),
    [
        pytest.param(name, question, id=f"{name}-{question.name}")
        for name, exercise in EXERCISES.items()
        for question in questions(exercise)
        if not question.by_hand
    ],
)


def text(name: str) -> str:
    return "\n".join(cell.source for cell in EXERCISES[name].cells if cell.cell_type == "markdown")


def by_hand(name: str) -> Question:
    (question,) = (question for question in questions(EXERCISES[name]) if question.by_hand)
    return question


@cache
def corpus(name: str) -> tuple:
    return tuple(read_corpus(SOURCES[name].text.with_suffix(CORPUS_SUFFIX)))


def regions(cell: NotebookNode, marker: str) -> int:
    """Number of marked regions in a cell; fails if a marker has no partner or two regions are nested."""
    found = re.findall(rf"### (BEGIN|END) {marker}\b", cell.source)
    assert found == ["BEGIN", "END"] * (len(found) // 2), f"{marker} markers: {found}"
    return len(found) // 2


def names_in(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def functions_in(code: str) -> set[str]:
    return {node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}


# --- points and questions ------------------------------------------------------------------------------------------


@each
def test_points_are_as_the_text_says(name: str) -> None:
    worth = [question.points for question in questions(EXERCISES[name])]
    assert re.search(rf"\*\*Points:\*\* {sum(worth):g}\.", text(name))
    in_headings = [int(points) for points in re.findall(r"^## \d+ · .*?\((\d+) points", text(name), re.MULTILINE)]
    in_table = [int(points) for points in re.findall(r"^\| \d+ \| .*? \| (\d+) \| \d+ \|$", text(name), re.MULTILINE)]
    assert in_headings == in_table == worth


@each
def test_titles_in_the_table_are_those_of_the_headings(name: str) -> None:
    in_table = re.findall(r"^\| (\d+) \| (.*?) \|", text(name).split("## How to work")[0], re.MULTILINE)
    assert in_table == re.findall(r"^## (\d+) · (.*?) \(", text(name), re.MULTILINE)


@each
def test_the_time_is_that_of_the_questions(name: str) -> None:
    total = sum(int(minutes) for minutes in re.findall(r"^\| \d+ \| .* \| (\d+) \|$", text(name), re.MULTILINE))
    least, most = map(int, re.search(r"\*\*Time:\*\* (\d+) to (\d+) minutes", text(name)).groups())
    assert 45 <= least <= total <= most <= 90


@each
def test_there_are_five_to_eight_tested_questions_and_a_written_one(name: str) -> None:
    assert 5 <= len(questions(EXERCISES[name])) - 1 <= 8
    cell = cells_by_id(EXERCISES[name])[by_hand(name).name]
    assert regions(cell, "SOLUTION") == 1
    _, rubric = EXERCISES[name].cells[EXERCISES[name].cells.index(cell) - 1].source.split("| rubric |")
    assert len(re.findall(r"^\| \d \|", rubric, re.MULTILINE)) == by_hand(name).points


@each
def test_every_grade_id_is_there_once(name: str) -> None:
    ids = Counter(cell.metadata.nbgrader.grade_id for cell in EXERCISES[name].cells if "nbgrader" in cell.metadata)
    assert ids.most_common(1)[0][1] == 1


# --- answers and their tests -----------------------------------------------------------------------------------------


@each_question
def test_an_answer_and_its_test_go_by_the_same_name(name: str, question: Question) -> None:
    answer = cells_by_id(EXERCISES[name])[question.name]
    assert question.graded == (f"{question.name}_test",)
    assert answer.metadata.nbgrader.locked is False
    assert regions(answer, "SOLUTION") >= 1
    assert question.name in {node.name for node in ast.parse(answer.source).body if hasattr(node, "name")}


@each_question
def test_a_test_cell_is_locked_and_has_visible_and_hidden_tests(name: str, question: Question) -> None:
    cell = cells_by_id(EXERCISES[name])[f"{question.name}_test"]
    assert is_test(cell)
    assert cell.metadata.nbgrader.locked is True
    assert regions(cell, "HIDDEN TESTS") >= 1
    visible = re.sub(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", cell.source, flags=re.DOTALL)
    assert "mistakes=" in visible, "a visible test names the mistakes that it knows"
    assert f"{question.name}(" in visible


@each_question
def test_partial_credit_is_the_last_line_and_of_as_many_points(name: str, question: Question) -> None:
    cell = cells_by_id(EXERCISES[name])[f"{question.name}_test"]
    if match := re.search(r"checks\.Parts\(points=(\d+)\)", cell.source):
        assert int(match[1]) == cell.metadata.nbgrader.points
        assert sum(map(int, re.findall(r"with parts\([^\n]*points=(\d+)\)", cell.source))) == int(match[1])
        assert cell.source.rstrip().endswith("\nparts.score()")


@each_question
def test_an_answer_needs_no_other_answer(name: str, question: Question) -> None:
    cells = cells_by_id(EXERCISES[name])
    others = {other.name for other in questions(EXERCISES[name]) if other.name != question.name}
    for cell in (cells[question.name], cells[f"{question.name}_test"]):
        assert not names_in(cell.source) & others


@each_question
def test_tests_look_at_values_only(name: str, question: Question) -> None:
    """So that they hold where the student's code is in another process."""
    code = cells_by_id(EXERCISES[name])[f"{question.name}_test"].source
    assert not names_in(code) & FORBIDDEN
    assert set(re.findall(r"^\s*(?:import|from) (\w+)", code, re.MULTILINE)) <= {"itertools"}


# --- corpus ----------------------------------------------------------------------------------------------------------


@each_question
def test_the_corpus_has_wrong_and_right_solutions(name: str, question: Question) -> None:
    solutions = [solution for solution in corpus(name) if solution.question == question.name]
    assert sum(solution.wrong for solution in solutions) >= 4
    assert sum(not solution.wrong for solution in solutions) >= 2
    assert len({solution.name for solution in solutions}) == len(solutions)


@each_question
def test_each_wrong_solution_has_a_message_of_its_own(name: str, question: Question) -> None:
    expected = [solution.expects for solution in corpus(name) if solution.question == question.name and solution.wrong]
    for message in expected:
        assert sum(message in other for other in expected) == 1, f"{message!r} stands for two mistakes"


@each_question
def test_every_solution_defines_what_the_answer_does(name: str, question: Question) -> None:
    needed = functions_in(cells_by_id(EXERCISES[name])[question.name].source)
    for solution in corpus(name):
        if solution.question == question.name:
            assert needed <= functions_in(solution.code), f"line {solution.line}: {solution.name}"


# --- what participants get -------------------------------------------------------------------------------------------


@each
def test_the_release_holds_no_answers_and_no_hidden_tests(name: str) -> None:
    source: Source = SOURCES[name]
    assert source.release.exists(), f"{source.release} is missing: run `make notebooks`"
    release = nbformat.read(source.release, as_version=4)
    whole = "\n".join(cell.source for cell in release.cells)
    for marker in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS"):
        assert marker not in whole
    assert [*cells_by_id(release)] == [*cells_by_id(EXERCISES[name])]
    for question in questions(EXERCISES[name]):
        if not question.by_hand:
            assert "raise NotImplementedError()" in cells_by_id(release)[question.name].source
    assert not any(cell.get("outputs") for cell in release.cells)
    for cell in code_cells(release):
        compile(cell.source, cell.id, "exec")
