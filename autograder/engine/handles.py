"""Handles: what a test has of an object that stays in the student's process, and what it can do with it.

A handle is equal to itself only and has no order: a comparison is never left to the student's code. Nor is the result
of an operator: `answer - expected` would hand the expected value over and believe whatever comes back. So an operator
gives another of the student's objects or an error, never a number; and what an operator gave, called *derived*, cannot
be turned into numbers but by naming an attribute of it that no array has: `(a * b).data` for a student's own number
class works, `abs(answer - expected) < 1e-9` does not. `in` goes through the items and compares here.
"""

import operator
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from autograder.engine.exceptions import sanitised

MAX_LENGTH = 10**8
"""What `len` may claim: `list()` reserves as much."""
MAX_TEXT = 100_000

_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "divmod")
_BINARY += ("and", "or", "xor", "lshift", "rshift")
_UNARY = ("neg", "pos", "abs", "invert")
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "and": operator.and_,
    "or": operator.or_,
    "divmod": divmod,
    **{name: getattr(operator, name) for name in [*_BINARY, *_UNARY] if name not in ("and", "or", "divmod")},
}


class Link(Protocol):
    """What carries out what is done with a handle."""

    def operate(self, state: "State", what: str, *operands: object) -> Any: ...


class State:
    """What is known of the object behind a handle: all claims of the other side, cleaned."""

    __slots__ = ("derived", "link", "name", "number", "table", "type_name")

    def __init__(self, link: Link, table: object, number: int, type_name: object, name: object):
        self.link = link
        self.table = table
        self.number = number
        self.type_name = sanitised(type_name)
        self.name = sanitised(name, otherwise="") or None
        self.derived = False


class Handle:
    """An object of the other process."""

    __slots__ = ("__state", "__weakref__")
    __array_priority__ = 1000.0  # array + handle is the handle's to answer, not the array's item by item

    def __init__(self, state: State):
        object.__setattr__(self, "_Handle__state", state)

    # Identity: never asked of the other side.

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __lt__(self, other: object) -> bool:
        raise TypeError(f"an object of the answer's type {_type(self)} cannot be compared by order with a test's value")

    __le__ = __gt__ = __ge__ = __lt__

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"an object of the answer's type {_type(self)} cannot be copied or pickled in a test")

    # Attributes, items, calls.

    def __getattr__(self, name: str) -> Any:
        state = state_of(self)
        if name in ("__name__", "__qualname__") and state.name:
            return state.name
        if name.startswith(("__", "_repr_", "_ipython_")):
            raise AttributeError(f"{_type(self)!r} object has no attribute {name!r} that a test could read")
        if state.derived and name in _OF_ARRAYS:
            raise _derived(self)
        return _spread(self, state.link.operate(state, "getattr", name))

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("__"):
            raise AttributeError(f"{name} of an object of the answer cannot be set")
        _operate(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(f"{name} of an object of the answer cannot be deleted")
        _operate(self, "delattr", name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _spread(self, _operate(self, "call", args, kwargs))

    def __getitem__(self, key: Any) -> Any:
        return _operate(_plain(self), "getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        _operate(self, "setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        _operate(self, "delitem", key)

    # Iteration.

    def __iter__(self) -> Any:
        found = _operate(_plain(self), "iter")
        return found if isinstance(found, Handle) else iter(found)

    def __next__(self) -> Any:
        more, value = _operate(_plain(self), "next")
        if not more:
            raise StopIteration
        return value

    def __len__(self) -> int:
        length = _operate(_plain(self), "len")
        if type(length) is not int or not 0 <= length <= MAX_LENGTH:
            raise ValueError(f"len() of an object of the answer's type {_type(self)} is not a sensible number")
        return length

    def __contains__(self, value: object) -> bool:
        return any(item is value or item == value for item in self)

    # With: what happens in a test's block is never the student's to suppress.

    def __enter__(self) -> Any:
        return _operate(self, "enter")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        _operate(self, "exit", None if kind is None else kind.__name__)

    # Numbers and texts: data or an error.

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = _operate(_plain(self), "array")
        if not isinstance(array, np.ndarray) or array.dtype == object:
            raise TypeError(f"an object of the answer's type {_type(self)} is not an array of numbers")
        return array if dtype is None else array.astype(dtype)

    def __bool__(self) -> bool:
        return _operate(_plain(self), "bool")

    def __int__(self) -> int:
        return _operate(_plain(self), "int")

    def __index__(self) -> int:
        return _operate(_plain(self), "index")

    def __float__(self) -> float:
        return _operate(_plain(self), "float")

    def __complex__(self) -> complex:
        return _operate(_plain(self), "complex")

    def __str__(self) -> str:
        return _text(self, "str")

    def __repr__(self) -> str:
        return _text(self, "repr")

    def __format__(self, specification: str) -> str:
        if specification:
            raise TypeError(f"an object of the answer's type {_type(self)} cannot be formatted as {specification!r}")
        return str(self)


def state_of(handle: Handle) -> State:
    """What is known of the object behind a handle."""
    return object.__getattribute__(handle, "_Handle__state")


_OF_ARRAYS = frozenset(name for name in dir(np.ndarray) if not name.startswith("_")) - {"data"}


def _operate(handle: Handle, what: str, *operands: object) -> Any:
    state = state_of(handle)
    return state.link.operate(state, what, *operands)


def _type(handle: Handle) -> str:
    return state_of(handle).type_name


def _derived(handle: Handle) -> TypeError:
    return TypeError(
        f"what an operator gave with an object of the answer's type {_type(handle)} cannot be read as numbers; "
        "convert the answer first, with np.asarray or float, or read an attribute"
    )


def _plain(handle: Handle) -> Handle:
    """The handle, if its object may be asked for numbers."""
    if state_of(handle).derived:
        raise _derived(handle)
    return handle


def _spread(handle: Handle, value: Any) -> Any:
    """What a derived object leads to is derived as well."""
    if state_of(handle).derived and isinstance(value, Handle):
        state_of(value).derived = True
    return value


def _text(handle: Handle, what: str) -> str:
    try:
        text = _operate(handle, what)
    except Exception:
        text = None  # whoever prints an object, or shows one in a message, must not fail for it
    return text[:MAX_TEXT] if type(text) is str else f"<{_type(handle)} of the answer>"


def _install_operators() -> None:
    def define(name: str, what: str) -> None:
        def apply(self: Handle, *operands: object) -> Any:
            value = _operate(self, what, *operands)
            if not isinstance(value, Handle):
                raise TypeError(
                    f"{what} with an object of the answer's type {_type(self)} must give such an object again; "
                    "convert the answer first, with np.asarray or float"
                )
            state_of(value).derived = True
            return value

        apply.__name__ = apply.__qualname__ = name
        setattr(Handle, name, apply)

    for name in _BINARY:
        define(f"__{name}__", name)
        define(f"__r{name}__", f"r{name}")
        if name != "divmod":
            define(f"__i{name}__", f"i{name}")
    for name in _UNARY:
        define(f"__{name}__", name)


_install_operators()


# The other end: what is done with the object itself.


def _next(value: Any) -> tuple[bool, object]:
    try:
        return True, next(value)
    except StopIteration:
        return False, None


def _exit(value: Any, error: str | None) -> None:
    """Leave a with block. The answer learns that there was an exception, and no more of it."""
    if error is None:
        type(value).__exit__(value, None, None, None)
    else:
        stand_in = RuntimeError(f"{error} in the test")
        type(value).__exit__(value, RuntimeError, stand_in, None)


def _own_text(method: str, to_text: Callable[[object], str]) -> Callable[[Any], str | None]:
    """The text of an object whose class says how it reads; the default one would be an address in memory."""

    def text(value: Any) -> str | None:
        if all(getattr(type(value), each) is getattr(object, each) for each in ("__repr__", method)):
            return None
        return to_text(value)[:MAX_TEXT]

    return text


OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": lambda value, args, kwargs: value(*args, **kwargs),
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "iter": iter,
    "next": _next,
    "len": len,
    "enter": lambda value: type(value).__enter__(value),
    "exit": _exit,
    "array": np.asarray,
    "bool": bool,
    "int": int,
    "index": operator.index,
    "float": float,
    "complex": complex,
    "str": _own_text("__str__", str),
    "repr": _own_text("__repr__", repr),
    **_FUNCTIONS,
    **{f"r{name}": lambda value, other, f=_FUNCTIONS[name]: f(other, value) for name in _BINARY},
    **{f"i{name}": getattr(operator, f"i{name}") for name in _BINARY if name != "divmod"},
}


def proxy(state: State) -> Callable[..., Any]:
    """A function that calls a test's callable: what the student's code gets, and can do nothing else with."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return state.link.operate(state, "call", args, kwargs)

    call.__name__ = call.__qualname__ = state.name or "function"
    call.__module__ = "test"
    return call
