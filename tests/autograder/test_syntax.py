"""Threads can parse at the same time."""

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.syntax import parse

FUNCTION = "def f(a):\n    return [a + [b for b in a] for _ in range(3)]\n"
NESTED = f"x = {'(' * 60}1{')' * 60}\n{FUNCTION * 50}"


def test_threads_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(lambda number: parse(NESTED), range(32)))
    assert len({ast.dump(tree) for tree in trees}) == 1


def test_what_is_no_python_is_said_so() -> None:
    for _ in range(2):
        with pytest.raises(SyntaxError):
            parse("%matplotlib inline")
