"""Calls across two processes: values, callbacks, changes in place, and what stays the same object."""

import gc
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.engine.handles import Handle
from autograder.engine.peer import Peer, RemoteGone
from tests.autograder.engine.link import process

ANSWER = """
import collections
import math
import os
import sys
import numpy as np

constants = {"pi": math.pi, "shape": (2, 3), "x": np.arange(3)}

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def descend(gradient, x, lr, n_steps=1):
    for _ in range(n_steps):
        x = x - lr * gradient(x)
    return x

def apply(function, *args, **kwargs):
    return function(*args, **kwargs)

def identity(value):
    return value

def change(x, items=None, table=None, rng=None):
    x += 1
    if items is not None:
        items.append(x)
        items[0] = "changed"
    if table is not None:
        table["new"] = items
        del table["old"]
    if rng is not None:
        return rng.normal()

def sort_and_return(items):
    items.sort()
    return items

def nested_change(pair):
    pair[0][0] = 5
    pair[1]["inner"].append(1)

class Optimiser:
    def __init__(self, params, lr=0.1):
        self.params, self.lr = params, lr
        self.velocity = [np.zeros_like(p) for p in params]
    def step(self, grads):
        for p, v, g in zip(self.params, self.velocity, grads):
            v *= 0.5
            v -= self.lr * g
            p += v

class Buffered:
    def __init__(self):
        self.buffer = np.zeros(2)
    def add(self, x):
        self.buffer += x
        return self.buffer
    def total(self):
        return self.buffer.sum()

class Layer:
    def __init__(self, rng):
        self.rng = rng
    def draw(self):
        return self.rng.normal()

def counted():
    n = 0
    def count():
        nonlocal n
        n += 1
        return n
    return count

def is_it(a, b):
    return a is b

kept = []
def keep(value):
    kept.append(value)
def look():
    return kept[-1]

def read(thing):
    return thing.value, thing[0], len(thing), list(thing), thing.double(4), thing("x")

def peek(thing, name):
    return getattr(thing, name)

def numbers(n=3):
    for i in range(n):
        yield i * 1.5

def forever():
    while True:
        yield 1

def table():
    counts = collections.defaultdict(list)
    counts["a"].append(1)
    return counts

def grid():
    return [[0] * 2] * 2

def leave():
    os._exit(3)

def size(n):
    return np.zeros(n)

def in_thread(function):
    import threading
    failures = []
    def run():
        try:
            function()
        except Exception as error:
            failures.append(repr(error))
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return failures

def later(function):
    global left
    left = function

def now():
    return left()

def is_numpys(function):
    return function is np.tanh

def fail(text):
    raise ValueError(text)

def kinds(*values):
    return [type(value).__name__ for value in values]
"""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with process(ANSWER) as peer:
        yield peer


class Thing:
    value = 3
    _secret = 4

    def __getitem__(self, i: int) -> int:
        if i > 2:
            raise IndexError(i)
        return i * 10

    def __len__(self) -> int:
        return 3

    def __iter__(self) -> Iterator[int]:
        return iter([1, 2])

    def double(self, x: int) -> int:
        return 2 * x

    def __call__(self, x: str) -> str:
        return x + "!"


def test_values_are_fetched_by_name(peer: Peer) -> None:
    constants = peer.fetch("constants")
    assert constants["shape"] == (2, 3) and np.array_equal(constants["x"], [0, 1, 2])
    with pytest.raises(NameError, match="name 'nowhere' is not defined"):
        peer.fetch("nowhere")


def test_modules_are_the_examiners_own(peer: Peer) -> None:
    assert peer.fetch("np") is np
    assert isinstance(peer.fetch("os"), Handle) and isinstance(peer.fetch("sys"), Handle)


def test_functions_are_called(peer: Peer) -> None:
    assert np.allclose(peer.fetch("sigmoid")(np.zeros(3)), 0.5)
    assert peer.fetch("descend")(lambda x: 2 * x, np.array([1.0]), lr=0.1, n_steps=10) == pytest.approx(0.8**10)
    assert peer.fetch("sigmoid") is peer.fetch("sigmoid") and peer.fetch("sigmoid").__name__ == "sigmoid"


def test_what_answers_return_can_be_called(peer: Peer) -> None:
    count = peer.fetch("counted")()
    assert [count(), count(), count()] == [1, 2, 3]


def test_callbacks_are_nested(peer: Peer) -> None:
    apply = peer.fetch("apply")
    assert apply(lambda x: apply(lambda y: y + 1, x) * 2, 3) == 8
    assert apply(apply, apply, lambda: 5) == 5
    assert peer.fetch("identity")(apply) is apply

    def own() -> None: ...

    assert peer.fetch("identity")(own) is own


def test_endless_recursion_ends(peer: Peer) -> None:
    apply = peer.fetch("apply")
    depths = []

    def again(depth: int) -> Any:
        depths.append(depth)
        return apply(again, depth + 1)

    with pytest.raises(RecursionError):
        again(0)
    assert 10 < max(depths) < 60
    assert peer.gone is None and apply(abs, -1) == 1


def test_recursion_in_the_test_itself_leaves_the_link_whole(peer: Peer) -> None:
    identity = peer.fetch("identity")

    def again(depth: int) -> Any:
        identity(depth)
        return again(depth + 1)

    with pytest.raises(RecursionError):
        again(0)
    assert peer.gone is None and identity(3) == 3


def test_library_functions_are_the_answers_own(peer: Peer) -> None:
    assert peer.fetch("is_numpys")(np.tanh)
    assert peer.fetch("apply")(np.linalg.norm, [3.0, 4.0]) == 5
    assert peer.fetch("kinds")(np.float32, max, np) == ["type", "builtin_function_or_method", "module"]


def test_arrays_that_are_changed_in_place(peer: Peer) -> None:
    x, items, table = np.zeros(2), [0, 1], {"old": 1}
    peer.fetch("change")(x, items, table)
    assert np.array_equal(x, [1, 1])
    assert items[0] == "changed" and items[2] is x
    assert table == {"new": items} and table["new"] is items


def test_views_and_callbacks_write_back_as_well(peer: Peer) -> None:
    x = np.zeros((3, 2))
    peer.fetch("change")(x[1])
    assert np.array_equal(x, [[0, 0], [1, 1], [0, 0]])
    seen = []

    def double(values: list[Any], array: np.ndarray) -> None:
        values.append(1)
        array *= 2
        seen.append(values)

    y, values = np.ones(2), [0]
    peer.fetch("apply")(double, values, y)
    assert np.array_equal(y, [2, 2]) and values == [0, 1] and seen[0] is not None


def test_nested_containers_write_back(peer: Peer) -> None:
    first, inner = [0], []
    peer.fetch("nested_change")((first, {"inner": inner}))
    assert first == [5] and inner == [1]


def test_a_list_that_is_returned_is_the_callers_own(peer: Peer) -> None:
    items = [3, 1, 2]
    assert peer.fetch("sort_and_return")(items) is items and items == [1, 2, 3]


def test_aliases_within_a_result_stay_aliases(peer: Peer) -> None:
    grid = peer.fetch("grid")()
    grid[0][0] = 1
    assert grid == [[1, 0], [1, 0]]


def test_an_optimiser_that_holds_on_to_arrays(peer: Peer) -> None:
    params = [np.ones(3), np.full((2, 2), 2.0)]
    expected = [p.copy() for p in params]
    optimiser = peer.fetch("Optimiser")(params, lr=0.2)
    velocity = [np.zeros_like(p) for p in params]
    for _ in range(4):
        grads = [2 * p for p in params]
        gc.collect()
        optimiser.step(grads)
        for p, v in zip(expected, velocity, strict=True):
            v *= 0.5
            v -= 0.2 * (2 * p)
            p += v
        assert all(np.allclose(p, e) for p, e in zip(params, expected, strict=True))
    params[0][:] = 7  # the test changes what the optimiser holds
    assert np.array_equal(optimiser.params[0], [7, 7, 7]) and optimiser.params[0] is params[0]


def test_an_array_that_the_answer_goes_on_changing(peer: Peer) -> None:
    buffered = peer.fetch("Buffered")()
    first = buffered.add(np.ones(2))
    assert buffered.add(np.ones(2)) is first and np.array_equal(first, [2, 2])
    first[0] = 10
    assert buffered.total() == 12
    del first
    gc.collect()
    assert np.array_equal(buffered.add(np.zeros(2)), [10, 2])


def test_the_same_array_is_the_same_on_the_other_side(peer: Peer) -> None:
    x = np.zeros(2)
    assert peer.fetch("is_it")(x, x) and not peer.fetch("is_it")(x, x.copy())
    peer.fetch("keep")(x)
    x += 3
    assert peer.fetch("look")() is x and peer.fetch("is_it")(x, peer.fetch("look")())


def test_random_generators_stay_in_step(peer: Peer) -> None:
    rng, reference = np.random.default_rng(1), np.random.default_rng(1)
    layer = peer.fetch("Layer")(rng)
    for _ in range(3):
        assert layer.draw() == reference.normal()
        assert rng.normal() == reference.normal()
    assert peer.fetch("change")(np.zeros(1), rng=rng) == reference.normal() and rng.normal() == reference.normal()
    old, like = np.random.RandomState(5), np.random.RandomState(5)
    assert peer.fetch("change")(np.zeros(1), rng=old) == like.normal() and old.normal() == like.normal()


def test_read_only_arrays_cannot_be_changed(peer: Peer) -> None:
    x = np.zeros(2)
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        peer.fetch("change")(x)


def test_generators_are_stepped(peer: Peer) -> None:
    assert list(peer.fetch("numbers")()) == [0, 1.5, 3]
    endless = peer.fetch("forever")()
    assert [next(endless) for _ in range(5)] == [1] * 5
    endless.close()
    with pytest.raises(StopIteration):
        next(endless)
    assert sum(x for x, _ in zip(peer.fetch("forever")(), range(10), strict=False)) == 10


def test_the_tests_generators_are_stepped(peer: Peer) -> None:
    assert peer.fetch("apply")(list, (2 * i for i in range(3))) == [0, 2, 4]
    assert peer.fetch("apply")(sum, map(abs, [-1, 2])) == 3


def test_dictionaries_with_defaults_come_as_dictionaries(peer: Peer) -> None:
    assert peer.fetch("table")() == {"a": [1]}


def test_the_tests_own_instances_can_be_read_and_no_more(peer: Peer) -> None:
    thing = Thing()
    assert peer.fetch("read")(thing) == (3, 0, 3, [1, 2], 8, "x!")
    peek = peer.fetch("peek")
    for name in ("_secret", "__dict__", "__globals__", "__wrapped__"):
        with pytest.raises(AttributeError):
            peek(thing, name)
    assert peer.fetch("identity")(thing) is thing


def test_of_functions_of_the_test_nothing_can_be_read(peer: Peer) -> None:
    def secret() -> int:
        return 42

    with pytest.raises(AttributeError):
        peer.fetch("peek")(secret, "__wrapped__")
    assert peer.fetch("peek")(secret, "__name__") == "secret"
    assert peer.fetch("peek")(secret, "__module__") == "test"


def test_what_cannot_be_handed_over_says_so(peer: Peer) -> None:
    import threading

    from dlcourse.checks import Parts

    for value in (Parts(points=1), Parts(points=1).score, threading.Lock(), pytest, object()):
        with pytest.raises(TypeError, match="cannot be passed between a test and an answer"):
            peer.fetch("identity")(value)
    assert peer.gone is None


def test_too_much_at_once_is_an_error_of_the_cell_alone(peer: Peer) -> None:
    with pytest.raises(ValueError, match="too much to pass"):
        peer.fetch("identity")(np.zeros(9_000_000))
    with pytest.raises(ValueError, match="too much to pass"):
        peer.fetch("size")(9_000_000)
    assert peer.fetch("identity")(1) == 1


def test_another_thread_of_the_answer_cannot_speak(peer: Peer) -> None:
    (failure,) = peer.fetch("in_thread")(lambda: 1)
    assert "RuntimeError" in failure
    assert peer.fetch("identity")(1) == 1


def test_a_new_cell_forgets(peer: Peer) -> None:
    def callback() -> int:
        return 1

    sigmoid = peer.fetch("sigmoid")
    peer.fetch("later")(callback)
    assert peer.fetch("now")() == 1
    peer.new_cell()
    with pytest.raises(RuntimeError, match="earlier test cell"):
        sigmoid(1.0)
    with pytest.raises(RuntimeError, match="earlier test cell"):
        peer.fetch("now")()
    with pytest.raises(RuntimeError, match="earlier test cell"):
        peer.fetch("identity")(sigmoid)
    assert peer.fetch("sigmoid")(0.0) == 0.5


def test_a_process_that_ends(peer: Peer) -> None:
    leave, identity = peer.fetch("leave"), peer.fetch("identity")
    with pytest.raises(RemoteGone) as gone:
        leave()
    assert not gone.value.broken and peer.gone is gone.value
    with pytest.raises(RemoteGone):
        identity(1)
    with pytest.raises(RemoteGone):
        peer.new_cell()


def test_nothing_is_kept_for_longer_than_it_is_needed(peer: Peer) -> None:
    identity = peer.fetch("identity")
    for _ in range(200):
        identity(np.zeros(10))
        identity(lambda: 1)
    gc.collect()
    identity(1)
    identity(1)
    assert len(peer.table.given) < 5 and len(peer.table.received) < 5


def test_a_call_takes_less_than_a_millisecond(peer: Peer) -> None:
    sigmoid, x = peer.fetch("sigmoid"), np.zeros(10)
    times = []
    for _ in range(300):
        started = time.perf_counter()
        sigmoid(x)
        times.append(time.perf_counter() - started)
    assert np.median(times) < 1e-3  # 0.1 ms on an idle machine


def test_what_an_answer_changed_can_be_undone(peer: Peer) -> None:
    x, items, table, rng = np.zeros(2), [0, 1], {"old": 1}, np.random.default_rng(3)
    state = rng.bit_generator.state
    for _ in range(2):
        peer.fetch("change")(x, [0], {"old": 1}, rng=rng)
    peer.fetch("change")(x, items, table)
    assert x[0] == 3 and len(items) == 3 and table == {"new": items} and rng.bit_generator.state != state
    peer.undo_changes()
    assert x[0] == 0 and items == [0, 1] and table == {"old": 1} and rng.bit_generator.state == state
    peer.fetch("change")(x)
    assert x[0] == 1  # and the answer has been told
    peer.new_cell()
    peer.undo_changes()
    assert x[0] == 1


def test_texts_can_be_written_to_a_file(peer: Peer) -> None:
    assert peer.fetch("identity")("ü\ud800") == "ü?"
    with pytest.raises(ValueError, match=r"x\?"):
        peer.fetch("fail")("x\udfff")
