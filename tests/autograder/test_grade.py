"""Grading a class: each kind of broken submission gets its verdict, and nobody pays for somebody else's."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

import autograder.finish
import autograder.unit
from autograder.course import Course, CourseError, changed_limits, find_course
from autograder.engine.engine import Engine
from autograder.engine.job import Job, Outcome
from autograder.engine.limits import Limits
from autograder.grade import ClassResult, grade
from autograder.gradebook import open_gradebook, read_marks
from autograder.keys import environment, grader_version
from autograder.result import Mark, SubmissionResult
from autograder.verdict import Verdict
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ADD_TEST, ASSIGNMENT, find, solved, submit, write_notebook

pytestmark = pytest.mark.xdist_group("grade")  # they share a graded class

LIMITS = Limits(cell_seconds=2)


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
    "survivor": answer_with("double", "import subprocess\nsubprocess.Popen(['sleep', '100'], start_new_session=True)"),
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
def engine() -> Iterator[Engine]:
    with Engine(["dlcourse.checks"]) as started:
        yield started


@pytest.fixture(scope="module")
def class_result(graded_course: Course, engine: Engine) -> ClassResult:
    return grade(graded_course, ASSIGNMENT, limits=LIMITS, engine=engine)


@pytest.fixture(scope="module")
def results(class_result: ClassResult) -> dict[str, SubmissionResult]:
    return {result.student: result for result in class_result.results}


def verdicts(result: SubmissionResult) -> list[Verdict]:
    return [question.verdict for question in result.questions]


def reason(result: SubmissionResult, question: str) -> str:
    return next(q.reason for q in result.questions if q.question == question)


PASSED, BY_HAND = Verdict.PASSED, Verdict.BY_HAND


def test_everybody_is_graded(results: dict[str, SubmissionResult]) -> None:
    assert list(results) == sorted(CLASS)
    assert {student for student, result in results.items() if result.problem} == {"nothing", "torn"}
    assert all(result.max_points == 8 for result in results.values())


@pytest.mark.parametrize(
    ("student", "points", "expected"),
    [
        ("all-right", 6, [PASSED, PASSED, PASSED, BY_HAND]),
        ("crash", 3, [PASSED, Verdict.KILLED, PASSED, BY_HAND]),
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
        ("survivor", 3, [PASSED, Verdict.FAILED, PASSED, BY_HAND]),
        ("warning", 6, [PASSED, PASSED, PASSED, BY_HAND]),  # nbgrader counts stderr as a failure
    ],
)
def test_verdicts(results: dict[str, SubmissionResult], student: str, points: float, expected: list[Verdict]) -> None:
    assert verdicts(results[student]) == expected
    assert results[student].points == points


@pytest.mark.parametrize(
    ("student", "question", "words"),
    [
        ("endless", "double", "twice each number (0 of 2): stopped"),
        ("endless", "double", "Is there a loop that never ends?"),
        ("endless-cell", "add", "in the answer cell: stopped after 2 s"),
        ("in-place", "double", "the list stays as it was (0 of 1): double must not change its argument"),
        ("memory", "biggest", "out of memory: no 10 GB"),
        ("syntax", "add", "in the answer cell: not valid Python: expected ':' (line 1)"),
        ("edited", "double", "did you forget `return`?"),
        ("edited", "why", "not answered"),
        ("crash", "double", "in the answer cell: "),
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


def test_the_autograded_notebook_is_what_a_person_reads(graded_course: Course, results: object) -> None:
    path = graded_course.autograded / "in-place" / ASSIGNMENT / "numbers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert find(notebook, "add_test").source == ADD_TEST
    outputs = find(notebook, "double_test").outputs
    assert "must not change its argument" in outputs[0].text and outputs[-1].data["text/plain"] == "2.0"
    assert path.stat().st_mode & 0o777 == 0o444
    error = find(nbformat.read(graded_course.autograded / "endless-cell" / ASSIGNMENT / "numbers.ipynb", 4), "add")
    assert error.outputs[-1].ename == "CellTimeoutError"


def test_what_was_active_is_told(class_result: ClassResult) -> None:
    assert {"pid", "net"} <= set(class_result.layers)
    assert class_result.counts == {"graded": len(CLASS) - 1, "finished from stored results": 1}  # nothing to run


# --- one student at a time ------------------------------------------------------------------------------------------


def grade_one(course: Course, student: str = "ann", **options: object) -> SubmissionResult:
    (result,) = grade(course, ASSIGNMENT, students=[student], **{"engine": FakeEngine(), **options}).results
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
    assert reason(result, "why") == "graded by hand"  # nothing has changed
    assert "waits for a person to grade it again" in reason(grade_one(course, force=True), "why")


def test_what_a_person_has_marked_is_looked_at_again_when_it_changes(course: Course) -> None:
    submit(course, "ann")
    grade_one(course)
    with open_gradebook(course) as gradebook:
        for name in ("why", "add_test", "biggest_test"):
            grade_ = gradebook.find_grade(name, "numbers", ASSIGNMENT, "ann")
            grade_.manual_score, grade_.needs_manual_grade, grade_.extra_credit = 1, False, 0.25
        gradebook.db.commit()

    def waiting() -> set[str]:
        with open_gradebook(course) as gradebook:
            return {n for n, m in read_marks(gradebook, ASSIGNMENT, "numbers", "ann").items() if m.waits}

    submit(course, "ann", answer_with("double", "def double(x): return None"))
    assert grade_one(course).points == 4.75  # one part of `double` is right all the same
    assert waiting() == set()
    submit(course, "ann", answer_with("why", "Because."))
    assert grade_one(course).points == 3 + 3.75
    assert waiting() == {"why"}
    submit(course, "ann", answer_with("add", "def add(a, b): return 3"))
    grade_one(course)
    assert waiting() == {"why", "add_test"}


def test_a_test_edited_in_the_source_counts_at_once(course: Course) -> None:
    submit(course, "ann")
    path = course.solutions / ASSIGNMENT / "numbers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    find(notebook, "add_test").source = f"{ADD_TEST}\nassert add('a', 'b') == 'ba', 'joined backwards'"
    write_notebook(path, notebook)
    assert reason(grade_one(course), "add") == "joined backwards"


def test_a_loop_that_nothing_stops_does_not_hold_up_the_class(course: Course, engine: Engine) -> None:
    loop = "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException: pass"
    submit(course, "ann", answer_with("double", loop))
    result = grade_one(course, engine=engine, limits=LIMITS)
    assert verdicts(result) == [PASSED, Verdict.TIMEOUT, PASSED, BY_HAND]  # later questions are graded all the same
    assert reason(result, "double").endswith("Is there a loop that never ends?")


def test_many_loops_run_into_the_limit_of_all(course: Course, engine: Engine) -> None:
    loop = "def {0}(*args):\n    while True: pass"

    def change(notebook: NotebookNode) -> None:
        for name in ("add", "double", "biggest"):
            find(notebook, name).source = loop.format(name)

    submit(course, "ann", change)
    limits = changed_limits(LIMITS, {"total_seconds": 4})
    result = grade_one(course, engine=engine, limits=limits)
    assert result.points == 0 and verdicts(result)[0] is Verdict.TIMEOUT
    assert result.notes


def test_whatever_goes_wrong_with_one_the_others_are_graded(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(course, "ann", answer_with("add", "unlucky = 1"))
    submit(course, "bob")

    def restore(notebook: NotebookNode, *others: NotebookNode) -> list[str]:
        return ["lucky"] if "unlucky" not in str(notebook) else [][0]

    with monkeypatch.context() as patch:
        patch.setattr(autograder.unit, "restore", restore)
        ann, bob = grade(course, ASSIGNMENT, engine=FakeEngine()).results
    assert ann.problem == "grading it failed: IndexError: list index out of range" and ann.points == 0
    assert not bob.problem and bob.notes == ("lucky",)
    assert "IndexError" in (course.grading / "report" / f"{ASSIGNMENT}.log").read_text()
    assert grade_one(course).points == 4  # it is tried again
    with monkeypatch.context() as patch:
        patch.setattr(autograder.finish, "result_of", lambda *arguments: 1 / 0)
        ann, bob = grade(course, ASSIGNMENT, engine=FakeEngine(), force=True).results
    assert bob.problem == "grading it failed: ZeroDivisionError: division by zero"
    assert [r.points for r in grade(course, ASSIGNMENT, engine=FakeEngine()).results] == [4, 6]


# --- what is not done again -------------------------------------------------------------------------------------------


def grade_with(course: Course, **options: object) -> tuple[ClassResult, list[list[str]]]:
    engine = FakeEngine()
    return grade(course, ASSIGNMENT, engine=engine, feedback=False, **options), engine.tests_run


def change_source(course: Course, name: str, change: Callable[[str], str], **metadata: object) -> None:
    path = course.solutions / ASSIGNMENT / "numbers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    find(notebook, name).source = change(find(notebook, name).source)
    find(notebook, name).metadata.nbgrader.update(metadata)
    write_notebook(path, notebook)


ALL_TESTS = ["add_test", "double_test", "biggest_test"]


def test_what_is_unchanged_is_left_alone(course: Course) -> None:
    submit(course, "ann")
    submit(course, "bob", answer_with("why", "Another."))
    assert grade_with(course)[1] == [ALL_TESTS] * 2
    path = course.autograded / "ann" / ASSIGNMENT / "numbers.ipynb"
    before = path.stat().st_mtime_ns
    result, ran = grade_with(course)
    assert ran == [] and result.counts == {"unchanged": 2}
    assert [r.points for r in result.results] == [6, 6] and path.stat().st_mtime_ns == before
    assert grade_with(course, force=True)[1] == [ALL_TESTS] * 2


def test_an_unchanged_class_needs_neither_notebooks_nor_engine(course: Course) -> None:
    submit(course, "ann")
    for versions in (grader_version, environment):
        versions.cache_clear()  # what the other process will find
    grade_with(course)
    heavy = ("nbformat", "nbgrader", "IPython", "numpy", "autograder.engine.engine")
    code = (
        "import sys; from autograder.course import find_course; from autograder.grade import grade\n"
        f"r = grade(find_course(), {ASSIGNMENT!r}, feedback=False)\n"
        f"assert r.counts == {{'unchanged': 1}}, r; assert r.results[0].points == 6\n"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=course.root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_same_submission_runs_once(course: Course) -> None:
    for student in ("ann", "bob", "cy"):
        submit(course, student)
    result, ran = grade_with(course)
    assert len(ran) == 1 and [r.points for r in result.results] == [6, 6, 6]


def test_only_changed_tests_run_again_and_changed_scores_are_told(course: Course) -> None:
    submit(course, "ann", answer_with("biggest", "def biggest(numbers): return numbers[0]"))
    submit(course, "bob")
    assert grade_with(course)[0].changes == {}
    change_source(course, "biggest_test", lambda source: "assert biggest([3, 1]) == 3")
    result, ran = grade_with(course)
    assert ran == [["biggest_test"]] * 2
    assert result.changes == {"ann": ("5 → 6", "biggest 0 → 1")}
    assert grade_with(course)[1] == []


def test_points_that_change_run_no_test_again(course: Course) -> None:
    submit(course, "ann")
    grade_with(course)
    change_source(course, "add_test", str, points=4)
    result, ran = grade_with(course)
    assert ran == [[]] and result.changes == {"ann": ("6 → 8", "add 2 → 4")}


@pytest.mark.parametrize("name", ["setup", "add"])
def test_what_tests_stand_on_runs_them_all_again(course: Course, name: str) -> None:
    submit(course, "ann")
    grade_with(course)
    if name == "setup":
        change_source(course, name, lambda source: f"{source}\nx = 1")
    else:
        submit(course, "ann", answer_with("add", "add = lambda a, b: a + b"))
    assert grade_with(course)[1] == [ALL_TESTS]


def test_other_limits_and_files_run_all_again(course: Course) -> None:
    submit(course, "ann")
    grade_with(course)
    assert grade_with(course, limits=LIMITS)[1] == [ALL_TESTS]
    (course.submitted / "ann" / ASSIGNMENT / "data.csv").write_text("1")
    assert grade_with(course, limits=LIMITS)[1] == [ALL_TESTS]
    assert (course.autograded / "ann" / ASSIGNMENT / "data.csv").read_text() == "1"


def test_files_of_the_exercise_replace_the_students(course: Course) -> None:
    submit(course, "ann")
    (course.submitted / "ann" / ASSIGNMENT / "data.csv").write_text("forged")
    (course.solutions / ASSIGNMENT / "data.csv").write_text("1")
    grade_with(course)
    assert (course.autograded / "ann" / ASSIGNMENT / "data.csv").read_text() == "1"


def test_handing_in_late(course: Course) -> None:
    """The time counts without running anything again, and nbgrader's plugin says what it costs."""
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    course = find_course(course.root)
    submit(course, "ann")
    (course.submitted / "ann" / ASSIGNMENT / "timestamp.txt").write_text("2026-02-02 12:00:00 UTC")
    grade_with(course)

    def penalty() -> float | None:
        with open_gradebook(course) as gradebook:
            submission = gradebook.find_submission(ASSIGNMENT, "ann")
            assert str(submission.timestamp) == "2026-02-02 12:00:00"
            return submission.notebooks[0].late_submission_penalty

    assert penalty() is None
    with open_gradebook(course) as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2026, 2, 1)
        gradebook.db.commit()
    result, ran = grade_with(course)
    assert ran == [] and result.counts == {"finished from stored results": 1} and penalty() == 6


def test_a_gradebook_that_was_lost(course: Course) -> None:
    submit(course, "ann")
    grade_with(course)
    (course.grading / "gradebook.db").unlink()
    result, ran = grade_with(course)
    assert ran == [] and result.counts == {"finished from stored results": 1}
    with open_gradebook(course) as gradebook:
        assert read_marks(gradebook, ASSIGNMENT, "numbers", "ann")["double_test"] == Mark(3)


def test_pages_are_made_where_something_changed(course: Course) -> None:
    for student in ("ann", "bob"):
        submit(course, student)
    assert grade(course, ASSIGNMENT, engine=FakeEngine()).pages == 2
    assert grade(course, ASSIGNMENT, engine=FakeEngine()).pages == 0
    with open_gradebook(course) as gradebook:
        comment = gradebook.find_comment("why", "numbers", ASSIGNMENT, "ann")
        comment.manual_comment = "Well said."
        gradebook.db.commit()
    assert grade(course, ASSIGNMENT, engine=FakeEngine()).pages == 1
    assert "Well said." in (course.feedback / "ann" / ASSIGNMENT / "numbers.html").read_text()


def test_links_in_a_submission_are_not_followed(course: Course, tmp_path: Path) -> None:
    submit(course, "ann")
    path = submit(course, "bob")
    path.unlink()
    path.symlink_to(course.solutions / ASSIGNMENT / "numbers.ipynb")
    ann, bob = grade_with(course)[0].results
    assert bob.points == 0 and bob.problem == "numbers.ipynb is a link; links are not followed"
    assert ann.points == 6


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
        grade(course, ASSIGNMENT, engine=FakeEngine())
    submit(course, "anna")
    with pytest.raises(CourseError, match=r"No submission of 'ana' .* Did you mean 'anna'\?"):
        grade(course, ASSIGNMENT, students=["ana"])


def test_a_student_with_an_impossible_name(course: Course) -> None:
    write_notebook(course.submitted / "a*b" / ASSIGNMENT / "numbers.ipynb", solved(course))
    submit(course, "ab")
    by_name = {result.student: result for result in grade(course, ASSIGNMENT, engine=FakeEngine()).results}
    assert "cannot be a student's name" in by_name["a*b"].problem
    assert by_name["ab"].points == 6


@pytest.fixture
def broken_gradebook(course: Course) -> Iterator[Path]:
    submit(course, "ann")
    yield course.grading / "gradebook.db"


def test_a_gradebook_that_is_none(course: Course, broken_gradebook: Path) -> None:
    broken_gradebook.write_bytes(b"not a database, but long enough to look like a file of one" * 20)
    with pytest.raises(CourseError, match="is no gradebook"):
        grade(course, ASSIGNMENT, engine=FakeEngine())


def test_a_gradebook_of_another_nbgrader(course: Course, broken_gradebook: Path) -> None:
    with open_gradebook(course) as gradebook:
        gradebook.db.connection().exec_driver_sql("ALTER TABLE grade_cells DROP COLUMN max_score")
        gradebook.db.commit()
    with pytest.raises(CourseError, match=r"made by another version of nbgrader.*nbgrader db upgrade"):
        grade(course, ASSIGNMENT, engine=FakeEngine())


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


def test_a_written_answer_that_is_blank_is_not_graded_anew(course: Course) -> None:
    submit(course, "ann", answer_with("why", "YOUR ANSWER HERE"))
    assert grade(course, ASSIGNMENT, engine=FakeEngine()).results[0].questions[-1].verdict is Verdict.MISSING
    assert grade(course, ASSIGNMENT, engine=FakeEngine()).counts == {"unchanged": 1}


def test_the_next_run_begins_with_what_the_last_one_had_to_import(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    class LearningEngine(FakeEngine):
        imported: tuple[str, ...] = ("of.another.assignment",)  # which is not this one's to remember

        def __init__(self, modules: tuple[str, ...], *, sandbox: str) -> None:
            super().__init__()
            begun.append(modules)

        def run(self, job: Job, *, stop: threading.Event | None = None) -> Outcome:
            self.imported = (*self.imported, "loaded.late")
            return super().run(job, stop=stop)

    monkeypatch.setattr("autograder.engine.engine.Engine", LearningEngine)
    submit(course, "ada")
    for _ in range(2):
        grade(course, ASSIGNMENT, feedback=False, force=True)
    assert begun[1] == (*begun[0], "loaded.late")
