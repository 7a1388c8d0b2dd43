"""Whether the tests say the same whatever the seed: of random, of numpy, of Python's hashes."""

from collections.abc import Iterable, Mapping

from autograder.result import QuestionResult
from autograder.verdict import Verdict

HASH_SEEDS = 4  # an engine has one hash seed, and takes seconds to start


def seeds_by_hash_seed(seeds: int) -> dict[int, list[int]]:
    """Say which random seeds to try with which hash seed. Seed 0 is not among them: all else is tried with it.

    Args:
        seeds: how many random seeds to try, 0 included.
    """
    return {h: [s for s in range(h, seeds, HASH_SEEDS) if s] for h in range(min(max(seeds, 1), HASH_SEEDS))}


def lost_marks(results: Iterable[QuestionResult], tested: Iterable[str]) -> dict[str, str]:
    """Say of each tested question that has not all its marks why, by name."""
    tested = set(tested)
    return {
        result.question: f"{result.verdict}: {result.reason}" if result.reason else str(result.verdict)
        for result in results
        if result.question in tested
        and (result.points < result.max_points - 1e-9 or result.verdict is Verdict.TEST_BROKEN)
    }


def instabilities(lost: Mapping[tuple[str, str], Mapping[int, str]], seeds: int) -> list[str]:
    """Name each question that is not stable, with the seeds that fail.

    Args:
        lost: by question and answer that should have all marks, why it has not, by seed.
        seeds: how many seeds were tried.
    """
    said = []
    for (question, answer), by_seed in lost.items():
        failing = ", ".join(map(str, sorted(by_seed)))
        word = "seed" if len(by_seed) == 1 else "seeds"
        why = by_seed[min(by_seed)]
        said.append(
            f"{question} is not stable: {answer} loses marks with {word} {failing} of 0 to {seeds - 1}\n  {why}"
        )
    return said
