"""Arrays as a few words of JSON and their raw bytes; what arrives is checked before numpy is told of it.

numpy believes what it is told: a dtype string may name objects, a shape may overflow, a bool may hold a 2, a text a
character that does not exist. So each of these is looked at first.
"""

import math
import re
import sys
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.engine.wire import WireError

_DTYPE = re.compile(
    r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[SU][1-9]\d{0,6}|[mM]8(?:\[\d{0,6}[a-zA-Z]{1,7}\])?)"
)
_EXTENDED = ("bfloat16", "float8_e4m3fn", "float8_e5m2")
"""dtypes of the package ml_dtypes; numpy knows them by name only, once that package is loaded."""

MAX_AXES = 32
_MAX_LENGTH = 2**48
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)

Coded = list[Any]
"""A value as JSON: see `codec`."""


def dtype_name(dtype: np.dtype) -> str | None:
    """The name under which a dtype crosses, or None: objects, records and the like do not cross as bytes."""
    if dtype.name in _EXTENDED:
        return dtype.name
    return dtype.str if _DTYPE.fullmatch(dtype.str) and dtype.fields is None else None


def read_dtype(name: object) -> np.dtype:
    """The dtype of a name that arrived."""
    if not isinstance(name, str) or len(name) > 24:
        raise WireError("not a dtype")
    if name in _EXTENDED:
        module = sys.modules.get("ml_dtypes")
        if module is None:
            raise WireError(f"the dtype {name} is not known here")
        return np.dtype(getattr(module, name))
    if not _DTYPE.fullmatch(name):
        raise WireError("not a dtype that may cross")
    try:
        return np.dtype(name)
    except (TypeError, ValueError):
        raise WireError("not a dtype") from None


def content(array: np.ndarray) -> memoryview:
    """The bytes of an array, in C order, or in Fortran order if it is contiguous in that alone. Copies if need be."""
    return memoryview(array.ravel(order="A").view(np.uint8)) if array.size else memoryview(b"")


def order(array: np.ndarray) -> str:
    """In which order `content` has the items."""
    return "F" if array.flags.fnc else "C"


def checksum(array: np.ndarray) -> int:
    """Notices that an array has been changed. Not a defence: each side notices its own changes only."""
    return zlib.crc32(content(array))


def write(array: np.ndarray) -> tuple[Coded, memoryview]:
    """The words and the bytes of an array whose dtype has a name."""
    words = [dtype_name(array.dtype), list(array.shape), order(array), bool(array.flags.writeable)]
    return words, content(array)


def read(words: Coded, blob: bytearray) -> np.ndarray:
    """The array. It owns its memory, so that views of it keep it alive (see `shared`)."""
    name, shape, order_, writeable = words
    dtype = read_dtype(name)
    if not isinstance(shape, list) or len(shape) > MAX_AXES or order_ not in ("C", "F") or type(writeable) is not bool:
        raise WireError("not an array")
    if not all(type(length) is int and 0 <= length < _MAX_LENGTH for length in shape):
        raise WireError("not a shape")
    # Python's integers do not overflow. Empty axes count as 1 here, because numpy multiplies the others all the same.
    if math.prod(length or 1 for length in shape) >= _MAX_LENGTH or math.prod(shape) * dtype.itemsize != len(blob):
        raise WireError("the shape of an array does not fit its content")
    flat = np.frombuffer(blob, dtype) if blob else np.empty(0, dtype)
    _check(flat)
    array = np.empty(shape, dtype, order=order_)
    array[...] = flat.reshape(shape, order=order_)
    array.flags.writeable = writeable
    return array


def restorer(array: np.ndarray) -> Callable[[], None]:
    """A function that makes the array again as it is now."""
    before = array.copy()

    def restore() -> None:
        if array.flags.writeable:
            array[...] = before

    return restore


def _check(flat: np.ndarray) -> None:
    """Refuse bytes that are no value of their dtype: numpy's own functions disagree on what these are equal to."""
    if flat.dtype.kind == "b" and flat.size and flat.view(np.uint8).max() > 1:
        raise WireError("not a truth value")
    if flat.dtype.kind == "U" and flat.size:
        characters = flat.view(np.dtype(np.uint32).newbyteorder(flat.dtype.byteorder))
        first, last = _SURROGATES
        if characters.max() > _LAST_CHARACTER or np.any((characters >= first) & (characters <= last)):
            raise WireError("not a character")
