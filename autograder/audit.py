"""Tests the tests: the solution scores full marks, the blank release none, and the corpus what it should."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.blank import release_notebook
from autograder.corpus import CorpusError, Solution, check_corpus, read_corpus
from autograder.course import Course, CourseError
from autograder.engine.errors import EngineError
from autograder.engine.limits import Limits
from autograder.library import NotebookResult, result_of
from autograder.notebook import NotebookError, Question, cells_by_id, code_cells, questions, read_notebook
from autograder.runner import available_cores
from autograder.seeds import instabilities, lost_marks, seeds_by_hash_seed
from autograder.submission import read_given
from autograder.unit import Runs, grade_unit, make_request, modules_of, start_engine
from autograder.verdict import Verdict

MIN_WRONG, MIN_RIGHT = 4, 2  # how many solutions of each question a corpus must hold


@dataclass(frozen=True)
class Variant:
    """The solution notebook with some of its answers exchanged, and what it must score."""

    title: str
    notebook: NotebookNode
    loses: Mapping[str, float] = field(default_factory=dict)
    """Points lost, by question; what is not named must keep all."""
    expects: Mapping[str, str] = field(default_factory=dict)
    """Part of the message that a question must get."""
    solution: Solution | None = None
    """What was exchanged, if that is one answer."""


@dataclass(frozen=True)
class Exercise:
    """A notebook whose tests are to be tested."""

    path: Path
    source: NotebookNode
    release: NotebookNode
    corpus: list[Solution]
    given: Mapping[str, bytes] = field(default_factory=dict)
    """What lies beside the notebook."""

    @property
    def tested(self) -> list[Question]:
        """The questions that have tests."""
        return [question for question in questions(self.source) if not question.by_hand]


@dataclass
class Audit:
    """What was tried and what went wrong."""

    questions: int = 0
    wrong: int = 0
    wrong_caught: int = 0
    right: int = 0
    right_kept: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The last line that `autograder audit` prints."""
        return (
            f"audit: {self.questions} questions, {self.wrong_caught}/{self.wrong} wrong solutions caught, "
            f"{self.right_kept}/{self.right} right solutions kept"
        )


def audit(
    course: Course,
    assignments: Sequence[str] = (),
    *,
    jobs: int | None = None,
    seeds: int = 1,
    limits: Limits | None = None,
    sandbox: str = "full",
    min_wrong: int = MIN_WRONG,
    min_right: int = MIN_RIGHT,
    on_variant: Callable[[str, int, int], None] = lambda title, done, total: None,
) -> Audit:
    """Prove that the tests of assignments tell right from wrong.

    Args:
        course: the course.
        assignments: their names; all of them if empty.
        jobs: how many notebooks to run at once; as many as there are cores to use if None.
        seeds: how many random seeds the solution is tried with, and with the first few of them, which are hash seeds
            too, the right solutions.
        limits: what a run may use, by default what nbgrader_config.py says.
        sandbox: "full" or "none".
        min_wrong, min_right: how many solutions of each question a corpus must hold.
        on_variant: called with title, number and total after each run.

    Raises:
        CourseError: if an assignment or its corpus cannot be read, or nothing can be run.
    """
    result = Audit()
    limits = limits or course.limits
    for assignment in assignments or course.assignments() or [""]:  # "" is no assignment: says what is missing
        for path in course.notebooks(assignment):
            exercise = load_exercise(course, path, min_wrong=min_wrong, min_right=min_right)
            try:
                _audit_exercise(exercise, result, jobs or available_cores(), seeds, limits, sandbox, on_variant)
            except EngineError as error:
                raise CourseError(f"{course.relative(path)}: {error}") from error
    return result


def load_exercise(course: Course, path: Path, *, min_wrong: int = 1, min_right: int = 1) -> Exercise:
    """Read a solution notebook and its corpus.

    Raises:
        CourseError: if one of them cannot be read, or they do not fit together.
    """
    try:
        source = read_notebook(path)
        where = course.corpus(path)
        corpus = read_corpus(where)
        check_corpus(corpus, questions(source), course.relative(where), min_wrong=min_wrong, min_right=min_right)
    except NotebookError as error:
        raise CourseError(f"{course.relative(path)} {error}") from error
    except CorpusError as error:
        raise CourseError(str(error).replace(f"{course.root}{os.sep}", "")) from error
    given = read_given(path.parent, course.ignored)
    return Exercise(path, source, release_notebook(source, course.config), corpus, given)


def make_variants(exercise: Exercise) -> Iterator[Variant]:
    """Make every notebook that the tests are tried on: the solution, the blank release, then the corpus."""
    yield Variant("the solution", exercise.source)
    blank = _with_answers(exercise.source, {n: c.source for n, c in cells_by_id(exercise.release).items()})
    everything = {question.name: question.points for question in exercise.tested}
    yield Variant("the blank release", blank, loses=everything)
    points = {question.name: question.points for question in exercise.tested}
    for solution in exercise.corpus:
        name = solution.question
        notebook = _with_answers(exercise.source, {name: solution.code})
        kind = "wrong" if solution.wrong else "right"
        title = f"{kind} solution {solution.name!r} of {name} (line {solution.line} of the corpus)"
        if solution.wrong:
            loses, expects = {name: solution.loses or points[name]}, {name: solution.expects}
            yield Variant(title, notebook, loses, expects, solution)
        else:
            yield Variant(title, notebook, solution=solution)


def find_faults(exercise: Exercise, variant: Variant, outcome: NotebookResult) -> list[str]:
    """Say what a variant should have scored or been told and was not; nothing if all is well."""
    faults = [outcome.problem] if outcome.problem else []
    tested = {question.name: question for question in exercise.tested}
    for result in outcome.questions:
        if result.question not in tested:
            continue
        lost = result.max_points - result.points
        should = variant.loses.get(result.question, 0.0)
        told = f"{result.verdict}: {result.reason}" if result.reason else str(result.verdict)
        if result.verdict is Verdict.TEST_BROKEN:
            faults.append(f"{result.question}: {told}")
        elif abs(lost - should) > 1e-9:
            faults.append(
                f"{result.question} loses {lost:g} of {result.max_points:g} points and should lose {should:g} ({told})"
            )
        expected = variant.expects.get(result.question)
        if expected is not None and _squeezed(expected) not in _squeezed(result.reason):
            faults.append(f"{result.question} should say {expected!r}, and says {result.reason!r}")
        faults += [f for name in tested[result.question].graded if (f := _misread(name, outcome))]
    return faults


def _misread(test: str, outcome: NotebookResult) -> str:
    """Say so if plain nbgrader, which reads the text of a test's last value, would read another mark from it."""
    run = outcome.runs.get(test)
    if run is None or run.value is None or run.value_text is None:
        return ""
    try:
        float(run.value_text)
    except ValueError:
        return f"{test} ends in {run.value_text}, which nbgrader reads as full marks: end it in float(…)"
    return ""


def _audit_exercise(
    exercise: Exercise,
    result: Audit,
    jobs: int,
    seeds: int,
    limits: Limits,
    sandbox: str,
    on_variant: Callable[[str, int, int], None],
) -> None:
    variants = list(make_variants(exercise))
    right = [number for number, variant in enumerate(variants) if not variant.loses]
    later = seeds_by_hash_seed(seeds)
    total = len(variants) + (seeds - 1) + sum(len(right) - 1 for again in later.values() if again)
    counter = itertools.count(1)
    faulty: set[int] = set()
    lost: dict[tuple[str, str], dict[int, str]] = {}
    for hash_seed, again in later.items():
        with _running(exercise, jobs, hash_seed, limits, sandbox) as run:
            if hash_seed == 0:
                faulty |= _try_all(
                    exercise, variants, result, run, lambda title: on_variant(title, next(counter), total)
                )
            for numbers, seed, outcome in _try_seeds(exercise, variants, right, run, again):
                answers = {s.question: n for n in numbers if (s := variants[n].solution) is not None}
                for question, why in lost_marks(outcome.questions, (q.name for q in exercise.tested)).items():
                    number = answers.get(question, 0)
                    faulty.add(number)
                    lost.setdefault((question, variants[number].title), {})[seed] = why
                for number in numbers:
                    on_variant(f"{variants[number].title}, seed {seed}", next(counter), total)
    result.failures += [f"{_name(exercise)}: {one}" for one in instabilities(lost, seeds)]
    result.questions += len(exercise.tested)
    for number, variant in enumerate(variants):
        if variant.solution is not None and variant.solution.wrong:
            result.wrong += 1
            result.wrong_caught += number not in faulty
        elif variant.solution is not None:
            result.right += 1
            result.right_kept += number not in faulty


def _try_all(
    exercise: Exercise, variants: Sequence[Variant], result: Audit, run: "Run", on_variant: Callable[[str], None]
) -> set[int]:
    """Try every variant with seed 0; return the numbers of those that do not get what they should."""
    well, faulty = set[int](), set[int]()
    mixtures = _mixtures(variants, range(len(variants)))
    mixed = [_mixed(exercise, [variants[number] for number in numbers]) for numbers in mixtures]
    for numbers, mixture, outcome in zip(mixtures, mixed, run(mixed, None), strict=True):
        if not find_faults(exercise, mixture, outcome):
            well.update(numbers)
            for number in numbers:
                on_variant(variants[number].title)
    # The others by themselves, which says what is wrong with which.
    left = [number for number in range(len(variants)) if number not in well]
    for number, outcome in zip(left, run([variants[number] for number in left], None), strict=True):
        variant = variants[number]
        if faults := find_faults(exercise, variant, outcome):
            faulty.add(number)
            said = "\n".join([f"{_name(exercise)}: {variant.title}", *(f"  {fault}" for fault in faults)])
            result.failures.append(said + _tracebacks(variant, outcome))
        on_variant(variant.title)
    return faulty


def _try_seeds(
    exercise: Exercise, variants: Sequence[Variant], right: Sequence[int], run: "Run", seeds: Sequence[int]
) -> Iterator[tuple[list[int], int, NotebookResult]]:
    """Try the solution with seeds; yield the numbers of what ran together, the seed, and what came of it.

    The other right solutions are tried with the first: another engine is another order of sets, for them as well.
    """
    plan = [([0], seed) for seed in seeds] + [
        (numbers, seed) for seed in seeds[:1] for numbers in _mixtures(variants, right)
    ]
    mixed = [_mixed(exercise, [variants[number] for number in numbers]) for numbers, _ in plan]
    for (numbers, seed), outcome in zip(plan, run(mixed, [seed for _, seed in plan]), strict=True):
        yield numbers, seed, outcome


def _name(exercise: Exercise) -> str:
    return f"{exercise.path.parent.name}/{exercise.path.stem}"


def _mixtures(variants: Sequence[Variant], chosen: Iterable[int]) -> list[list[int]]:
    """Put together solutions that can run in one notebook: one of each question, so long as there are any.

    A notebook in which each of them gets what it should proves as much of all of them as one for each would, in an
    eighth of the time.
    """
    of_question: dict[str, list[int]] = {}
    for number in chosen:
        if (solution := variants[number].solution) is not None:
            of_question.setdefault(solution.question, []).append(number)
    together = itertools.zip_longest(*of_question.values())
    return [[number for number in numbers if number is not None] for numbers in together]


def _mixed(exercise: Exercise, variants: Sequence[Variant]) -> Variant:
    """Make one variant of several."""
    answers = {v.solution.question: v.solution.code for v in variants if v.solution is not None}
    loses = {name: points for variant in variants for name, points in variant.loses.items()}
    expects = {name: message for variant in variants for name, message in variant.expects.items()}
    return Variant("several solutions", _with_answers(exercise.source, answers), loses, expects)


Run = Callable[[Sequence[Variant], Sequence[int] | None], Iterator[NotebookResult]]


@contextmanager
def _running(exercise: Exercise, jobs: int, hash_seed: int, limits: Limits, sandbox: str) -> Iterator[Run]:
    """Lend what runs variants, each with its seed or with 0, and returns in order what came of them."""
    source, release = nbformat.v4.writes(exercise.source), nbformat.v4.writes(exercise.release)

    with engine_and_threads(exercise, jobs, sandbox, hash_seed) as (engine, threads):

        def grade(variant: Variant, seed: int) -> NotebookResult:
            content = nbformat.v4.writes(variant.notebook).encode()
            request = make_request(source, release, content, given=exercise.given, limits=limits, seed=seed)
            return result_of(grade_unit(request, engine=engine))

        yield lambda variants, seeds: threads.map(grade, variants, seeds or itertools.repeat(0))


@contextmanager
def engine_and_threads(
    exercise: Exercise, jobs: int, sandbox: str, hash_seed: int = 0
) -> Iterator[tuple[Runs, ThreadPoolExecutor]]:
    """Lend an engine that has imported what an exercise imports, and threads to use it from; end both afterwards.

    Raises:
        EngineError: if there can be none here.
    """
    engine = start_engine(modules_of(exercise.source), sandbox, hash_seed)
    threads = ThreadPoolExecutor(jobs)
    try:
        yield engine, threads
    finally:
        threads.shutdown(cancel_futures=True)
        engine.close()


def _with_answers(source: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Return the notebook with other answers in it."""
    notebook = deepcopy(source)
    for name, cell in cells_by_id(notebook).items():
        if name in answers and cell.metadata.nbgrader.solution:
            cell.source = answers[name]
    return notebook


def _tracebacks(variant: Variant, outcome: NotebookResult) -> str:
    """Show the errors in full, indented; of the blank release they are as expected and many."""
    if (variant.solution is None and variant.loses) or outcome.notebook is None:
        return ""
    lines = [
        line
        for cell in code_cells(outcome.notebook)
        for output in cell.outputs
        if output.output_type == "error"
        for line in "\n".join(output.traceback).splitlines()
    ]
    return "".join(f"\n    {line}" for line in lines)


def _squeezed(text: str) -> str:
    return " ".join(text.split())
