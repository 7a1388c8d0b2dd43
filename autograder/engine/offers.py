"""What a test lets an answer do with an object that stays in the examiner's process.

Only what was handed over can be used at all. A function can be called, an iterator stepped, an instance of a class that
the test itself defines be read, indexed, called and iterated over. Everything else is refused where it is handed over,
in words for whoever writes the test.
"""

import functools
import types
from collections.abc import Set
from typing import Any

from autograder.engine.exceptions import sanitised

CALL = frozenset({"call"})
STEP = frozenset({"iter", "next"})
INSTANCE = frozenset({"call", "getattr", "getitem", "setitem", "len", "iter", "next"})

_FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinMethodType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    functools.partial,
    type(functools.lru_cache(lambda: None)),
)


def to_answer(value: Any, own_modules: Set[str]) -> tuple[frozenset[str], str]:
    """What an answer may do with an object of the test, and what sort of object it is told it is.

    Raises TypeError if the object cannot be handed over.
    """
    kind = type(value)
    root = (getattr(kind, "__module__", "") or "").partition(".")[0]
    owner = getattr(value, "__self__", value)
    if not isinstance(value, types.ModuleType) and (type(owner).__module__ or "").partition(".")[0] != "dlcourse":
        if isinstance(value, (*_FUNCTIONS, type)):
            return CALL, "function"
        if kind.__module__ in own_modules:
            return INSTANCE, "object"
        if hasattr(kind, "__next__") and root in ("builtins", "itertools"):
            return STEP, "object"
        if callable(value):
            return CALL, "function"
    raise TypeError(
        f"an object of type {sanitised(kind.__name__)} cannot be passed between a test and an answer; pass numbers, "
        "texts, containers, arrays, functions, or models of Keras' own layers"
    )


def check(uses: frozenset[str], what: str, operands: list[Any], value: object) -> None:
    """Raise TypeError or AttributeError if an answer may not do this with what it was handed."""
    if what not in uses:
        raise TypeError(f"an answer cannot use {sanitised(what)} on what a test has handed to it")
    if what == "getattr":
        (name,) = operands
        if type(name) is not str or name.startswith("_"):
            raise AttributeError(f"{type(value).__name__!r} object has no attribute {name!r} that an answer could read")


def sort_of(value: object) -> str:
    """What sort of object of the student's this is."""
    if isinstance(value, types.ModuleType):
        return "module"
    return "function" if isinstance(value, (*_FUNCTIONS, type)) else "object"
