"""Values that belong to a library: tensors, variables, models, modules, functions.

A library is never imported for their sake, only looked up among the modules that are loaded.
"""

import functools
import sys
import types
from typing import Any

import numpy as np

from autograder.engine import arrays, models, names, stock
from autograder.engine.shared import Kind
from autograder.engine.wire import WireError

Coded = Any


def write(value: Any, encoder: Any) -> Coded | None:
    """Code a library's value by content or by name; None if it can only be used where it is."""
    kind = type(value)
    root = (getattr(kind, "__module__", None) or "").partition(".")[0]
    to_answer = not encoder.side.trusted
    if root in ("tensorflow", "keras", "jax", "jaxlib"):
        coded = _write_tensor(value, kind, encoder)
        if coded is None and kind in stock.classes():
            coded = models.write(value, encoder)
        if coded is not None:
            return coded
    if to_answer:
        if isinstance(value, types.ModuleType) and (name := names.module_name(value)):
            return ["other", "module", name]
        if callable(value) and (found := names.library_name(value)):
            return ["other", "library", *found]
    return None


def read(decoder: Any, what: str, *words: Any) -> object:
    """Read what `write` wrote."""
    trusted = decoder.side.trusted
    match what, words:
        case "tensor", [library, *rest]:
            return _to_tensor(library, decoder.array(rest))
        case "variable", [number, library, *rest] if trusted:
            return decoder.receive(number, _to_variable(library, decoder.array(rest)), VARIABLE)
        case "part", [number, type_name, config] if "keras" in sys.modules:
            return models.read_part(decoder, number, type_name, config)
        case "model", [number, type_name, config, *state] if "keras" in sys.modules:
            return models.read_model(decoder, number, type_name, config, *state)
        case "module", [name] if trusted:
            return names.read_library(name, "") if name in names.MODULES else None
        case "library", [module, name] if trusted:
            return names.read_library(module, name)
    raise WireError("not a value of a library")


def _write_tensor(value: Any, kind: type, encoder: Any) -> Coded | None:
    if kind.__name__ == "TensorShape":
        return None if value.rank is None else encoder.encode(tuple(value.as_list()))
    if kind.__name__ in ("EagerTensor", "ArrayImpl"):
        array, library = np.asarray(value), "tensorflow" if kind.__name__ == "EagerTensor" else "jax"
        return None if arrays.dtype_name(array.dtype) is None else ["other", "tensor", library, *encoder.array(array)]
    if _is_variable(value, kind):
        array = np.asarray(value)
        if arrays.dtype_name(array.dtype) is None:
            return None
        if encoder.side.trusted:
            return ["array", None, *encoder.array(array)]
        library = "tensorflow" if kind.__module__.startswith("tensorflow") else "keras"
        return ["other", "variable", encoder.give(value, VARIABLE), library, *encoder.array(array)]
    return None


def _is_variable(value: object, kind: type) -> bool:
    libraries = (sys.modules.get("tensorflow"), sys.modules.get("keras"))
    return issubclass(kind, tuple(library.Variable for library in libraries if hasattr(library, "Variable")))


def _to_tensor(library: object, array: np.ndarray) -> object:
    if array.dtype.kind not in "biufcV":
        raise WireError("not a tensor")
    if library == "tensorflow" and (tensorflow := sys.modules.get("tensorflow")) is not None:
        return tensorflow.constant(array)
    if library == "jax" and (jax := sys.modules.get("jax")) is not None:
        return jax.numpy.asarray(array)
    return array


def _to_variable(library: object, array: np.ndarray) -> object:
    module = sys.modules.get("tensorflow" if library == "tensorflow" else "keras")
    return array if module is None else module.Variable(array)


def _update_variable(value: Any, words: Any, decoder: Any) -> None:
    array = decoder.array(words)
    if array.shape != tuple(value.shape) or array.dtype != np.asarray(value).dtype:
        raise WireError("a variable that is changed into another")
    value.assign(array)


VARIABLE = Kind(
    lambda value: arrays.checksum(np.asarray(value)),
    lambda value, encoder: encoder.array(np.asarray(value)),
    _update_variable,
    lambda value: functools.partial(value.assign, np.asarray(value).copy()),
)
