"""Frames: what is sent arrives, and what is no frame is refused before it costs anything."""

import json
import math
import socket
import struct
import threading
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.engine import wire

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


def received(data: bytes, *, max_bytes: int = 2**20) -> Any:
    """What `recv` makes of these bytes, after which the connection is closed."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = threading.Thread(target=lambda: (theirs.sendall(data), theirs.shutdown(socket.SHUT_WR)))
        writer.start()
        try:
            return wire.recv(ours, max_bytes=max_bytes)
        finally:
            ours.close()
            writer.join()


def frame(text: bytes, *blobs: bytes) -> bytes:
    sizes = [len(blob) for blob in blobs]
    return (
        wire.PREFIX.pack(len(text), len(sizes), sum(sizes))
        + struct.pack(f">{len(sizes)}Q", *sizes)
        + text
        + b"".join(blobs)
    )


@given(JSON, st.lists(st.binary(max_size=2000), max_size=5))
def test_what_is_sent_arrives(header: Any, blobs: list[bytes]) -> None:
    assert received(b"".join(bytes(part) for part in wire.pack(header, blobs))) == (header, blobs)


def test_large_frames_arrive() -> None:
    blobs = [bytes(200_000), b"", b"x" * 70_000]
    data = b"".join(bytes(part) for part in wire.pack(["large"], blobs))
    assert received(data) == (["large"], blobs)


def test_numbers_beyond_the_finite_arrive() -> None:
    (a, b, c), _ = received(frame(b"[NaN, Infinity, -Infinity]"))
    assert math.isnan(a) and (b, c) == (math.inf, -math.inf)


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises((wire.WireError, EOFError)):
        received(data + b"\xff" * 16)


@pytest.mark.parametrize(
    "data",
    [
        wire.PREFIX.pack(2**32 - 1, 0, 0),
        wire.PREFIX.pack(2, 2**32 - 1, 0),
        wire.PREFIX.pack(2, 1, 2**63),
        wire.PREFIX.pack(2, 1, 10) + struct.pack(">Q", 2**63) + b"[]",
        wire.PREFIX.pack(2, 2, 10) + struct.pack(">QQ", 2**64 - 1, 11) + b"[]",
        wire.PREFIX.pack(2, 1, 2**20) + struct.pack(">Q", 2**20) + b"[]",
    ],
    ids=["header", "blobs", "total", "one blob", "overflow", "limit"],
)
def test_what_is_too_large_is_refused_before_it_is_allocated(data: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(wire.WireError):
            received(data)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 500 + b"]" * 500, b'["' + b'\\"[' * 9, b"[1] 2"]
)
def test_what_is_nested_too_deeply_or_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(wire.WireError):
        received(frame(text))


def test_brackets_in_texts_are_only_text() -> None:
    text = '"' * 3 + "[{\\" * 10_000
    assert received(frame(json.dumps([text, [[1]]]).encode()))[0] == [text, [[1]]]


def test_looking_for_brackets_takes_no_time_whatever_stands_there() -> None:
    started = time.perf_counter()
    with pytest.raises(wire.WireError):
        received(frame(b"[" * 1000 + b'"' + b'\\"' * 400_000), max_bytes=2**24)
    assert time.perf_counter() - started < 2


def test_bytes_that_are_no_ascii_are_refused() -> None:
    with pytest.raises(wire.WireError):
        received(frame('"ü"'.encode()))


def test_integers_of_many_digits_are_refused() -> None:
    with pytest.raises(wire.WireError):
        received(frame(b"1" * 100_000))


def test_a_frame_that_the_other_end_would_refuse_is_not_sent() -> None:
    with pytest.raises(ValueError, match="limit"):
        wire.pack([], [bytes(1000)], max_bytes=1000)


def test_a_peer_that_has_closed() -> None:
    with pytest.raises(EOFError):
        received(frame(b"[]", b"12345")[:-2])
