"""Whole exercises: the sample class gets its marks, and they are those of plain nbgrader, cell by cell.

Where they differ, nbgrader is known to be wrong, and the difference stands here by name.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.audit import Exercise, audit, load_exercise
from autograder.collect import collect
from autograder.course import Course, find_course
from autograder.engine.limits import Limits
from autograder.grade import grade
from autograder.gradebook import read_gradebook
from autograder.notebook import parse_notebook, read_notebook
from autograder.result import SubmissionResult
from autograder.sample import make_class, write_class
from tests.autograder.nbgrader import nbgrader
from tests.autograder.small_course import REPOSITORY, find, submit, without_markers, write_notebook

# Training takes a while on a busy machine; nbgrader imports Keras within the time of a cell, and gets more.
LIMITS = Limits(cell_seconds=10)
Scores = dict[str, dict[str, float | None]]  # of each cell, by student


def copy_of(solution: Path, course: Course) -> Path:
    """Make a course one with the course's own solutions."""
    for folder in ("solutions", "sources"):
        shutil.rmtree(course.root / folder)
        shutil.copytree(REPOSITORY / folder, course.root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return course.solutions / solution.parent.name / solution.name


def grade_sample_class(course: Course, solution: Path) -> dict[str, SubmissionResult]:
    """Make, collect and grade the sample class of an exercise, as `make grade` does."""
    assignment = solution.parent.name
    exercise = load_exercise(course, solution)
    samples = make_class(exercise)
    tested = {question.name for question in exercise.tested}
    write_class(samples, course.grading / "sample", solution.stem)
    assert len(list(collect(course, assignment, course.grading / "sample"))) >= 8
    graded = grade(course, assignment, limits=LIMITS, feedback=False)
    results = {result.student: result for result in graded.results}
    for sample in samples:
        lost = {
            q.question: q.max_points - q.points
            for q in results[sample.student].questions
            if q.question in tested and q.points < q.max_points
        }
        assert lost == sample.loses, sample
    return results


def scores(course: Course, solution: Path) -> Scores:
    """What the gradebook holds."""
    rows = read_gradebook(course, solution.parent.name).rows
    return {s: {n: row.auto for n, row in of[solution.stem].items()} for s, of in rows.items()}


def warns(course: Course, solution: Path, student: str, cell: str) -> bool:
    """Whether a cell of the autograded notebook has written to stderr and not failed otherwise."""
    notebook = read_notebook(course.autograded / student / solution.parent.name / solution.name)
    outputs = find(notebook, cell).outputs
    kinds = {output.get("name", output.output_type) for output in outputs}
    return "stderr" in kinds and "error" not in kinds


def waiting(course: Course, solution: Path) -> dict[str, set[str]]:
    rows = read_gradebook(course, solution.parent.name).rows
    return {s: {n for n, row in of[solution.stem].items() if row.waits} for s, of in rows.items()}


def comments(course: Course, solution: Path) -> dict[str, list]:
    return read_gradebook(course, solution.parent.name).comments


def by_nbgrader(course: Course, solution: Path, *, cell_seconds: int = 60) -> Course:
    """Grade what was collected once more, with plain nbgrader, in a course of its own."""
    root = course.root.with_name("by-nbgrader")
    made_here = shutil.ignore_patterns("autograded", "feedback", "results", "gradebook.db")
    shutil.copytree(course.root, root, symlinks=True, ignore=made_here)
    other = find_course(root)
    nbgrader(other, "generate_assignment", solution.parent.name, "--force")
    said = nbgrader(other, "autograde", solution.parent.name, f"--Execute.timeout={cell_seconds}", check=False).stderr
    assert all(cause in said for student, cause in UNGRADED.items() if (other.submitted / student).exists())
    return other


# Whom nbgrader leaves without any marks, and what it says then. Here the first gets a reason, and the second marks.
UNGRADED = {"ines": "NotJSONError", "hugo": "KeyError: 'grade_id'"}  # no notebook; a cell that stands twice


def assert_parity(ours: Course, theirs: Course, solution: Path, *, at_least: int) -> None:
    mine, nbgraders = scores(ours, solution), scores(theirs, solution)
    graded = set(nbgraders) - set(UNGRADED)
    assert len(graded) >= at_least
    found = {(s, cell) for s in graded for cell in nbgraders[s] if mine[s][cell] != nbgraders[s][cell]}
    # A warning, on stderr, costs nbgrader's submission all marks of the cell; here it is only shown.
    warned = {(s, cell) for s, cell in found if nbgraders[s][cell] == 0 and warns(theirs, solution, s, cell)}
    found -= warned
    assert found == set(), [(s, c, nbgraders[s][c], mine[s][c]) for s, c in found]
    for student in graded:
        assert set(mine[student]) == set(nbgraders[student])
        assert waiting(ours, solution)[student] == waiting(theirs, solution)[student]
        assert comments(ours, solution)[student] == comments(theirs, solution)[student]


# What nbgrader gives marks for, and takes marks for, that it should not: with the cell, and its score here.
DIFFERENCES: dict[str, tuple[str, str, float, float]] = {
    "calls-displayhook": ("double", "import sys\ndef double(x):\n    sys.displayhook('x')\n    return None", 1, 3),
    "always-equal": ("biggest", "class E:\n    def __eq__(s, o): return True\ndef biggest(x): return E()", 0, 1),
    "empties-the-test": (
        "biggest",
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['1.0\\n'])\ndef biggest(x): return 0",
        0,
        1,
    ),
    "writes-to-stderr": (
        "biggest",
        "import warnings\ndef biggest(x):\n    warnings.warn('slow')\n    return max(x)",
        1,
        0,
    ),
}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_where_marks_differ(course: Course) -> None:
    (solution,) = course.solutions.glob("*/*.ipynb")

    def answering(name: str, source: str) -> Callable[[NotebookNode], None]:
        return lambda notebook: setattr(find(notebook, name), "source", source)

    for student, (question, source, _, _) in DIFFERENCES.items():
        submit(course, student, answering(question, source))
    submit(course, "ann")
    submit(course, "ends-itself", answering("double", "import os\nos._exit(0)"))
    grade(course, solution.parent.name, limits=LIMITS, feedback=False)
    theirs = by_nbgrader(course, solution)
    mine, nbgraders = scores(course, solution), scores(theirs, solution)
    for student, (question, _, here, there) in DIFFERENCES.items():
        cell = f"{question}_test"
        assert (mine[student][cell], nbgraders[student][cell]) == (here, there), student
    assert mine["ann"] == nbgraders["ann"]
    # nbgrader fails at the whole submission; here the one cell is lost.
    assert mine["ends-itself"] == {"add_test": 2, "double_test": 0, "biggest_test": 1, "why": None}
    assert set(nbgraders["ends-itself"].values()) == {None}


# --- the course's own exercises --------------------------------------------------------------------------------------

SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))


LIGHTEST = min(SOLUTIONS, key=lambda path: "import keras" in path.read_text())  # nbgrader starts in a second or two


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.parent.name)
def test_exercise(solution: Path, course: Course, whole_corpus: bool) -> None:
    """The solution, and a submission made of the corpus; of one exercise the sample class; all with --whole-corpus.

    Plain nbgrader takes many seconds for each. The other sample classes are made in the same way, of solutions that
    the audit grades one by one.
    """
    copied = copy_of(solution, course)
    exercise = load_exercise(course, copied)
    solved, mixtures = make_class(exercise)[0], with_corpus(exercise)
    with_class = whole_corpus or solution == LIGHTEST
    made = {} if with_class else {solved.student: parse_notebook(solved.content)}
    if whole_corpus or not with_class:
        chosen = mixtures if whole_corpus else [mixtures[len(mixtures) // 2]]
        made |= {f"mixture-{number}": notebook for number, notebook in enumerate(chosen)}
    for student, notebook in made.items():
        write_notebook(course.submitted / student / copied.parent.name / copied.name, notebook)
    if with_class:
        grade_sample_class(course, copied)
    else:
        grade(course, copied.parent.name, limits=LIMITS, feedback=False)
    theirs = by_nbgrader(course, copied, cell_seconds=20 if solution == LIGHTEST else 60)  # one of the class never ends
    assert_parity(course, theirs, copied, at_least=len(made) + 7 * with_class)
    assert_solved(exercise, theirs, copied, solved.student)


def assert_solved(exercise: Exercise, theirs: Course, solution: Path, student: str) -> None:
    """The solution has full marks in a kernel, too, and wrote nothing to stderr, which nbgrader takes for a failure."""
    got = scores(theirs, solution)[student]
    for question in exercise.tested:
        assert sum(got[name] for name in question.graded) == question.points, question.name
    ran = read_notebook(theirs.autograded / student / solution.parent.name / solution.name)
    outputs = [output for cell in ran.cells for output in cell.get("outputs", ())]
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []


def with_corpus(exercise: Exercise) -> list[NotebookNode]:
    """Put every solution of the corpus into a submission, one of each question at a time."""
    solutions = {q.name: [s for s in exercise.corpus if s.question == q.name] for q in exercise.tested}
    notebooks = []
    full = make_class(exercise)[0].content
    for number in range(max(map(len, solutions.values()))):
        notebook = parse_notebook(full)
        for name, of in solutions.items():
            find(notebook, name).source = without_markers(of[number % len(of)].code)
        notebooks.append(notebook)
    return notebooks


def test_there_are_exercises() -> None:
    assert SOLUTIONS, "solutions/ holds no notebook: run `make notebooks`"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("assignment", find_course(REPOSITORY).assignments())
def test_audit(assignment: str) -> None:
    """Its tests tell right from wrong."""
    result = audit(find_course(REPOSITORY), [assignment])
    assert result.failures == []
    assert result.questions >= 5 and result.wrong >= 4 * result.questions and result.right >= 2 * result.questions
