"""Grading a class: each kind of broken submission gets its verdict, and nobody pays for somebody else's."""

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

import autograder.grade
from autograder.course import Course, CourseError, find_course
from autograder.grade import grade
from autograder.gradebook import open_gradebook, read_marks
from autograder.result import Mark, SubmissionResult
from autograder.verdict import Verdict
from tests.autograder.small_course import ADD_TEST, ASSIGNMENT, find, solved, submit, write_notebook

pytestmark = pytest.mark.xdist_group("grade")  # they share a graded class

SECONDS = 2  # that a cell may run


def answer_with(name: str, source: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        find(notebook, name).source = source

    return change


def duplicate_test(notebook: NotebookNode) -> None:
    copy = deepcopy(find(notebook, "add_test"))
    copy.id = "copy"
    notebook.cells.append(copy)


def edit(notebook: NotebookNode) -> None:
    find(notebook, "add_test").source = "assert True"
    find(notebook, "double").source = "def double(numbers): return None"
    find(notebook, "double_test").metadata.nbgrader.points = 100
    find(notebook, "why").source = "YOUR ANSWER HERE"


CLASS: dict[str, Callable[[NotebookNode], None] | bytes | None] = {
    "all-right": lambda notebook: None,
    "crash": answer_with("double", "import os; os._exit(0)"),
    "deleted": lambda notebook: notebook.cells.remove(find(notebook, "add_test")),
    "duplicated": duplicate_test,
    "edited": edit,
    "endless": answer_with("double", "def double(numbers):\n    while True: pass"),
    "endless-cell": answer_with("add", "while True: pass"),
    "in-place": answer_with("double", "def double(x):\n    x[:] = [2 * n for n in x]\n    return x"),
    "memory": answer_with("biggest", "def biggest(numbers): raise MemoryError('no 10 GB')"),
    "nothing": None,
    "syntax": answer_with("add", "def add(a, b)\n    return a + b"),
    "torn": b'{"cells": [',
    "warning": answer_with("add", "import warnings\ndef add(a, b):\n    warnings.warn('slow')\n    return a + b"),
}


@pytest.fixture(scope="module")
def graded_course(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose class has handed in."""
    course = find_course(shutil.copytree(template, tmp_path_factory.mktemp("graded") / "course"))
    for student, change in CLASS.items():
        if change is None:
            (course.submitted / student / ASSIGNMENT).mkdir(parents=True)
        elif isinstance(change, bytes):
            submit(course, student).write_bytes(change)
        else:
            submit(course, student, change)
    return course


@pytest.fixture(scope="module")
def results(graded_course: Course) -> dict[str, SubmissionResult]:
    return {result.student: result for result in grade(graded_course, ASSIGNMENT, cell_seconds=SECONDS)}


def verdicts(result: SubmissionResult) -> list[Verdict]:
    return [question.verdict for question in result.questions]


def reason(result: SubmissionResult, question: str) -> str:
    return next(q.reason for q in result.questions if q.question == question)


PASSED, BY_HAND = Verdict.PASSED, Verdict.BY_HAND


def test_everybody_is_graded(results: dict[str, SubmissionResult]) -> None:
    assert list(results) == sorted(CLASS)
    assert {student for student, result in results.items() if result.problem} == {"crash", "nothing", "torn"}
    assert all(result.max_points == 8 for result in results.values())


@pytest.mark.parametrize(
    ("student", "points", "expected"),
    [
        ("all-right", 6, [PASSED, PASSED, PASSED, BY_HAND]),
        ("crash", 0, [Verdict.KILLED] * 4),
        ("deleted", 6, [PASSED, PASSED, PASSED, BY_HAND]),
        ("duplicated", 6, [PASSED, PASSED, PASSED, BY_HAND]),
        ("edited", 4, [PASSED, Verdict.PARTIAL, PASSED, Verdict.MISSING]),
        ("endless", 3, [PASSED, Verdict.TIMEOUT, PASSED, BY_HAND]),
        ("endless-cell", 4, [Verdict.TIMEOUT, PASSED, PASSED, BY_HAND]),
        ("in-place", 5, [PASSED, Verdict.PARTIAL, PASSED, BY_HAND]),
        ("memory", 5, [PASSED, PASSED, Verdict.OUT_OF_MEMORY, BY_HAND]),
        ("nothing", 0, [Verdict.MISSING] * 4),
        ("syntax", 4, [Verdict.ERROR, PASSED, PASSED, BY_HAND]),
        ("torn", 0, [Verdict.UNREADABLE] * 4),
        ("warning", 4, [Verdict.ERROR, PASSED, PASSED, BY_HAND]),  # nbgrader counts stderr
    ],
)
def test_verdicts(results: dict[str, SubmissionResult], student: str, points: float, expected: list[Verdict]) -> None:
    assert verdicts(results[student]) == expected
    assert results[student].points == points


@pytest.mark.parametrize(
    ("student", "question", "words"),
    [
        ("endless", "double", "stopped after 2 s. Is there a loop that never ends?"),
        ("endless-cell", "add", "in the answer cell: stopped after 2 s"),
        ("in-place", "double", "the list stays as it was (0 of 1): double must not change its argument"),
        ("memory", "biggest", "out of memory: no 10 GB"),
        ("syntax", "add", "in the answer cell: not valid Python: expected ':' (line 1)"),
        ("edited", "double", "did you forget `return`?"),
        ("edited", "why", "not answered"),
        ("warning", "add", "something was written to stderr, which nbgrader counts"),
        ("crash", "add", "the process ended while it ran cell 'double'"),
        ("nothing", "add", "no numbers.ipynb was handed in"),
        ("torn", "add", "numbers.ipynb is not a notebook: it is not JSON"),
    ],
)
def test_reasons(results: dict[str, SubmissionResult], student: str, question: str, words: str) -> None:
    assert words in reason(results[student], question)


def test_notes(results: dict[str, SubmissionResult]) -> None:
    assert results["deleted"].notes == ("cell 'add_test' was deleted: restored",)
    assert results["duplicated"].notes == ("cell 'add_test' stands twice: the last copy counts",)
    assert results["edited"].notes == ("locked cell 'add_test' was edited: graded with the original",)
    assert results["all-right"].notes == ()


def test_the_gradebook_says_the_same(graded_course: Course, results: dict[str, SubmissionResult]) -> None:
    with open_gradebook(graded_course) as gradebook:
        for student, result in results.items():
            marks = read_marks(gradebook, ASSIGNMENT, "numbers", student)
            assert sum(mark.points for mark in marks.values()) == result.points, student


def test_feedback_hides_hidden_tests(graded_course: Course, results: dict[str, SubmissionResult]) -> None:
    pages = sorted(path.parent.parent.name for path in graded_course.feedback.glob(f"*/{ASSIGNMENT}/numbers.html"))
    assert pages == [student for student, result in results.items() if not result.problem]
    page = (graded_course.feedback / "syntax" / ASSIGNMENT / "numbers.html").read_text()
    assert "hidden tests ran here" in page and "20 + 22" not in page
    page = (graded_course.feedback / "in-place" / ASSIGNMENT / "numbers.html").read_text()
    assert "double must not change its argument" in page


def test_the_log_holds_what_nbgrader_said(graded_course: Course, results: dict[str, SubmissionResult]) -> None:
    log = (graded_course.grading / "report" / f"{ASSIGNMENT}.log").read_text()
    assert "Timeout waiting for execute reply" in log and "DeadKernelError" in log


# --- one student at a time ------------------------------------------------------------------------------------------


def grade_one(course: Course, student: str = "ann") -> SubmissionResult:
    (result,) = grade(course, ASSIGNMENT, students=[student], cell_seconds=SECONDS)
    return result


def test_grading_again(course: Course) -> None:
    """A better submission counts, half a grading is repaired, and what broke leaves nothing of what was."""
    submit(course, "ann", answer_with("add", "def add(a, b): return 3"))
    assert grade_one(course).points == 4
    submit(course, "ann")
    autograded = course.autograded / "ann" / ASSIGNMENT
    shutil.rmtree(autograded)  # as if the first grading had been killed half way
    autograded.mkdir()
    assert grade_one(course).points == 6
    submit(course, "ann").write_text("{")
    assert grade_one(course).problem
    assert not autograded.exists() and not (course.feedback / "ann" / ASSIGNMENT).exists()
    with open_gradebook(course) as gradebook:
        assert {m.points for m in read_marks(gradebook, ASSIGNMENT, "numbers", "ann").values()} == {0}


def test_marks_of_a_person_stay(course: Course) -> None:
    submit(course, "ann")
    grade_one(course)
    with open_gradebook(course) as gradebook:
        by_hand = gradebook.find_grade("why", "numbers", ASSIGNMENT, "ann")
        by_hand.manual_score, by_hand.needs_manual_grade = 1.5, False
        overruled = gradebook.find_grade("add_test", "numbers", ASSIGNMENT, "ann")
        overruled.manual_score = 0.5
        gradebook.db.commit()
    result = grade_one(course)
    assert result.points == 0.5 + 3 + 1 + 1.5
    assert reason(result, "add") == "a person changed the mark"
    assert "waits for a person to grade it again" in reason(result, "why")


def test_a_test_edited_in_the_source_counts_at_once(course: Course) -> None:
    submit(course, "ann")
    path = course.solutions / ASSIGNMENT / "numbers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    find(notebook, "add_test").source = f"{ADD_TEST}\nassert add('a', 'b') == 'ba', 'joined backwards'"
    write_notebook(path, notebook)
    assert reason(grade_one(course), "add") == "joined backwards"


def test_a_loop_that_nothing_stops_does_not_hold_up_the_class(course: Course) -> None:
    loop = "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException: pass"
    submit(course, "ann", answer_with("double", loop))
    result = grade_one(course)
    assert verdicts(result) == [PASSED, Verdict.KILLED, Verdict.KILLED, BY_HAND]
    assert result.points == 2  # earned before
    assert reason(result, "double").endswith("in the answer cell: stopped after 2 s. Is there a loop that never ends?")
    assert reason(result, "biggest") == "did not run: cell 'double' could not be stopped"


def test_many_loops_get_less_and_less_time(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autograder.grade, "SUBMISSION_FACTOR", 2)
    loop = "def {0}(*args):\n    while True: pass"

    def change(notebook: NotebookNode) -> None:
        for name in ("add", "double", "biggest"):
            find(notebook, name).source = loop.format(name)

    submit(course, "ann", change)
    result = grade_one(course)
    assert verdicts(result)[:3] == [Verdict.TIMEOUT] * 3
    assert reason(result, "add").startswith("stopped after 2 s")
    assert reason(result, "biggest").startswith("stopped after 1 s")
    assert result.notes == ("ran into the limit of 4 s in all: later cells got less time",)


def test_imports_do_not_count_as_the_students_time(course: Course) -> None:
    folder = course.solutions / ASSIGNMENT
    (folder / "slow.py").write_text(f"import time; time.sleep({SECONDS + 1})")
    notebook = nbformat.read(folder / "numbers.ipynb", as_version=4)
    find(notebook, "setup").source += "\nimport slow"
    write_notebook(folder / "numbers.ipynb", notebook)
    submit(course, "ann")
    assert verdicts(grade_one(course)) == [PASSED, PASSED, PASSED, BY_HAND]


def test_whatever_goes_wrong_with_one_the_others_are_graded(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(course, "ann", lambda notebook: setattr(find(notebook, "add"), "source", "unlucky = 1"))
    submit(course, "bob")

    def restore(notebook: NotebookNode, *others: NotebookNode) -> list[str]:
        return ["unlucky"] if "unlucky" not in str(notebook) else [][0]

    monkeypatch.setattr(autograder.grade, "restore", restore)
    ann, bob = grade(course, ASSIGNMENT, cell_seconds=SECONDS)
    assert "IndexError" in ann.problem and ann.points == 0
    assert not bob.problem
    monkeypatch.setattr(autograder.grade, "question_results", lambda *arguments: 1 / 0)
    ann, bob = grade(course, ASSIGNMENT, cell_seconds=SECONDS)
    assert bob.problem == "grading it failed: ZeroDivisionError: division by zero"
    assert "division by zero" in (course.grading / "report" / f"{ASSIGNMENT}.log").read_text()


def test_several_notebooks(course: Course) -> None:
    second = nbformat.read(course.solutions / ASSIGNMENT / "numbers.ipynb", as_version=4)
    write_notebook(course.solutions / ASSIGNMENT / "more.ipynb", second)
    submit(course, "ann")
    result = grade_one(course)
    assert [q.question for q in result.questions][::4] == ["more/add", "numbers/add"]
    assert [q.verdict for q in result.questions][::4] == [Verdict.MISSING, Verdict.PASSED]
    assert (result.points, result.max_points) == (6, 16)
    assert result.notes == ("no more.ipynb was handed in",)


def test_what_to_grade(course: Course) -> None:
    with pytest.raises(CourseError, match=r"No submissions in grading/submitted/<student>/01-numbers/.*collect FOLDER"):
        grade(course, ASSIGNMENT)
    submit(course, "anna")
    with pytest.raises(CourseError, match=r"No submission of 'ana' .* Did you mean 'anna'\?"):
        grade(course, ASSIGNMENT, students=["ana"])


def test_a_student_with_an_impossible_name(course: Course) -> None:
    write_notebook(course.submitted / "a*b" / ASSIGNMENT / "numbers.ipynb", solved(course))
    submit(course, "ab")
    by_name = {result.student: result for result in grade(course, ASSIGNMENT, cell_seconds=SECONDS)}
    assert "cannot be a student's name" in by_name["a*b"].problem
    assert by_name["ab"].points == 6


@pytest.fixture
def broken_gradebook(course: Course) -> Iterator[Path]:
    submit(course, "ann")
    yield course.grading / "gradebook.db"


def test_a_gradebook_that_is_none(course: Course, broken_gradebook: Path) -> None:
    broken_gradebook.write_bytes(b"not a database, but long enough to look like a file of one" * 20)
    with pytest.raises(CourseError, match="is no gradebook"):
        grade(course, ASSIGNMENT)


def test_a_gradebook_of_another_nbgrader(course: Course, broken_gradebook: Path) -> None:
    with open_gradebook(course) as gradebook:
        gradebook.db.connection().exec_driver_sql("ALTER TABLE grade_cells DROP COLUMN max_score")
        gradebook.db.commit()
    with pytest.raises(CourseError, match=r"made by another version of nbgrader.*nbgrader db upgrade"):
        grade(course, ASSIGNMENT)


def test_marks_are_read_as_they_are(course: Course) -> None:
    submit(course, "ann")
    grade_one(course)
    with open_gradebook(course) as gradebook:
        assert read_marks(gradebook, ASSIGNMENT, "numbers", "ann") == {
            "add_test": Mark(2),
            "double_test": Mark(3),
            "biggest_test": Mark(1),
            "why": Mark(0, waits=True),
        }
