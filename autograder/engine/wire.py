"""Frames on a socket: a JSON header and raw bytes, both bounded before anything is allocated or parsed.

    16 bytes      length of the header, number of blobs, their lengths together (big-endian, 4 + 4 + 8)
    8 bytes each  the length of each blob
    header        JSON in ASCII; NaN and the infinities are allowed
    blobs

Whoever is at the other end may be hostile. Nothing here, and nothing above it, unpickles or evaluates what it reads.
"""

import itertools
import json
import re
import socket
import struct
from collections.abc import Sequence
from typing import Any

PREFIX = struct.Struct(">IIQ")

MAX_HEADER = 16 * 2**20
"""Bytes of JSON. A byte of JSON becomes up to twenty of Python objects, so it has a bound of its own."""
MAX_BLOBS = 100_000
MAX_DEPTH = 400
"""How deeply the brackets of the JSON may be nested: below what would overflow the parser's stack."""
MAX_BRACKETS = 2_000_000

_JOIN_BELOW = 2**16
"""A frame below this many bytes leaves in one piece, because a second system call costs more than a copy."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # possessive: linear in time whatever stands there
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class WireError(Exception):
    """What arrived is not a frame that can be accepted: malformed, too large, or nested too deeply."""


def send(sock: socket.socket, header: object, blobs: Sequence[bytes | bytearray | memoryview] = ()) -> None:
    """Send one frame. Raises ValueError or TypeError, before a byte has left, if `header` is not JSON."""
    push(sock, pack(header, blobs))


def pack(
    header: object, blobs: Sequence[bytes | bytearray | memoryview] = (), *, max_bytes: int | None = None
) -> list[bytes | bytearray | memoryview]:
    """Make a frame ready to `push`. Raises ValueError if it is larger than the other end accepts."""
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    sizes = [len(blob) for blob in blobs]
    total = sum(sizes)
    if len(text) > MAX_HEADER or len(sizes) > MAX_BLOBS or (max_bytes is not None and len(text) + total > max_bytes):
        limit = MAX_HEADER if max_bytes is None else max_bytes
        raise ValueError(
            f"{(len(text) + total) / 2**20:,.1f} MB are too much to pass between an answer and a test at once; the "
            f"limit is {limit / 2**20:,.0f} MB, {MAX_HEADER / 2**20:,.0f} MB of it outside arrays, {MAX_BLOBS:,} arrays"
        )
    head = PREFIX.pack(len(text), len(sizes), total) + struct.pack(f">{len(sizes)}Q", *sizes) + text
    return [b"".join((head, *blobs))] if total < _JOIN_BELOW else [head, *blobs]


def push(sock: socket.socket, frame: Sequence[bytes | bytearray | memoryview]) -> None:
    """Send what `pack` made."""
    for part in frame:
        sock.sendall(part)


def recv(sock: socket.socket, *, max_bytes: int) -> tuple[Any, list[bytearray]]:
    """Read one frame of at most `max_bytes`: its header and its blobs.

    Raises EOFError if the peer has closed, WireError if the frame is malformed or too large. After a WireError the
    place of the next frame is unknown: the connection is of no more use.
    """
    length, count, total = PREFIX.unpack(_exactly(sock, PREFIX.size))
    if length > MAX_HEADER or count > MAX_BLOBS or length + total > max_bytes:
        raise WireError(f"a message of {length + total:,} bytes in {count:,} parts is too large")
    sizes = struct.unpack(f">{count}Q", _exactly(sock, 8 * count)) if count else ()
    if sum(sizes) != total:
        raise WireError("the parts of a message do not add up to its length")
    header = _parse(_exactly(sock, length))
    return header, [_exactly(sock, size) for size in sizes]


def clean_text(text: str) -> str:
    """A text that can be written to a file: JSON may hold halves of characters, which no encoding has."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _exactly(sock: socket.socket, size: int) -> bytearray:
    """Read `size` bytes."""
    data = bytearray(size)
    view, done = memoryview(data), 0
    while done < size:
        read = sock.recv_into(view[done:])
        if read == 0:
            raise EOFError("the other process has closed the connection")
        done += read
    return data


def _parse(text: bytearray) -> Any:
    """Parse a header whose nesting has been bounded first: the parser itself would recurse as deep as it is told."""
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH:
        brackets = _STRING.sub(b"", text).translate(None, _NOT_BRACKETS)
        if len(brackets) > 2 * MAX_BRACKETS:
            raise WireError("a message holds too many lists")
        if max(itertools.accumulate(map(_STEP.__getitem__, brackets)), default=0) > MAX_DEPTH:
            raise WireError("a message is nested too deeply")
    try:
        return json.loads(text.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"a message is not JSON: {type(error).__name__}") from None
