"""What is changed in an answer: the mistakes that people make, one at a time, and nothing outside of the answer."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.mutation.mutants import make_mutants


def changed(line: str) -> set[str]:
    """What a line becomes, each time after one change."""
    return {"\n".join(mutant.after) for mutant in make_mutants(line)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("y = a - b", {"y = a + b", "y = b - a", "y = a", "y = b", "pass"}),
        ("y = a * b", {"y = a / b", "y = a", "y = b"}),
        ("y = X @ W", {"y = W @ X", "y = X * W"}),
        ("y = a / (b + c)", {"y = (b + c) / a", "y = a / (b - c)", "y = (b + c)"}),
        ("y = a < b", {"y = a <= b", "y = a > b"}),
        ("y = a == b", {"y = a != b"}),
        ("y = not a", {"y = a"}),
        ("y = -a", {"y = +a"}),
        ("y = a and b", {"y = a or b"}),
        ("y = 3", {"y = 4", "y = 2"}),
        ("y = 0", {"y = 1", "y = -1"}),
        ("y = 0.5", {"y = 1.5", "y = 0.55"}),
        ("y = True", {"y = False"}),
        ("A.sum(axis=1)", {"A.sum(axis=0)", "A.sum(axis=2)", "A.mean(axis=1)", "A"}),
        ("np.sum(A, axis=(1, 2))", {"np.sum(A, axis=(1,))", "np.sum(A, axis=(2,))", "np.sum(A, )"}),
        ("A.max(axis=1, keepdims=True)", {"A.max(axis=1, keepdims=False)", "A.min(axis=1, keepdims=True)"}),
        ("y = W.T", {"y = W"}),
        ("y = f(a, b)", {"y = f(b, a)", "y = f(b)"}),
        ("y = np.sqrt(a + b)", {"y = (a + b)", "y = np.sqrt(a - b)"}),
        ("y = a[1:n]", {"y = a[:n]", "y = a[1:]", "y = a[2:n]", "y = a[0:n]"}),
        ("y = a[::2]", {"y = a[:]", "y = a[::3]", "y = a[::1]"}),
        ("y = a if c else b", {"y = a if (c) and False else b", "y = a if (c) or True else b"}),
        ("y += a", {"y -= a", "y = a", "pass"}),
    ],
)
def test_makes_mistakes_that_people_make(line: str, expected: set[str]) -> None:
    assert expected <= changed(line)


def test_a_condition_is_taken_for_always_and_never_true() -> None:
    assert {"if True:", "if False:", "if a >= b:", "if a < b:"} <= changed("if a > b:\n    c = 1")


def test_what_is_returned_is_exchanged_or_forgotten() -> None:
    assert {"return b, a", "pass"} <= changed("def f(a, b):\n    return a, b")


@pytest.mark.parametrize(
    "line",
    [
        "y = max(a, b)",  # the other way round it is the same
        "y = zip(a, b, strict=True)",  # a habit, no part of the answer
        "y = f(a)",  # None in the place of a cannot run, whatever the tests
    ],
)
def test_makes_nothing_that_says_nothing_about_the_tests(line: str) -> None:
    nothing = {"y = max(b, a)", "y = zip(a, b, strict=False)", "y = zip(a, b, )", "y = f(None)", "y = None"}
    assert changed(line) and not changed(line) & nothing


CELL = '''\
import numpy as np


def step(w, lr=0.1):
    """Go 1 step."""
    ### BEGIN SOLUTION
    return w - lr * np.abs(w)  # 1 step
    ### END SOLUTION


LATER = 1 + 1'''


def test_changes_only_what_stands_between_the_markers() -> None:
    mutants = make_mutants(CELL)
    assert len(mutants) >= 8 and {mutant.line for mutant in mutants} == {7}
    for mutant in mutants:
        lines = mutant.code.splitlines()
        assert lines[:6] + lines[7:] == CELL.splitlines()[:6] + CELL.splitlines()[7:]
        assert mutant.before == ("return w - lr * np.abs(w)  # 1 step",)
    first = mutants[0]
    assert first.diff == f"- {first.before[0]}\n+ {first.after[0]}"


def test_an_answer_that_is_no_python() -> None:
    with pytest.raises(SyntaxError):
        make_mutants("def f(:")


NAMES = st.sampled_from(["a", "b", "1", "0.5", "f(a, b)", "A[1:, 0]", "A.T", "A.sum(axis=0)"])
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/@%<"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"-{text}"),
        inner.map(lambda text: f"np.sqrt({text})"),
    ),
    max_leaves=6,
)


@settings(max_examples=20, deadline=None)
@given(EXPRESSIONS)
def test_each_is_another_program(expression: str) -> None:
    code = f"def f(a, b, A):\n    return {expression}"
    mutants = make_mutants(code)
    assert len({mutant.code for mutant in mutants}) == len(mutants) >= 1
    assert all(ast.dump(ast.parse(mutant.code)) != ast.dump(ast.parse(code)) for mutant in mutants)
