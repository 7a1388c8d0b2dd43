"""A student's process that says what it likes: the examiner believes no more than values, and never runs anything."""

import contextlib
import os
import random
import socket
import struct
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.engine import wire
from autograder.engine.handles import Handle
from autograder.engine.peer import Peer, RemoteGone
from tests.autograder.engine.link import MEGABYTE, liar, replying
from tests.autograder.engine.test_codec import WORDS

FUNCTION = ["handle", 1, "function", "f", "function"]


def hear(sock: socket.socket) -> Any:
    return wire.recv(sock, max_bytes=64 * MEGABYTE)[0]


def reply(
    sock: socket.socket, number: object, value: object, *, changes: Any = (), places: Any = (), gone: Any = ()
) -> None:
    wire.send(sock, ["reply", number, list(gone), list(changes), list(places), value])


def ask(
    sock: socket.socket, what: object, whose: object, operands: Any = (), number: object = 1, gone: Any = ()
) -> None:
    wire.send(sock, ["ask", number, list(gone), [], 1.0, what, whose, list(operands)])


def is_refused(
    speak: Callable[[socket.socket], None], use: Callable[[Peer], object] = lambda p: p.fetch("x")
) -> RemoteGone:
    """The examiner ends the link, and what it runs is still only its own."""
    loaded = set(sys.modules)
    with liar(speak) as peer:
        with pytest.raises(RemoteGone) as gone:
            use(peer)
        assert peer.gone is gone.value and set(sys.modules) == loaded
        with pytest.raises(RemoteGone):
            peer.fetch("y")
    return gone.value


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=200))
def test_random_bytes_end_the_link(data: bytes) -> None:
    is_refused(lambda sock: sock.sendall(data + bytes(16)))


@settings(deadline=None, max_examples=100)
@given(WORDS | st.text(max_size=5), st.lists(st.binary(max_size=20), max_size=2))
def test_random_messages_end_the_link(words: Any, blobs: list[bytes]) -> None:
    is_refused(lambda sock: wire.send(sock, words, blobs))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_truthful_replies_that_were_tampered_with(seed: int, count: int) -> None:
    """Values or the end, but no other error and no other object."""
    rng = random.Random(seed)
    truth = [
        "tuple",
        [True, ["list", [["array", 1, "<f8", [2], "C", True], 1.5, ["dict", [["a", ["mine", 1]]]], FUNCTION[:]]]],
    ]

    def spoil(words: Any) -> Any:
        if rng.random() < 0.1:
            return rng.choice(
                [None, True, -1, 0, 2**70, 1e400, "x", [], {}, ["place", 0], ["mine", 1], ["yours", 1], "list"]
            )
        if type(words) is list:
            return [spoil(word) for word in words][: rng.choice([None] * 9 + [-1])]
        return words

    def speak(sock: socket.socket) -> None:
        header = hear(sock)
        message = ["reply", header[1], [], [], [], truth]
        for _ in range(count):
            message = spoil(message)
        wire.send(sock, message, [bytes(16)])
        hear(sock)

    with liar(speak) as peer:
        try:
            value = peer.fetch("x")
        except (RemoteGone, NameError):
            return
        assert type(value) in (list, tuple, dict, int, float, str, bool, type(None), np.ndarray, Handle, set)


def test_the_wrong_number_ends_the_link() -> None:
    for number in (0, 2, "1", 1.5, None, [1]):
        gone = is_refused(lambda sock, number=number: (hear(sock), reply(sock, number, ["tuple", [True, 1]])))
        assert gone.broken


def test_a_reply_that_came_before_the_question_is_only_a_value() -> None:
    """Its process could have answered the same; no other question's answer can be forged with it."""
    with liar(
        lambda sock: (reply(sock, 1, ["tuple", [True, 1]]), reply(sock, 1, None), hear(sock), hear(sock))
    ) as peer:
        assert peer.fetch("x") == 1
        with pytest.raises(RemoteGone):
            peer.fetch("y")


@pytest.mark.parametrize(
    "message",
    [
        ["reply", 1],
        ["reply", 1, [], [], [], None, 0, 0],
        ["reply", 1, None, [], [], ["tuple", [True, 1]]],
        ["reply", 1, [1], [], [], ["tuple", [True, 1]]],
        ["reply", 1, [[]], [], [], ["tuple", [True, 1]]],
        ["reply", 1, [], [[True, 1, None]], [], ["tuple", [True, 1]]],
        ["reply", 1, [], [[False, 1, ["<f8", [1], "C", True]]], [], ["tuple", [True, 1]]],
        ["reply", 1, [], [], [[0, []]], ["tuple", [True, 1]]],
        ["reply", 1, [], [], [[-1, []]], ["tuple", [True, 1]]],
        ["reply", 1, [], [], [], ["tuple", [True]]],
        ["reply", 1, [], [], [], 3],
        ["raised", 1, [], [], [], ["E", "Exception", "", [], []]],
        ["raised", 1, [], [], [], ["E", "Exception", "", [], []], 0],
        ["raised", 1, [], [], [], ["E", "Exception", "", [], []], "0"],
        ["raised", 1, [], [], [], None, None],
        ["told", 1, [], [], [], None],
        {"reply": 1},
        "reply",
        None,
    ],
    ids=str,
)
def test_forged_replies_end_the_link(message: Any) -> None:
    is_refused(lambda sock: (hear(sock), wire.send(sock, message)))


@pytest.mark.parametrize(
    ("what", "whose", "operands"),
    [
        ("fetch", 0, ["x"]),
        ("reset", 0, []),
        ("call", 0, [["tuple", []], ["dict", []]]),
        ("call", 7, [["tuple", []], ["dict", []]]),
        ("call", True, [["tuple", []], ["dict", []]]),
        ("call", None, [["tuple", []], ["dict", []]]),
        ("eval", 1, ["1"]),
        (["call"], 1, []),
        ("call", 1, [["other", "library", "os", "system"]]),
        ("call", 1, [["yours", 9], ["dict", []]]),
        ("call", 1, 5),
    ],
    ids=str,
)
def test_questions_that_nobody_may_ask_end_the_link(what: Any, whose: Any, operands: Any) -> None:
    def speak(sock: socket.socket) -> None:
        number = hear(sock)[1]
        reply(sock, number, ["tuple", [True, FUNCTION]])
        hear(sock)
        wire.send(sock, ["ask", 1, [], [], 1.0, what, whose, operands])
        hear(sock)

    called: list[Any] = []
    is_refused(speak, lambda peer: peer.fetch("f")(lambda *args: called.append(args)))
    assert not called


class Secretive:
    """A test's own object."""

    shown = 1

    def __init__(self) -> None:
        self._answer = 42


@pytest.mark.parametrize(
    ("what", "operands"),
    [
        ("getattr", ["__globals__"]),
        ("getattr", ["__code__"]),
        ("getattr", ["__self__"]),
        ("getattr", ["__class__"]),
        ("getattr", ["_answer"]),
        ("getattr", [["list", []]]),
        ("getattr", [["bytes"]]),
        ("getattr", ["shown", 1]),
        ("setattr", ["shown", 2]),
        ("delattr", ["shown"]),
        ("repr", []),
        ("str", []),
        ("float", []),
        ("array", []),
        ("add", [1]),
        ("enter", []),
        ("exit", [None]),
        ("delitem", [0]),
    ],
    ids=str,
)
def test_what_a_test_hands_over_shows_nothing_else(what: str, operands: list[Any]) -> None:
    answers: list[Any] = []

    def speak(sock: socket.socket) -> None:
        reply(sock, hear(sock)[1], ["tuple", [True, FUNCTION]])
        number, whose = (header := hear(sock))[1], header[7][0][1][0][1]
        ask(sock, what, whose, operands)
        answers.append(hear(sock))
        reply(sock, number, 5)

    for value in (Secretive(), lambda: 1):
        with liar(speak) as peer:
            try:
                assert peer.fetch("f")(value) == 5
                assert answers[-1][0] == "raised" and "42" not in str(answers[-1])
            except RemoteGone:
                pass
    assert Secretive.shown == 1


def test_endless_callbacks_end() -> None:
    depth = []

    def speak(sock: socket.socket) -> None:
        reply(sock, hear(sock)[1], ["tuple", [True, FUNCTION]])
        header = hear(sock)
        whose = header[7][0][1][0][1]
        number = 0
        while True:  # each call is answered by a call
            number += 1
            ask(sock, "call", whose, [["tuple", []], ["dict", []]], number=number)
            if (header := hear(sock))[0] == "raised":
                return

    with liar(speak) as peer:
        function = peer.fetch("f")

        def callback() -> object:
            depth.append(1)
            return function(callback)

        with pytest.raises((RecursionError, RemoteGone)):
            function(callback)
    assert 10 < len(depth) < 60


def test_endless_calls_of_a_callback_are_only_slow() -> None:
    def speak(sock: socket.socket) -> None:
        reply(sock, hear(sock)[1], ["tuple", [True, FUNCTION]])
        header = hear(sock)
        for number in range(2000):
            ask(sock, "call", header[7][0][1][0][1], [["tuple", []], ["dict", []]], number=number)
            assert hear(sock)[0] == "raised"
        reply(sock, header[1], 1)

    def fail() -> None:
        raise ValueError

    with liar(speak) as peer:
        assert peer.fetch("f")(fail) == 1
        assert len(peer._raised) == 0


@pytest.mark.parametrize(
    ("change", "blob"),
    [
        ([False, 1, ["<f8", [3], "C", True]], bytes(24)),
        ([False, 1, ["<f4", [2], "C", True]], bytes(8)),
        ([False, 1, ["<f8", [1, 2], "C", True]], bytes(16)),
        ([False, 1, ["|O", [2], "C", True]], bytes(16)),
        ([False, 2, ["<f8", [2], "C", True]], bytes(16)),
        ([True, 1, ["<f8", [2], "C", True]], bytes(16)),
        ([False, "1", ["<f8", [2], "C", True]], bytes(16)),
        ([1, 1, ["<f8", [2], "C", True]], bytes(16)),
    ],
    ids=str,
)
def test_dishonest_changes_end_the_link(change: Any, blob: bytes) -> None:
    def speak(sock: socket.socket) -> None:
        reply(sock, hear(sock)[1], ["tuple", [True, ["handle", 9, "function", "f", "function"]]])
        number = hear(sock)[1]
        wire.send(sock, ["reply", number, [], [change], [], None], [blob])

    array = np.ones(2)
    is_refused(speak, lambda peer: peer.fetch("f")(array))
    assert np.array_equal(array, [1, 1])


def test_read_only_arrays_are_not_changed() -> None:
    def speak(sock: socket.socket) -> None:
        reply(sock, hear(sock)[1], ["tuple", [True, FUNCTION]])
        number = hear(sock)[1]
        wire.send(sock, ["reply", number, [], [[False, 1, ["<f8", [2], "C", True]]], [], None], [bytes(16)])

    array = np.ones(2)
    array.flags.writeable = False
    is_refused(speak, lambda peer: peer.fetch("f")(array))
    assert np.array_equal(array, [1, 1])


@pytest.mark.parametrize(
    "places",
    [
        [[0, [["place", 0]]]],
        [[0, [["place", 1]]], [1, [["place", 0]]]],
        [[0, [["place", 1]] * 1000], [1, [["place", 2]] * 1000], [2, [["place", 3]] * 1000], [3, ["x"] * 1000]],
        [[0, []], [0, []]],
        [[5, []]],
        [[0, None]],
        [[0, "ab"]],
    ],
)
def test_dishonest_contents_of_containers_end_the_link(places: Any) -> None:
    def speak(sock: socket.socket) -> None:
        reply(sock, hear(sock)[1], ["tuple", [True, FUNCTION]])
        wire.send(sock, ["reply", hear(sock)[1], [], [], places, None])

    lists: list[list[int]] = [[], [1], [2], [3]]
    use = lambda peer: peer.fetch("f")(*lists[1:], lists[0])  # noqa: E731
    if places == [[0, "ab"]]:
        with liar(speak) as peer:
            use(peer)
        assert lists[1] == ["a", "b"]
        return
    is_refused(speak, use)
    assert lists == [[], [1], [2], [3]]


def test_a_few_words_are_never_a_huge_array() -> None:
    words: Any = ["list", [1.0] * 10]
    for number in range(9):
        words = ["list", [words, *([["place", 9 - number]] * 9)]]
    tracemalloc.start()
    try:
        is_refused(replying(words))
        array = ["array", 1, "<f8", [2**20], "C", True]
        is_refused(replying(["list", [array, *([["mine", 1]] * 1000)]], blobs=[bytes(8 * 2**20)]))
        assert tracemalloc.get_traced_memory()[1] < 100 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_what_is_announced_and_never_sent_costs_little() -> None:
    head = wire.PREFIX.pack(2, 1, 60 * MEGABYTE) + struct.pack(">Q", 60 * MEGABYTE) + b"[]"
    assert not is_refused(lambda sock: (hear(sock), sock.sendall(head))).broken
    assert is_refused(lambda sock: (hear(sock), sock.sendall(wire.PREFIX.pack(2, 1, 65 * MEGABYTE)))).broken


def test_a_handle_is_never_anything_else() -> None:
    for sort in ("module", "function", "object", None, ["module"]):
        for name in ("os", "sys", "builtins", "autograder", "subprocess", "numpy.testing", 3, None):
            with liar(replying(["handle", 1, "module", name, sort])) as peer:
                assert type(peer.fetch("x")) is Handle
    with liar(replying(["handle", 1, "int", "__class__", "object"])) as peer:
        handle = peer.fetch("x")
        assert handle != 1 and handle not in [0, 1] and not isinstance(handle, int) and type(handle) is Handle
    is_refused(replying(["handle", 0, "x", None, "object"]))
    is_refused(replying(["handle", "1", "x", None, "object"]))
    is_refused(
        replying(["tuple", [["array", 1, "<f8", [1], "C", True], ["handle", 1, "x", None, "object"]]], blobs=[bytes(8)])
    )


@pytest.mark.parametrize(
    ("use", "lie"),
    [
        (float, "nan"),
        (float, ["list", []]),
        (int, 2.5),
        (len, -1),
        (len, 10**18),
        (len, True),
        (len, 2.0),
        (bool, 1),
        (bool, None),
        (complex, "x"),
        (np.asarray, 5),
        (np.asarray, ["list", [1, 2]]),
        (np.asarray, ["objects", [1], [1]]),
        (lambda h: [1, 2, 3][h], 1.0),
        (iter, 5),
        (next, 5),
        (next, ["list", [True]]),
        (next, ["tuple", [True]]),
        (lambda h: h + 1, 5),
        (abs, 0.0),
    ],
)
def test_results_of_another_type_are_errors(use: Callable[[Any], object], lie: Any) -> None:
    with liar(replying(["handle", 1, "x", None, "object"], lie)) as peer:
        handle = peer.fetch("x")
        with pytest.raises((TypeError, ValueError, OverflowError)):
            use(handle)


def test_texts_are_bounded() -> None:
    with liar(replying(["handle", 1, "x" * 10**6, "y" * 10**6, "function"], "z" * 10**6)) as peer:
        handle = peer.fetch("x")
        assert len(str(handle)) == 100_000 and len(handle.__name__) == 60


def test_nothing_of_the_environment_crosses(tmp_path: Any) -> None:
    """A file that would be there if anything that arrived were ever run."""
    marker = tmp_path / "ran"
    payload = f"__import__('os').system('touch {marker}')"
    for words in (
        payload,
        ["data", "dlcourse.data", "Dataset", [["name", payload]]],
        ["other", "part", 1, "x", {"class_name": "__lambda__", "config": {"value": payload}}],
        ["other", "module", "os"],
        ["bytes"],
    ):
        pickled = [b"cos\nsystem\n(S'touch x'\ntR."] if words == ["bytes"] else []
        with liar(replying(words, blobs=pickled)) as peer, contextlib.suppress(RemoteGone):
            str(peer.fetch("x"))
    assert not marker.exists() and "touch" not in os.environ.get("PATH", "")
