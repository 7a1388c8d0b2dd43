"""Submissions made of an exercise's solution and of its corpus."""

import random
import re

from autograder.audit import Exercise
from autograder.corpus import Solution
from autograder.sample import filled_in, to_bytes

_ENDS_BADLY = re.compile(r"while True|exit\(|stopped after|MemoryError|RecursionError|its process")


def comes_to_an_end(solution: Solution) -> bool:
    """Whether a solution neither runs without end nor ends its process."""
    return not _ENDS_BADLY.search(f"{solution.code}\n{solution.expects}")


def make_submissions(exercise: Exercise, n: int) -> list[bytes]:
    """Make different submissions: first the solution, then mixtures of its answers and those of the corpus.

    What runs without end, or ends its process, is left out: nbgrader would wait for it or lose the submission.

    Raises:
        ValueError: if the corpus does not give as many.
    """
    survived = [solution for solution in exercise.corpus if comes_to_an_end(solution)]
    made = {to_bytes(filled_in(exercise)): None}
    rng = random.Random(0)
    for _ in range(20 * n):
        answers = {}
        for question in exercise.tested:
            solutions = [s for s in survived if s.question == question.name]
            right = [s for s in solutions if not s.wrong]
            if among := rng.choices((right, solutions, []), (1, 2, 3))[0]:  # about half are the solution's own answers
                answers[question.name] = rng.choice(among).code
        made[to_bytes(filled_in(exercise, answers))] = None
        if len(made) >= n:
            return list(made)[:n]
    raise ValueError(f"the corpus of {exercise.path.stem} gives {len(made)} different submissions, not {n}")
