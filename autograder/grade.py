"""Grading a class: plan, run what has to run, write down what came of it, make feedback pages."""

import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError, suggest
from autograder.engine.errors import EngineError, SetupError
from autograder.engine.limits import Limits
from autograder.finish import Finished, finish, unchanged
from autograder.gradebook import GradebookWriter, Marks, open_gradebook, read_gradebook
from autograder.keys import Conditions
from autograder.log import LOG, log_to
from autograder.pages import make_pages, outdated
from autograder.plan import Assignment, Plan, Todo, Trouble, known_tests, make_plan, submitted_files
from autograder.preview import preview
from autograder.progress import Progress
from autograder.result import SubmissionResult
from autograder.runner import Runner, ThreadRunner, available_cores, stopping_on_signals
from autograder.store import Store, only_one
from autograder.verdict import Verdict
from autograder.warm_engine import WarmEngine


@dataclass
class ClassResult:
    """What came of grading a class."""

    results: list[SubmissionResult] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """How many submissions were graded, finished from stored results, or unchanged."""
    changes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Whose points changed since last time, and which."""
    to_review: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Whose marks by hand a dry run would flag for review, and which."""
    pages: int = 0
    """How many feedback pages were made anew."""
    limits: Limits = field(default_factory=Limits)
    sandbox: str = "full"
    layers: tuple[str, ...] = ()
    """The layers of the sandbox that were active for all."""


class StoppedEarlyError(Exception):
    """Grading was stopped before its end; what was finished counts."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"{done} of {total} graded; run the same command to go on")
        self.done, self.total = done, total


def grade(
    course: Course,
    assignment: str,
    *,
    students: Sequence[str] = (),
    limits: Limits | None = None,
    sandbox: str = "full",
    workers: int | None = None,
    scheduler: str | None = None,
    feedback: bool = True,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    engine: Any = None,
    warm: WarmEngine | None = None,
) -> ClassResult:
    """Grade the submissions of an assignment, with feedback pages.

    What has not changed since it was graded is left as it is. Whatever interrupts this, the next call goes on from
    there. nbgrader's own messages, and what goes wrong inside, go to grading/report/`assignment`.log.

    Args:
        course: the course.
        assignment: its name.
        students: whose submissions; all of them if empty.
        limits: what a submission may use, by default what nbgrader_config.py says.
        sandbox: "full" or "none".
        workers: how many submissions to run at once; as many as there are cores to use if None.
        scheduler: the address of a Dask scheduler, whose workers run the submissions in the place of this machine.
        feedback: whether to make feedback pages.
        force: whether to run everything again, changed or not.
        dry_run: whether to say only what would change: results are stored, so that they need not be run again, but
            no marks, files or pages are written.
        progress: is told how it goes.
        engine: what runs submissions, in the place of one that is started when it is needed.
        warm: the engine of several assignments, which is there when this one is done.

    Raises:
        CourseError: if there is no such assignment, nothing to grade, or something that a person has to put right
            first; what was finished until then counts.
        StoppedEarlyError: if Ctrl-C or SIGTERM stopped it.
        OSError: if a file cannot be written.
    """
    chosen = choose_students(course, assignment, students)
    conditions = Conditions(limits or course.limits, sandbox)
    progress = progress or Progress()
    stop = threading.Event()
    with (
        only_one(course.grading / "results" / "lock"),
        log_to(report_folder(course) / f"{assignment}.log"),
        stopping_on_signals(stop),
    ):
        run = _Run(Assignment(course, assignment, conditions), progress, stop, force=force, dry_run=dry_run, warm=warm)
        run.plan(chosen)
        if run.todo:
            run.finish_all(workers or available_cores(), engine, scheduler)
        with_pages = feedback and not dry_run and not stop.is_set()
        pages = run.make_pages() if with_pages else 0
        if stop.is_set():
            raise StoppedEarlyError(len(run.finished), len(chosen))
        if not dry_run:
            run.tidy()
    finished = [run.finished[student] for student in chosen]
    layers = [set(one.sandbox) for one in finished if one.sandbox]
    return ClassResult(
        results=[one.result for one in finished],
        counts=Counter(one.todo for one in finished),
        changes={one.result.student: one.changes for one in finished if one.changes},
        to_review={one.result.student: one.to_review for one in finished if one.to_review},
        pages=pages,
        limits=conditions.limits,
        sandbox=sandbox,
        layers=tuple(sorted(set.intersection(*layers))) if layers else (),
    )


def choose_students(course: Course, assignment: str, students: Sequence[str] = ()) -> list[str]:
    """Return whose submissions to grade.

    Raises:
        CourseError: if there are none, or one of `students` has not handed in.
    """
    course.notebooks(assignment)
    present = course.students(assignment)
    where = f"{course.relative(course.submitted)}/<student>/{assignment}/"
    if not present:
        raise CourseError(
            f"No submissions in {where}. Bring them in: autograder collect FOLDER --assignment {assignment}"
        )
    for student in students:
        if student not in present:
            raise CourseError(f"No submission of {student!r} in {where}. {suggest(student, present, 'There are')}")
    return [student for student in present if not students or student in students]


def report_folder(course: Course) -> Path:
    """Where reports are written."""
    return course.grading / "report"


class _Run:
    """One run of grading."""

    def __init__(
        self,
        assignment: Assignment,
        progress: Progress,
        stop: threading.Event,
        *,
        force: bool,
        dry_run: bool,
        warm: WarmEngine | None = None,
    ) -> None:
        self.course, self.assignment, self.progress = assignment.course, assignment, progress
        self.stop, self.force, self.dry_run, self.warm = stop, force, dry_run, warm
        self.store = Store(self.course.grading / "results" / assignment.name)
        self.finished: dict[str, Finished] = {}
        self.todo: list[Plan] = []
        self.marks = Marks()

    def plan(self, students: Sequence[str]) -> None:
        """Look what has to be done; what needs nothing is finished then."""
        self.marks = read_gradebook(self.course, self.assignment.name)
        self.progress.start(self.assignment.name, len(students))
        for student in students:
            plan = make_plan(self.assignment, student, self.store, self.marks, force=self.force)
            if plan.todo is Todo.NOTHING:
                self._done(unchanged(self.assignment, plan, self.marks.rows.get(student)))
            else:
                self.todo.append(plan)

    def finish_all(self, workers: int, engine: Any, scheduler: str | None) -> None:
        """Do what has to be done, and write it down."""
        to_run = [plan for plan in self.todo if plan.todo is Todo.RUN and plan.units]
        n_units = len({unit for plan in to_run for unit in plan.units.values()})
        # The engine imports in a process of its own while this one does.
        with self._runner(min(workers, n_units), engine, scheduler) as runner, self._writer() as writer:
            for plan in self.todo:
                if plan not in to_run and not self.stop.is_set():
                    self._finish(plan, writer)
            if runner is not None and not self.stop.is_set():
                self._run(to_run, runner, writer)

    def make_pages(self) -> int:
        """Make the feedback pages that are missing or not as they should be."""
        marks = read_gradebook(self.course, self.assignment.name) if self.todo else self.marks
        keys = outdated(self.course, self.assignment.name, self.finished, self.store, marks)
        if not keys:
            return 0
        self.progress.start_pages(len(keys))

        def on_page(student: str, problem: str) -> None:
            if problem:
                logging.getLogger(LOG).error("feedback page of %s: %s", student, problem)
            self.progress.page(student, problem)

        return make_pages(self.assignment, keys, self.store, marks, stop=self.stop, on_page=on_page)

    def tidy(self) -> None:
        """Remove what nobody needs."""
        if self.todo:
            records = [self.store.record("graded", student) for student in self.course.students(self.assignment.name)]
            self.store.tidy({unit for record in records if record for unit in record["units"].values()})

    @contextmanager
    def _writer(self) -> Iterator[GradebookWriter | None]:
        """Have the gradebook open for writing; None in a dry run."""
        if self.dry_run:
            yield None
            return
        self._record_cells()
        with open_gradebook(self.course) as gradebook:
            yield GradebookWriter(self.course, gradebook)

    def _record_cells(self) -> None:
        """Let the gradebook know the exercise as it is now."""
        from autograder.release import record_cells

        recorded = self.store.record("assignment", self.assignment.name) or {}
        if recorded.get("digest") == self.assignment.digest and recorded.get("cells") == self.marks.cells:
            return
        record_cells(self.course, self.assignment.name)
        cells = read_gradebook(self.course, self.assignment.name).cells
        self.store.save_record("assignment", self.assignment.name, {"digest": self.assignment.digest, "cells": cells})

    @contextmanager
    def _runner(self, workers: int, engine: Any, scheduler: str | None) -> Iterator[Runner | None]:
        """Have something that runs units: a cluster, or so many threads here; None if nothing has to run."""
        with ExitStack() as stack:
            if not workers:
                yield None
                return
            try:
                if scheduler is not None:
                    from autograder.cluster import ClusterRunner

                    runner: Any = ClusterRunner(scheduler, self.stop)
                else:
                    if engine is None:
                        engine = self._warmed(self.warm or stack.enter_context(WarmEngine(self._sandbox)))
                        stack.callback(self._remember_imports, engine, engine.imported)
                    runner = ThreadRunner(engine, workers, self.stop)
            except EngineError as error:
                raise _explained(error) from error
            yield stack.enter_context(runner)

    @property
    def _sandbox(self) -> str:
        return self.assignment.conditions.sandbox

    def _warmed(self, warm: WarmEngine) -> Any:
        """Have an engine import what this assignment needs, which it does while this goes on."""
        learned = (self.store.record("imports", self.assignment.name) or {}).get("modules", ())
        return warm.importing((*self.assignment.modules, *learned))

    def _remember_imports(self, engine: Any, of_others: Sequence[str]) -> None:
        """Let the next run begin with what this one has had to import late."""
        before = (self.store.record("imports", self.assignment.name) or {}).get("modules", [])
        if new := {*engine.imported} - {*before, *of_others}:
            with contextlib.suppress(OSError):  # it only saves time, and whatever comes of it is told elsewhere
                self.store.save_record("imports", self.assignment.name, {"modules": [*before, *sorted(new)]})

    def _run(self, plans: Sequence[Plan], runner: Runner, writer: GradebookWriter | None) -> None:
        self.progress.start_running(runner)
        waiting: dict[str, list[tuple[Plan, str]]] = {}  # what is the same runs once
        futures: dict[Future[dict[str, Any]], str] = {}
        for plan in plans:
            for name, unit in plan.units.items():
                if name in plan.results:
                    continue
                waiting.setdefault(unit, []).append((plan, name))
                if len(waiting[unit]) == 1:
                    futures[runner.submit(plan.student, lambda p=plan, n=name: self._request(p, n))] = unit
        while futures and not self.stop.is_set():
            done, _ = wait(futures, timeout=0.1, return_when=FIRST_COMPLETED)
            self.progress.tick()
            for future in done:
                unit = futures.pop(future)
                result = self._result(future, unit, waiting[unit])
                for plan, name in waiting.pop(unit):
                    if result is not None:
                        plan.results[name] = result
                    if all(n in plan.results or n in plan.troubles for n in plan.units):
                        self._finish(plan, writer)

    def _request(self, plan: Plan, name: str) -> dict[str, Any]:
        from autograder.unit import make_request

        source, release = self.assignment.texts[name]
        conditions = self.assignment.conditions
        return make_request(
            source,
            release,
            plan.submission.notebooks[name],
            files=submitted_files(plan.submission),
            given=self.assignment.given,
            seed=conditions.seed,
            limits=conditions.limits,
            sandbox=conditions.sandbox,
            known={} if self.force else known_tests(self.assignment, plan, name, self.store),
        )

    def _result(
        self, future: Future[dict[str, Any]], unit: str, waiting: Sequence[tuple[Plan, str]]
    ) -> dict[str, Any] | None:
        """Store what came of a unit and return it; None, and a trouble for each who waits, if that is a failure."""
        try:
            result = future.result()
        except EngineError as error:
            if self.stop.is_set():
                return None
            raise _explained(error) from error
        except Exception as error:  # whatever it is, the others are graded all the same
            if not self.stop.is_set():
                logging.getLogger(LOG).error("grading %s", waiting[0][0].student, exc_info=error)
            reason = f"grading it failed: {type(error).__name__}: {error}"
            for plan, name in waiting:
                plan.troubles[name] = Trouble(Verdict.ERROR, reason)
                plan.key = ""  # so that it is tried again next time
            return None
        self.store.save_result(unit, result)
        return result

    def _finish(self, plan: Plan, writer: GradebookWriter | None) -> None:
        if self.stop.is_set():
            return
        try:
            rows = self.marks.rows.get(plan.student)
            if writer is None:
                done = preview(self.assignment, plan, rows, review=self.force)
            else:
                done = finish(self.assignment, plan, self.store, writer, review=self.force, rows_before=rows)
        except (CourseError, OSError):
            raise
        except Exception as error:
            from autograder.gradebook import is_database_error

            if is_database_error(error):
                raise
            logging.getLogger(LOG).error("finishing %s", plan.student, exc_info=error)
            problem = f"grading it failed: {type(error).__name__}: {error}"
            done = Finished(SubmissionResult(plan.student, (), (), problem), plan.todo.value)
        self._done(done)

    def _done(self, done: Finished) -> None:
        self.finished[done.result.student] = done
        self.progress.result(done.result, done.todo)


def _explained(error: EngineError) -> CourseError:
    if isinstance(error, SetupError):
        return CourseError(f"{error}. That is the exercise or its environment, not what was handed in: grading stops.")
    return CourseError(str(error))
