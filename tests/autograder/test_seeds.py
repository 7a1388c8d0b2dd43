"""Which seeds are tried, and how what they find is told."""

from hypothesis import given
from hypothesis import strategies as st

from autograder.result import QuestionResult
from autograder.seeds import HASH_SEEDS, instabilities, lost_marks, seeds_by_hash_seed
from autograder.verdict import Verdict


@given(st.integers(1, 200))
def test_every_seed_is_tried_once_with_few_hash_seeds(seeds: int) -> None:
    plan = seeds_by_hash_seed(seeds)
    assert sorted(seed for tried in plan.values() for seed in tried) == list(range(1, seeds))  # 0 is always tried
    assert 0 in plan and len(plan) <= min(seeds, HASH_SEEDS)


def test_names_the_question_and_the_seeds() -> None:
    lost = {
        ("add", "the solution"): {7: "failed: 1 + 2", 3: "failed: 2 + 2"},
        ("double", "right solution 'x'"): {1: "error"},
    }
    assert instabilities(lost, 20) == [
        "add is not stable: the solution loses marks with seeds 3, 7 of 0 to 19\n  failed: 2 + 2",
        "double is not stable: right solution 'x' loses marks with seed 1 of 0 to 19\n  error",
    ]


def test_what_lost_marks() -> None:
    results = [
        QuestionResult("right", 2, 2, Verdict.PASSED),
        QuestionResult("wrong", 1, 2, Verdict.PARTIAL, "half of it"),
        QuestionResult("broken", 2, 2, Verdict.TEST_BROKEN, "no mark"),
        QuestionResult("by hand", 0, 2, Verdict.BY_HAND),
    ]
    told = {"wrong": "partial: half of it", "broken": "test-broken: no mark"}
    assert lost_marks(results, ["right", "wrong", "broken"]) == told
