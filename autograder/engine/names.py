"""Library objects cross by name: what is numpy's `tanh` here is numpy's `tanh` there.

Towards the student's side any public function or class of these libraries may be named, and the real one is used.
Towards the examiner's side only types of numbers and modules may, and only if they are loaded already: to look a name
up there must never import anything.
"""

import builtins
import importlib
import sys
import types

import numpy as np

from autograder.engine.wire import WireError

_STANDARD = (
    "math",
    "cmath",
    "operator",
    "itertools",
    "functools",
    "collections",
    "statistics",
    "random",
    "string",
    "re",
)
LIBRARIES = frozenset(
    (*_STANDARD, "builtins", "numpy", "scipy", "sklearn", "matplotlib", "keras", "tensorflow", "jax", "ml_dtypes")
) | {"dlcourse"}
MODULES = frozenset(
    (
        *_STANDARD,
        *("numpy", "numpy.linalg", "numpy.random", "numpy.fft", "numpy.ma", "scipy", "sklearn"),
        *("matplotlib", "matplotlib.pyplot", "tensorflow", "jax", "jax.numpy"),
        *("keras", "keras.layers", "keras.models", "keras.optimizers", "keras.losses", "keras.metrics", "keras.utils"),
        *("keras.activations", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.callbacks"),
        *("keras.datasets", "keras.ops"),
    )
)
"""Modules that the student's process may name. None that tests for or asserts anything."""
TYPES: dict[str, type] = {
    **{kind.__name__: kind for kind in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)},
    **{f"numpy.{kind.__name__}": kind for kind in {*np.sctypeDict.values(), np.number, np.integer, np.floating}},
}
"""A table, because to look a name up in numpy may import it."""

_PLACES = ("numpy", "keras.activations", "keras.ops", "tensorflow", "tensorflow.math", "tensorflow.nn")
"""Where functions live that do not say it themselves, such as numpy's ufuncs."""


def type_name(value: type) -> str | None:
    """The name of a type of numbers, texts or containers."""
    name = f"numpy.{value.__name__}" if issubclass(value, np.generic) else value.__name__
    return name if TYPES.get(name) is value else None


def read_type(name: object) -> type:
    """The type of a name that arrived."""
    if not isinstance(name, str) or name not in TYPES:
        raise WireError("not a type that may cross")
    return TYPES[name]


def module_name(value: types.ModuleType) -> str | None:
    """The name of a module, if modules of this name cross."""
    name = getattr(value, "__name__", None)
    name = {"keras.api": "keras"}.get(name, name)
    return name if name in MODULES and sys.modules.get(name) is value else None


def loaded_module(name: object) -> types.ModuleType | None:
    """The module of a name that arrived, if it is loaded here."""
    return sys.modules.get(name) if isinstance(name, str) and name in MODULES else None


def library_name(value: object) -> tuple[str, str] | None:
    """Module and name under which a public library function or class can be found again."""
    module = getattr(value, "__module__", None) or ""
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str):
        return None
    for place in (module, *_PLACES):
        if place.partition(".")[0] in LIBRARIES and _lookup(sys.modules.get(place), name) is value:
            return place, name
    return None


def read_library(module: object, name: object) -> object:
    """The library object of a name that arrived. For the student's side alone: this imports."""
    if not isinstance(module, str) or not isinstance(name, str) or module.partition(".")[0] not in LIBRARIES:
        raise WireError("not a library's name")
    found = _lookup(builtins if module == "builtins" else importlib.import_module(module), name)
    if found is None:
        raise WireError(f"{module} has no {name}")
    return found


def _lookup(module: types.ModuleType | None, name: str) -> object:
    found: object = module
    for part in name.split(".") if name else ():
        found = getattr(found, part, None)
    return found
