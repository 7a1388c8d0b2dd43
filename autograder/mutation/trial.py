"""Tries mutants on the engine: which of them do the tests of their question see?

Many mutants of a question share a pair of processes: the cells that the question needs, then answer and tests, answer
and tests, and so on, last the solution itself. If that does not get its marks any more, a mutant has damaged something,
and each is tried by itself.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from autograder.audit import Exercise, engine_and_threads, load_exercise
from autograder.corpus import CorpusError
from autograder.course import Course, CourseError
from autograder.engine.errors import EngineError
from autograder.engine.job import Cell, CellRun, Job, Kind
from autograder.engine.limits import Limits
from autograder.jobs import job_from_notebook
from autograder.mutation.equivalent import Equivalent, read_equivalents, stale
from autograder.mutation.mutants import Mutant, make_mutants
from autograder.notebook import Question, cells_by_id
from autograder.runner import available_cores
from autograder.syntax import parse
from autograder.unit import Runs
from autograder.verdict import judge

TARGET = 0.95  # the share of mutants, of those that make a difference, that the tests of an exercise should see
BATCH = 16
SLOWER = 10.0  # a mutant may take so many times as long as the solution,
LEAST_SECONDS = 3.0  # and at least this


@dataclass
class QuestionTrial:
    """What came of the mutants of one question."""

    question: str
    mutants: int = 0
    killed: int = 0
    """How many lost marks."""
    by_limit: int = 0
    """How many of those ran into a limit."""
    survivors: list[Mutant] = field(default_factory=list)
    """Those that kept all marks and are not known to make no difference."""
    equivalent: int = 0
    """How many are known to make none."""
    stale: list[str] = field(default_factory=list)
    """What the corpus says makes no difference, and does, or is not there any more."""

    @property
    def share(self) -> float:
        """The share that the tests see of those mutants that make a difference."""
        return _share(self.killed, self.mutants - self.equivalent)


@dataclass
class ExerciseTrial:
    """What came of the mutants of one exercise."""

    name: str
    questions: list[QuestionTrial] = field(default_factory=list)

    def total(self, of: Callable[[QuestionTrial], int]) -> int:
        """Add a number of all its questions."""
        return sum(map(of, self.questions))

    @property
    def share(self) -> float:
        """The share that the tests see of those mutants that make a difference."""
        killed, mutants = self.total(lambda q: q.killed), self.total(lambda q: q.mutants)
        return _share(killed, mutants - self.total(lambda q: q.equivalent))

    @property
    def well(self) -> bool:
        """Whether the tests see enough, and what is known to make no difference makes none."""
        return self.share >= TARGET and not any(question.stale for question in self.questions)


def mutate(
    course: Course,
    assignments: Sequence[str] = (),
    *,
    jobs: int | None = None,
    limits: Limits | None = None,
    sandbox: str = "full",
    on_mutants: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Iterator[ExerciseTrial]:
    """Try the mutants of all answers of assignments, exercise by exercise.

    Args:
        course: the course.
        assignments: their names; all of them if empty.
        jobs: how many pairs of processes to run at once; as many as there are cores to use if None.
        limits: what a run may use, by default what nbgrader_config.py says. The time of a cell is cut to ten times what
            the solution takes.
        sandbox: "full" or "none".
        on_mutants: called with a name, how many mutants of the exercise were tried, and how many there are.

    Raises:
        CourseError: if an assignment or its corpus cannot be read, its solution has not all its marks, or nothing can
            be run.
    """
    for assignment in assignments or course.assignments() or [""]:  # "" is no assignment: says what is missing
        for path in course.notebooks(assignment):
            exercise = load_exercise(course, path, min_wrong=0, min_right=0)
            try:
                known = read_equivalents(course.corpus(path))
            except CorpusError as error:
                raise CourseError(str(error).replace(f"{course.root}/", "")) from error
            name = f"{path.parent.name}/{path.stem}"
            try:
                with _running(exercise, jobs or available_cores(), sandbox) as run:
                    yield _try_exercise(name, exercise, known, limits or course.limits, run, on_mutants)
            except EngineError as error:
                raise CourseError(f"{course.relative(path)}: {error}") from error


RunAll = Callable[[Callable[[Runs, "Batch"], list[str | None]], Sequence["Batch"]], Iterator[list[str | None]]]


@contextmanager
def _running(exercise: Exercise, jobs: int, sandbox: str) -> Iterator[RunAll]:
    """Lend what tries batches, several at once, and returns what came of them in order."""
    with engine_and_threads(exercise, jobs, sandbox) as (engine, threads):
        yield lambda one, batches: threads.map(lambda batch: one(engine, batch), batches)


@dataclass(frozen=True)
class Batch:
    """Answers to a question that are tried in one pair of processes."""

    bench: "Bench"
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Bench:
    """What the answers to one question are tried with."""

    question: Question
    job: Job
    """The cells that come before, and the limits."""
    answer: Cell
    tests: tuple[Cell, ...]
    points: tuple[float, ...]


def make_bench(exercise: Exercise, question: Question, limits: Limits) -> Bench:
    """Pick the cells that answers to a question need: the first set-up, and what defines a name that they use."""
    whole = job_from_notebook(
        exercise.source, exercise.release, source=exercise.source, given=exercise.given, limits=limits
    )
    named = {cell.name: number for number, cell in enumerate(whole.cells) if cell.name}
    tests = tuple(whole.cells[named[name]] for name in question.graded)
    answer = whole.cells[named[question.name]]
    first_answer = next(n for n, cell in enumerate(whole.cells) if cell.kind is not Kind.SETUP)
    wanted = set().union(*(_uses(cell.source) for cell in (answer, *tests)))
    chosen = []
    for number in reversed(range(max(named[name] for name in question.graded))):
        cell = whole.cells[number]
        if cell.kind is Kind.TEST or cell is answer:
            continue
        if number < first_answer or _defines(cell.source) & wanted:
            chosen.append(cell)
            wanted |= _uses(cell.source)
    cells = cells_by_id(exercise.source)
    points = tuple(float(cells[name].metadata.nbgrader.points) for name in question.graded)
    return Bench(question, replace(whole, cells=tuple(reversed(chosen))), answer, tests, points)


def _try_exercise(
    name: str,
    exercise: Exercise,
    known: Sequence[Equivalent],
    limits: Limits,
    run: RunAll,
    on_mutants: Callable[[str, int, int], None],
) -> ExerciseTrial:
    cells = cells_by_id(exercise.source)
    mutants = {}
    for question in exercise.tested:
        try:
            mutants[question.name] = make_mutants(cells[question.name].source)
        except SyntaxError as error:
            raise CourseError(f"{name}: the answer {question.name} is not plain Python: {error}") from error
    total, done = sum(map(len, mutants.values())), 0
    result = ExerciseTrial(name)
    for question in exercise.tested:
        bench = _timed(make_bench(exercise, question, limits), run)
        codes = [mutant.code for mutant in mutants[question.name]]
        batches = [Batch(bench, tuple(codes[k : k + BATCH])) for k in range(0, len(codes), BATCH)]
        fates: list[str | None] = []
        for batch, outcome in zip(batches, run(_try_batch, batches), strict=True):
            fates += outcome
            done += len(batch.codes)
            on_mutants(f"{name}: {question.name}", done, total)
        result.questions.append(_counted(question.name, mutants[question.name], fates, known))
    return result


def _counted(
    question: str, mutants: Sequence[Mutant], fates: Sequence[str | None], known: Sequence[Equivalent]
) -> QuestionTrial:
    known = [one for one in known if one.question == question]
    alive = [mutant for mutant, fate in zip(mutants, fates, strict=True) if fate is None]
    survivors = [mutant for mutant in alive if not any(one.fits(mutant) for one in known)]
    return QuestionTrial(
        question,
        mutants=len(mutants),
        killed=len(mutants) - len(alive),
        by_limit=sum(fate == _LIMIT for fate in fates),
        survivors=survivors,
        equivalent=len(alive) - len(survivors),
        stale=list(stale(known, mutants, alive)),
    )


_KILLED, _LIMIT = "killed", "limit"


def _timed(bench: Bench, run: RunAll) -> Bench:
    """Give answers as much time as the solution needs, and more; see at the same time that it has all its marks."""
    (seconds,) = run(_try_solution, [Batch(bench, ())])
    cell_seconds = min(bench.job.limits.cell_seconds, max(LEAST_SECONDS, SLOWER * float(seconds[0] or 0)))
    return replace(bench, job=replace(bench.job, limits=replace(bench.job.limits, cell_seconds=cell_seconds)))


def _try_solution(engine: Runs, batch: Batch) -> list[str | None]:
    bench = batch.bench
    runs = engine.run(_job(bench, (bench.answer.source,))).cells[len(bench.job.cells) :]
    if (fate := _fate(bench, runs)) is not None:
        why = next((": ".join(run.error) for run in runs if run.error), fate)
        raise EngineError(f"the solution of {bench.question.name} has not all its marks: {why}")
    return [str(max(run.seconds for run in runs))]


def _try_batch(engine: Runs, batch: Batch) -> list[str | None]:
    """Say of each answer how it was found out; None if it was not."""
    bench, size = batch.bench, 1 + len(batch.bench.tests)
    codes = (*batch.codes, bench.answer.source)
    runs = engine.run(_job(bench, codes)).cells[len(bench.job.cells) :]
    each = [runs[k : k + size] for k in range(0, len(runs), size)]
    fates = [_fate(bench, run) for run in each]
    if len(batch.codes) > 1 and fates[-1] is not None:
        return [_try_batch(engine, Batch(bench, (code,)))[0] for code in batch.codes]
    # A cell that stopped half way leaves names of the answer before it.
    doubtful = [len(batch.codes) > 1 and bool(run[0].error or run[0].ended) for run in each]
    return [
        _try_batch(engine, Batch(bench, (code,)))[0] if doubt else fate
        for code, fate, doubt in zip(batch.codes, fates, doubtful, strict=False)
    ]


def _job(bench: Bench, codes: Sequence[str]) -> Job:
    cells = [*bench.job.cells]
    for code in codes:
        cells += [replace(bench.answer, source=code), *bench.tests]
    limits = bench.job.limits
    limits = replace(limits, total_seconds=limits.cell_seconds * len(cells) + 60, restarts=2 * len(codes) + 1)
    return replace(bench.job, cells=tuple(cells), limits=limits)


def _fate(bench: Bench, runs: Sequence[CellRun]) -> str | None:
    """Say how an answer was found out; None if it has all its marks."""
    tests = list(zip(runs[1:], bench.points, strict=True))
    if all(judge(run, points).points > points - 1e-9 for run, points in tests):
        return None
    return _LIMIT if any(run.ended for run in runs) else _KILLED


def _uses(source: str) -> set[str]:
    return {node.id for node in _names(source) if isinstance(node, ast.Name)}


def _defines(source: str) -> set[str]:
    """Return the names that a cell binds anywhere: rather too many than too few."""
    found: set[str] = set()
    for node in _names(source):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.split(".")[0])
    return found


def _names(source: str) -> list[ast.AST]:
    try:
        return list(ast.walk(parse(source)))
    except SyntaxError:  # a magic
        return []


def _share(killed: int, mutants: int) -> float:
    return killed / mutants if mutants else 1.0
