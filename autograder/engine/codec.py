"""Values as JSON and raw bytes, and back.

None, truth values, texts and numbers that JSON knows stand for themselves. All other values are lists that begin with
the name of their kind: `["tuple", [1, 2]]`. Bytes of arrays travel beside the JSON, each used exactly once, in the
order in which the values stand. JSON objects occur inside Keras configurations only.

Lists, dictionaries and their like are also *places*: both sides number them in the order in which they stand in a
request and its reply. So a list that is passed twice arrives as one list, one that is returned is the caller's own, and
what a function changed in its arguments can be written back.

A reader that does not trust the other side raises WireError for whatever a truthful writer would not have written. It
builds nothing larger than what arrived, apart from objects that are there already and are referred to again, which
`containers.weigh` bounds.
"""

import collections
import dataclasses
import re
import sys
import types
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from autograder.engine import arrays, generators, names
from autograder.engine.containers import PLACES, fill
from autograder.engine.shared import MAX_RECEIVED, Entry, Kind, Table
from autograder.engine.wire import WireError, clean_text

MAX_DEPTH = 100
"""How deeply values may be nested."""
MAX_INT_DIGITS = 8400
"""Hexadecimal digits of an integer: somewhat more than ten thousand decimal ones."""
MAX_RANGE = 1_000_000
"""Items of a range. A longer one would be a small message that becomes a huge array."""

Coded = Any


class Side(Protocol):
    """What only a side as a whole knows how to do."""

    trusted: bool
    """Whether what arrives may be believed."""
    table: Table

    def write_other(self, value: object, encoder: "Encoder") -> Coded:
        """Code what is no plain value, or raise TypeError."""

    def read_handle(self, decoder: "Decoder", number: Any, type_name: Any, name: Any, sort: Any) -> object:
        """The counterpart of an object that stays on the other side."""

    def read_other(self, decoder: "Decoder", *words: Any) -> object:
        """What `write_other` wrote of tensors, models, and library functions."""


class Encoder:
    """Codes the values of one message."""

    def __init__(self, side: Side, places: list[Any]):
        self.side = side
        self.places = places
        self.blobs: list[bytes | bytearray | memoryview] = []
        self.given: list[Entry] = []
        self._numbers = {id(place): number for number, place in enumerate(places)}
        self._open: set[int] = set()
        self._depth = 0

    def encode(self, value: object) -> Coded:
        """Code one value. Raises TypeError if it cannot cross, ValueError if it is nested too deeply."""
        kind = type(value)
        if value is None or kind is bool or kind is str or kind is float:
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**63 else _write_int(value)  # type: ignore[operator]
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise ValueError(f"values nested more than {MAX_DEPTH} deep cannot be passed")
            if kind in PLACES:
                return self._place(value)
            write = _WRITERS.get(kind)
            return write(self, value) if write is not None else self._other(value)
        finally:
            self._depth -= 1

    def contents(self, value: Any) -> Coded:
        """What a place holds, without the place itself."""
        kind = type(value)
        if kind is bytearray:
            self.blobs.append(bytes(value))
            return None
        if isinstance(value, dict):
            return [[self.encode(key), self.encode(item)] for key, item in list(value.items())]
        return [self.encode(item) for item in list(value)]

    def _place(self, value: Any) -> Coded:
        number = self._numbers.get(id(value))
        if number is not None:
            if id(value) in self._open and self.side.trusted:
                raise ValueError("a container that contains itself cannot be passed from an answer to a test")
            return ["place", number]
        self._numbers[id(value)] = len(self.places)
        self.places.append(value)
        self._open.add(id(value))
        coded = [type(value).__name__, self.contents(value)]
        if type(value) is collections.deque:
            coded.append(value.maxlen)
        self._open.discard(id(value))
        return coded

    def known(self, value: object) -> Coded | None:
        """How to refer to an object that both sides know, if they do."""
        entry = self.side.table.find(value)
        if entry is None:
            return None
        if entry.given and entry.kind is None:  # a handle is described anew: its counterpart may be gone
            return None
        return ["mine" if entry.given else "yours", entry.number]

    def give(self, value: object, kind: Kind | None = None, uses: frozenset[str] | None = None) -> int:
        """The number of an object of this side."""
        entry = self.side.table.find(value)
        if entry is None or not entry.given:
            entry = self.side.table.give(value, kind, uses)
            self.given.append(entry)
        return entry.number

    def undo(self) -> None:
        """The message has not been sent: the other side knows nothing of it."""
        for entry in self.given:
            if self.side.table.given.get(entry.number) is entry:
                self.side.table.release(entry)
        self.given = []

    def array(self, value: np.ndarray) -> Coded:
        """The content of an array, not kept in step."""
        words, blob = arrays.write(value)
        self.blobs.append(blob)
        return words

    def _other(self, value: Any) -> Coded:
        known = self.known(value)
        if known is not None:
            return known
        kind = type(value)
        if kind is np.ndarray:
            return self._array(value)
        if issubclass(kind, np.generic) and kind is value.dtype.type and value.dtype.kind in "biufcSUmMV":
            # numpy has empty texts of no bytes at all, but no arrays of them.
            array = np.array(value, value.dtype if value.dtype.itemsize else f"{value.dtype.kind}1")
            if name := arrays.dtype_name(array.dtype):
                return ["scalar", name, array.tobytes().hex()]
        if isinstance(value, np.dtype) and (name := arrays.dtype_name(value)):
            return ["dtype", name]
        if issubclass(kind, np.ndarray):
            masked = sys.modules.get("numpy.ma")  # which numpy imports no earlier than it is needed
            is_masked = masked is not None and issubclass(kind, masked.MaskedArray)
            return self._plain_array(value.filled() if is_masked else np.asarray(value))
        if issubclass(kind, type) and (name := names.type_name(value)):
            return ["type", name]
        if generators.is_generator(value):
            return ["generator", self.give(value, GENERATOR), generators.write(value, self)]
        if kind.__module__.partition(".")[0] == "dlcourse" and dataclasses.is_dataclass(kind):
            fields = [[field.name, self.encode(getattr(value, field.name))] for field in dataclasses.fields(kind)]
            return ["data", kind.__module__, kind.__name__, fields]
        return self.side.write_other(value, self)

    def _array(self, value: np.ndarray) -> Coded:
        if value.dtype == object:
            return ["objects", list(value.shape), [self.encode(item) for item in value.flat]]
        if arrays.dtype_name(value.dtype) is None:
            return self.side.write_other(value, self)
        words = self.array(value)
        return ["array", self.give(value, ARRAY), *words]

    def _plain_array(self, value: np.ndarray) -> Coded:
        if arrays.dtype_name(value.dtype) is None:
            raise TypeError(f"an array of dtype {value.dtype} cannot be passed between an answer and a test")
        return ["array", None, *self.array(value)]


def _write_int(value: int) -> Coded:
    text = f"{value:x}"
    if len(text) > MAX_INT_DIGITS:
        raise ValueError(f"an integer of more than {MAX_INT_DIGITS * 6 // 5} digits cannot be passed")
    return ["int", text]


def _write_bytes(encoder: Encoder, value: bytes) -> Coded:
    encoder.blobs.append(value)
    return ["bytes"]


def _write_range(encoder: Encoder, value: range) -> Coded:
    if len(value) > MAX_RANGE and encoder.side.trusted:
        raise ValueError(f"a range of more than {MAX_RANGE:,} items cannot be passed from an answer to a test")
    return ["range", *(encoder.encode(part) for part in (value.start, value.stop, value.step))]


_WRITERS: dict[type, Callable[[Encoder, Any], Coded]] = {
    tuple: lambda encoder, value: ["tuple", [encoder.encode(item) for item in value]],
    frozenset: lambda encoder, value: ["frozenset", [encoder.encode(item) for item in value]],
    complex: lambda encoder, value: ["complex", value.real, value.imag],
    bytes: _write_bytes,
    range: _write_range,
    slice: lambda encoder, value: ["slice", *map(encoder.encode, (value.start, value.stop, value.step))],
    type(...): lambda encoder, value: ["ellipsis"],
    types.NotImplementedType: lambda encoder, value: ["notimplemented"],
    collections.defaultdict: lambda encoder, value: ["dict", encoder.contents(value)],
}


class Decoder:
    """Reads the values of one message."""

    def __init__(self, side: Side, blobs: list[bytearray], places: list[Any]):
        self.side = side
        self.places = places
        self.referred = False
        """Whether anything stands in this message more than once, or was there before."""
        self.n_built = 0
        """How many objects of Keras have been built of this message."""
        self._blobs = iter(blobs)
        self._unfinished: set[int] = set()
        self._depth = 0

    def decode(self, coded: Coded) -> Any:
        """Read one value. Whatever is wrong with it raises WireError."""
        if type(coded) is not list:
            if type(coded) is dict:
                raise WireError("not a value")
            return clean_text(coded) if type(coded) is str and not self.side.trusted else coded
        self._depth += 1
        if self._depth > MAX_DEPTH + 1:
            raise WireError("values are nested too deeply")
        try:
            value = _READERS[coded[0]](self, *coded[1:])
        except WireError:
            raise
        except Exception as error:  # all that hostile words can raise on the way: wrong arity, type, key, …
            raise WireError(f"not a value: {type(error).__name__}") from error
        self._depth -= 1
        return value

    def finish(self) -> None:
        """All has been read; anything left over is not a truthful message."""
        if next(self._blobs, None) is not None:
            raise WireError("a message with bytes that belong to nothing")

    def blob(self) -> bytearray:
        """The next bytes."""
        blob = next(self._blobs, None)
        if blob is None:
            raise WireError("a message that lacks bytes")
        return blob

    def array(self, words: list[Any]) -> np.ndarray:
        """The content of an array, not kept in step."""
        return arrays.read(words, self.blob())

    def contents(self, kind: type, coded: Coded) -> Any:
        """What a place of this kind holds, for `fill`."""
        if kind is bytearray:
            return self.blob()
        if issubclass(kind, dict):
            return {self.decode(key): self.decode(item) for key, item in coded}
        return [self.decode(item) for item in coded]

    def receive(self, number: object, value: Any, kind: Kind | None = None) -> Any:
        """Remember what the other side has given a number."""
        table = self.side.table
        if type(number) is not int or number in table.received or number < 1 or len(table.received) >= MAX_RECEIVED:
            raise WireError("an object that is known already, or one too many")
        table.receive(number, value, kind)
        return value

    def yours(self, number: object) -> Any:
        """What this side has given to the other."""
        entry = self.side.table.given.get(number) if type(number) is int else None
        if entry is None:
            raise WireError("an object that was never given")
        self.referred = True
        return entry.value()

    def mine(self, number: object) -> Any:
        """The counterpart of what the other side has given."""
        entry = self.side.table.received.get(number) if type(number) is int else None
        value = None if entry is None else entry.value()
        if value is None:
            raise WireError("an object that is not known")
        self.referred = True
        return value

    def place(self, number: object) -> Any:
        """A container that stands in this exchange already."""
        if type(number) is not int or not 0 <= number < len(self.places) or number in self._unfinished:
            raise WireError("a container that is not known")
        self.referred = True
        return self.places[number]

    def _container(self, kind: type, coded: Coded, *rest: Any) -> Any:
        number = len(self.places)
        value = collections.deque(maxlen=_length(rest[0])) if kind is collections.deque else kind()
        self.places.append(value)
        if not self.side.trusted:
            self._unfinished.add(number)
        fill(value, self.contents(kind, coded))
        self._unfinished.discard(number)
        return value

    def _objects(self, shape: list[int], items: list[Coded]) -> np.ndarray:
        if not all(type(length) is int and length >= 0 for length in shape) or len(shape) > arrays.MAX_AXES:
            raise WireError("not a shape")
        flat = np.empty(len(items), object)
        for index, item in enumerate(items):
            flat[index] = self.decode(item)
        return flat.reshape(shape)

    def _array(self, number: int | None, *words: Any) -> np.ndarray:
        value = self.array(list(words))
        return value if number is None else self.receive(number, value, ARRAY)

    def _scalar(self, name: str, text: str) -> np.generic:
        return arrays.read([name, [], "C", True], bytearray.fromhex(text))[()]

    def _data(self, module: str, name: str, fields: list[Any]) -> object:
        """A dataclass of the course, without running any of its code: the class must be there already."""
        known = re.fullmatch(r"dlcourse(\.\w+)*", module) and not module.startswith("dlcourse.checks")
        found = sys.modules.get(module) if known else None
        kind = vars(found).get(name) if found is not None else None
        if not isinstance(kind, type) or not dataclasses.is_dataclass(kind) or kind.__module__ != module:
            raise WireError("not a dataclass of the course")
        if [field for field, _ in fields] != [field.name for field in dataclasses.fields(kind)]:
            raise WireError("not the fields of that dataclass")
        value = object.__new__(kind)
        for field, item in fields:
            object.__setattr__(value, field, self.decode(item))
        return value


def _length(value: object) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise WireError("not a length")
    return value


def _read_int(decoder: Decoder, text: str) -> int:
    if not re.fullmatch(rf"-?[0-9a-f]{{1,{MAX_INT_DIGITS}}}", text):
        raise WireError("not an integer")
    return int(text, 16)


def _read_range(decoder: Decoder, start: Coded, stop: Coded, step: Coded) -> range:
    value = range(decoder.decode(start), decoder.decode(stop), decoder.decode(step))
    if not decoder.side.trusted and value[MAX_RANGE:]:
        raise WireError("a range that is too long")
    return value


def _read_complex(decoder: Decoder, real: float, imaginary: float) -> complex:
    if type(real) is not float or type(imaginary) is not float:
        raise WireError("not a complex number")
    return complex(real, imaginary)


_READERS: dict[str, Callable[..., Any]] = {
    **{kind.__name__: lambda d, *words, kind=kind: d._container(kind, *words) for kind in PLACES},
    "int": _read_int,
    "tuple": lambda d, items: tuple([d.decode(item) for item in items]),
    "frozenset": lambda d, items: frozenset([d.decode(item) for item in items]),
    "complex": _read_complex,
    "bytes": lambda d: bytes(d.blob()),
    "range": _read_range,
    "slice": lambda d, start, stop, step: slice(d.decode(start), d.decode(stop), d.decode(step)),
    "ellipsis": lambda d: ...,
    "notimplemented": lambda d: NotImplemented,
    "place": Decoder.place,
    "mine": Decoder.mine,
    "yours": Decoder.yours,
    "array": Decoder._array,
    "objects": Decoder._objects,
    "scalar": Decoder._scalar,
    "dtype": lambda d, name: arrays.read_dtype(name),
    "type": lambda d, name: names.read_type(name),
    "data": Decoder._data,
    "generator": lambda d, number, words: d.receive(number, generators.read(words, d), GENERATOR),
    "handle": lambda d, *words: d.side.read_handle(d, *words),
    "other": lambda d, *words: d.side.read_other(d, *words),
}


def _update_array(value: np.ndarray, words: Any, decoder: Decoder) -> None:
    new = decoder.array(words)
    if new.shape != value.shape or new.dtype != value.dtype or not value.flags.writeable:
        raise WireError("an array that is changed into another")
    value[...] = new


ARRAY = Kind(arrays.checksum, lambda value, encoder: encoder.array(value), _update_array, arrays.restorer)
GENERATOR = Kind(generators.mark, generators.write, generators.update, generators.restorer)
