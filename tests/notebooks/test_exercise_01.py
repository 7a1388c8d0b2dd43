"""Exercise 1 keeps its promises: points, questions, corpus, rubric, nothing leaked, and what its text says is so.

Whether the tests tell right from wrong is for `autograder audit` to say.
"""

import ast
import re
from collections import Counter

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode

from autograder.corpus import Solution, read_corpus
from autograder.notebook import Question, cells_by_id, code_cells, is_test, questions
from sources.build import CORPUS_SUFFIX, find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "01-perceptron")
EXERCISE = read_text(SOURCE)
CORPUS = read_corpus(SOURCE.text.with_suffix(CORPUS_SUFFIX))
CELLS = cells_by_id(EXERCISE)
QUESTIONS = questions(EXERCISE)
TESTED = [question for question in QUESTIONS if not question.by_hand]
TEST_CELLS = {name: cell for name, cell in CELLS.items() if is_test(cell)}
TEXT = "\n".join(cell.source for cell in EXERCISE.cells if cell.cell_type == "markdown")

per_question = pytest.mark.parametrize("question", TESTED, ids=lambda question: question.name)
per_test_cell = pytest.mark.parametrize("name", TEST_CELLS)


def corpus_of(question: Question, *, wrong: bool) -> list[Solution]:
    return [solution for solution in CORPUS if solution.question == question.name and solution.wrong is wrong]


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


def test_points_are_as_the_text_says() -> None:
    by_hand = sum(question.points for question in QUESTIONS if question.by_hand)
    assert (sum(question.points for question in TESTED), by_hand) == (22, 3)
    assert re.search(r"\*\*Points:\*\* 25\.", TEXT)
    in_headings = [int(points) for points in re.findall(r"^## \d+ · .*?\((\d+) points", TEXT, re.MULTILINE)]
    in_table = [int(points) for points in re.findall(r"^\| \d+ \| .*? \| (\d+) \| \d+ \|$", TEXT, re.MULTILINE)]
    assert in_headings == in_table == [question.points for question in QUESTIONS]


def test_titles_in_the_table_are_those_of_the_headings() -> None:
    in_table = re.findall(r"^\| (\d+) \| (.*?) \|", TEXT.split("## How to work")[0], re.MULTILINE)
    in_headings = re.findall(r"^## (\d+) · (.*?) \(", TEXT, re.MULTILINE)
    assert in_table == in_headings


def test_the_time_is_that_of_the_questions() -> None:
    total = sum(int(minutes) for minutes in re.findall(r"^\| \d+ \| .* \| (\d+) \|$", TEXT, re.MULTILINE))
    least, most = map(int, re.search(r"\*\*Time:\*\* (\d+) to (\d+) minutes", TEXT).groups())
    assert 45 <= least <= total <= most <= 90


def test_there_are_six_to_eight_tested_questions_and_a_written_one() -> None:
    assert 6 <= len(TESTED) <= 8
    assert [question.name for question in QUESTIONS if question.by_hand] == ["in_your_own_words"]


def test_every_grade_id_is_there_once() -> None:
    ids = Counter(cell.metadata.nbgrader.grade_id for cell in EXERCISE.cells if "nbgrader" in cell.metadata)
    assert ids.most_common(1)[0][1] == 1


# --- cells ----------------------------------------------------------------------------------------------------------


@per_question
def test_an_answer_and_its_test_go_by_the_same_name(question: Question) -> None:
    assert question.graded == (f"{question.name}_test",)
    assert CELLS[question.name].metadata.nbgrader.locked is False
    assert regions(CELLS[question.name], "SOLUTION") >= 1
    assert question.name in functions_in(CELLS[question.name].source)


@per_test_cell
def test_a_test_cell_is_locked_and_has_visible_and_hidden_tests(name: str) -> None:
    cell = TEST_CELLS[name]
    assert cell.metadata.nbgrader.locked is True
    assert regions(cell, "HIDDEN TESTS") >= 1
    visible = re.sub(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", cell.source, flags=re.DOTALL)
    assert "mistakes=" in visible, "a visible test names the mistakes that it knows"
    assert name.removesuffix("_test") + "(" in visible


@per_test_cell
def test_partial_credit_is_the_last_line_and_of_as_many_points(name: str) -> None:
    cell = TEST_CELLS[name]
    if match := re.search(r"checks\.Parts\(points=(\d+)\)", cell.source):
        assert int(match[1]) == cell.metadata.nbgrader.points
        assert sum(map(int, re.findall(r"with parts\([^\n]*points=(\d+)\)", cell.source))) == int(match[1])
        assert cell.source.rstrip().endswith("\nparts.score()")


@per_question
def test_an_answer_needs_no_other_answer(question: Question) -> None:
    others = set().union(*(functions_in(CELLS[other.name].source) for other in TESTED if other is not question))
    for cell in (CELLS[question.name], CELLS[f"{question.name}_test"]):
        assert not names_in(cell.source) & others


@per_test_cell
def test_tests_look_at_values_only(name: str) -> None:
    """So that they hold where the student's code is in another process."""
    code = TEST_CELLS[name].source
    assert not names_in(code) & {"globals", "locals", "vars", "eval", "exec", "isinstance", "type", "hasattr", "keras"}
    imported = re.findall(r"^\s*(?:import|from) (\w+)", code, re.MULTILINE)
    assert set(imported) <= {"itertools"}


def test_keras_is_imported_where_it_is_needed_and_nowhere_else() -> None:
    with_keras = [cell.metadata.nbgrader.grade_id for cell in code_cells(EXERCISE) if "import keras" in cell.source]
    assert with_keras == ["keras_twin"]


# --- corpus ---------------------------------------------------------------------------------------------------------


@per_question
def test_the_corpus_has_wrong_and_right_solutions(question: Question) -> None:
    wrong, right = corpus_of(question, wrong=True), corpus_of(question, wrong=False)
    assert len(wrong) >= 4
    assert len(right) >= 2
    assert len({solution.name for solution in wrong + right}) == len(wrong + right)


@per_question
def test_each_wrong_solution_has_a_message_of_its_own(question: Question) -> None:
    expected = [solution.expects for solution in corpus_of(question, wrong=True)]
    for message in expected:
        assert sum(message in other for other in expected) == 1, f"{message!r} stands for two mistakes"


@per_question
def test_every_solution_defines_what_the_answer_does(question: Question) -> None:
    needed = functions_in(CELLS[question.name].source)
    for solution in CORPUS:
        if solution.question == question.name:
            assert needed <= functions_in(solution.code), f"line {solution.line}: {solution.name}"


# --- the written question --------------------------------------------------------------------------------------------


def test_the_written_question_has_a_rubric_with_a_line_for_each_point() -> None:
    position = EXERCISE.cells.index(CELLS["in_your_own_words"])
    question = EXERCISE.cells[position - 1]
    assert question.cell_type == "markdown"
    _, rubric = question.source.split("| rubric |")
    lines = re.findall(r"^\| \d \|", rubric, re.MULTILINE)
    assert len(lines) == CELLS["in_your_own_words"].metadata.nbgrader.points == 3
    assert regions(CELLS["in_your_own_words"], "SOLUTION") == 1


# --- what participants get -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def release() -> NotebookNode:
    assert SOURCE.release.exists(), f"{SOURCE.release} is missing: run `make notebooks`"
    return nbformat.read(SOURCE.release, as_version=4)


def test_the_release_holds_no_answers_and_no_hidden_tests(release: NotebookNode) -> None:
    text = "\n".join(cell.source for cell in release.cells)
    for marker in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS"):
        assert marker not in text
    assert "separates malignant from benign" not in text, "words of the model answer"
    for question in TESTED:
        assert "raise NotImplementedError()" in cells_by_id(release)[question.name].source
    assert not any(cell.get("outputs") for cell in release.cells)


def test_the_release_is_whole_without_them(release: NotebookNode) -> None:
    assert [*cells_by_id(release)] == [*CELLS]
    for cell in code_cells(release):
        compile(cell.source, cell.id, "exec")


# --- what the text says ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up and the answers in numpy define."""
    namespace: dict[str, object] = {}
    for name in ("setup", "predict", "signed_distance", "train_pocket", "train_average"):
        exec(CELLS[name].source, namespace)
    return namespace


def test_no_line_separates_the_cells(answers) -> None:
    """A line w·x + b with y·(w·x + b) >= 1 for every sample would be a solution of this linear program."""
    from scipy.optimize import linprog

    def separable(X: np.ndarray, y: np.ndarray) -> bool:
        rows = -y[:, None] * np.column_stack([X, np.ones(len(X))])
        return linprog(np.zeros(rows.shape[1]), A_ub=rows, b_ub=-np.ones(len(X)), bounds=(None, None)).status == 0

    assert not separable(answers["cells"].X, answers["diagnosis"])
    petals, species = iris_petals(answers)
    assert separable(petals, species)


def iris_petals(answers) -> tuple[np.ndarray, np.ndarray]:
    petals = answers["data"].load("iris").select(["petal length", "petal width"], ["setosa", "versicolor"])
    return petals.X, np.where(petals.y == 1, 1, -1)


def test_on_petals_the_rule_comes_to_rest_after_a_few_epochs(answers) -> None:
    for seed in range(20):
        _, _, mistakes = answers["train_pocket"](*iris_petals(answers), 12, np.random.default_rng(seed))
        assert not mistakes[6:].any()


def test_on_cells_it_never_does(answers) -> None:
    Z = answers["cells"].standardise().X
    _, _, mistakes = answers["train_pocket"](Z, answers["diagnosis"], 50, np.random.default_rng(0))
    assert mistakes[-10:].min() > 0
    assert np.ptp(mistakes[-10:]) > 100, "the figure below question 4 shows it jump to the end"


def test_with_all_features_about_twelve_mistakes_are_usual(answers) -> None:
    cells = answers["data"].load("breast_cancer").standardise()
    labels = np.where(cells.y == 0, 1, -1)
    fewest = [answers["train_pocket"](cells.X, labels, 5, np.random.default_rng(seed))[2].min() for seed in range(10)]
    assert np.median(fewest) == pytest.approx(12, abs=2)
    assert max(fewest) <= 20, "the test allows 40"


def test_the_average_does_better_on_new_cells(answers) -> None:
    shares = answers["compare"](range(20))
    stated = re.search(
        r"([\d.]+) % and ([\d.]+) %.*?([\d.]+) %\s*# against ([\d.]+) %", CELLS["train_average"].source, re.S
    )
    pocket_train, average_train, average_test, pocket_test = (float(share) / 100 for share in stated.groups())
    assert shares["pocket"] == pytest.approx((pocket_train, pocket_test), abs=5e-4)
    assert shares["average"] == pytest.approx((average_train, average_test), abs=5e-4)
    assert average_test < pocket_test - 0.01
