"""Keras models, layers, optimisers, losses and their like: by configuration and weights, rebuilt on the other side.

A model that came from a student's process is built in two steps. First under a `StatelessScope`, in which Keras makes
variables that have a shape but no memory yet. Only if these are as many and as large as the weights that came along are
they given memory. So a layer costs the examiner no more than the message did, whatever its configuration says.

What cannot be rebuilt is a handle instead: the test can still call it, but not look into it.
"""

import contextlib
import inspect
import json
import math
import sys
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.engine import arrays
from autograder.engine.shared import Kind
from autograder.engine.stock import NotStockError, classes, clean
from autograder.engine.wire import WireError

Coded = Any

MAX_BUILT = 500
"""Models, optimisers and the like in one message."""
_EXTRA_NUMBERS = 100_000
"""Numbers in variables that are no weights: seeds, counters of metrics."""

_compiled: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
"""How each model was compiled when both sides last agreed."""
_outlines: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
"""Which layers each model had when it was passed."""


def is_stock_class(kind: type) -> bool:
    """Whether objects of this class may cross by configuration."""
    return kind in classes()


def write(value: Any, encoder: Any) -> Coded | None:
    """Code a model, layer or other object of Keras; None if something in it is not stock."""
    config = _config(value)
    if config is None:
        return None
    if not _has_weights(value):
        return ["other", "part", encoder.give(value, PART), type(value).__name__, config]
    _outlines[value] = _outline(value)
    return ["other", "model", encoder.give(value, MODEL), type(value).__name__, config, *_write_state(value, encoder)]


def read_part(decoder: Any, number: Any, type_name: Any, config: Any) -> object:
    """Make an optimiser, a loss or the like, or the handle of one that cannot be made."""
    _count(decoder)
    try:
        value = _make(clean(config, custom=_custom(), small=True))
        if _has_weights(value):
            raise NotStockError("a model without its weights")
    except Exception as error:
        return _refused(decoder, number, type_name, error)
    decoder.side.table.hold(value)
    return decoder.receive(number, value, PART)


def read_model(decoder: Any, number: Any, type_name: Any, config: Any, *state: Any) -> object:
    """Make a model or layer, or the handle of one that cannot be made."""
    words, trainable, _, compiled = state
    _count(decoder)
    weights = [decoder.array(each) for each in words]
    try:
        value = _build(clean(config, custom=_custom()), weights)
        _set_trainable(value, trainable)
        _compile(value, compiled)
    except Exception as error:
        return _refused(decoder, number, type_name, error)
    _outlines[value] = _outline(value)
    return decoder.receive(number, value, MODEL)


def _refused(decoder: Any, number: Any, type_name: Any, error: Exception) -> object:
    """Keras raises whatever it likes for a configuration that it cannot make sense of."""
    if isinstance(error, MemoryError | RecursionError):
        raise WireError("a model that cannot be built")
    return decoder.receive(number, decoder.side.new_handle(number, type_name), REFUSED)


def _count(decoder: Any) -> None:
    decoder.n_built += 1
    if decoder.n_built > MAX_BUILT:
        raise WireError("too many models at once")


# Configuration.


def _config(value: Any) -> Any | None:
    """The stock configuration of an object, without how it is compiled; None if something in it is not stock."""
    try:
        module, name = classes()[type(value)]
        whole = {"module": module, "class_name": name, "config": _serialised(_forgotten(value) | value.get_config())}
        if _has_weights(value):
            whole["build_config"] = _serialised(value.get_build_config())
        return clean(whole, custom=_custom(), small=not _has_weights(value))
    except Exception:  # a part of it is someone's own class or function, and does what it likes
        return None


def _forgotten(value: Any) -> dict[str, Any]:
    """What some losses leave out of their configuration, such as the delta of Huber's."""
    known = inspect.signature(type(value)).parameters
    return {name: number for name, number in getattr(value, "_fn_kwargs", {}).items() if name in known}


def _serialised(value: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return json.loads(json.dumps(sys.modules["keras"].saving.serialize_keras_object(value)))


def _custom() -> dict[str, Any]:
    return sys.modules["keras"].saving.get_custom_objects()


def _make(config: Any) -> Any:
    if type(config) is not dict or "module" not in config:
        raise NotStockError("not an object")
    with warnings.catch_warnings(), _built_once():
        warnings.simplefilter("ignore")
        return sys.modules["keras"].saving.deserialize_keras_object(config, safe_mode=True)


@contextlib.contextmanager
def _built_once() -> Iterator[None]:
    """Keep Keras from building a sequential model anew with each layer that it adds: it does so at the end as well."""
    kind = sys.modules["keras"].Sequential
    rebuild = getattr(kind, "_maybe_rebuild", None)
    if rebuild is None:
        yield
        return
    kind._maybe_rebuild = lambda model: None
    try:
        yield
    finally:
        kind._maybe_rebuild = rebuild


def _build(config: Any, weights: list[np.ndarray]) -> Any:
    with _within(weights):
        value = _make(config)
        if not _has_weights(value):
            raise WireError("weights of what has none")
        expected = [(tuple(weight.shape), str(weight.dtype)) for weight in value.weights]
        if expected != [(weight.shape, weight.dtype.name) for weight in weights]:
            raise WireError("weights that do not fit their model")
        for weight, content in zip(value.weights, weights, strict=True):
            # To draw numbers, and overwrite them, would shift the random numbers of the test, and take longer.
            weight._initializer = lambda shape, dtype=None, content=content: content
    return value


@contextlib.contextmanager
def _within(weights: list[np.ndarray]) -> Iterator[None]:
    """Let Keras make variables here, and give them memory at the end if they are no more than the weights."""
    keras, state = sys.modules["keras"], sys.modules["keras.src.backend.common.global_state"]
    pending = "uninitialized_variables"
    before = state.get_global_attribute(pending, [], set_to_default=True)
    state.set_global_attribute(pending, [])
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
        made = state.get_global_attribute(pending)
        numbers = sum(math.prod(variable.shape) for variable in made)
        if numbers > sum(weight.size for weight in weights) + _EXTRA_NUMBERS:
            raise WireError("a model that is larger than its weights")
        with keras.StatelessScope():
            pass  # on leaving, Keras initialises what is pending
    finally:
        state.set_global_attribute(pending, before)


def _has_weights(value: Any) -> bool:
    return issubclass(type(value), sys.modules["keras"].layers.Layer)


# What is kept in step.


def _write_state(value: Any, encoder: Any) -> list[Coded]:
    if _outlines.get(value) not in (None, _outline(value)) and _outlines[value]:
        raise TypeError("a model whose layers were added or removed in place cannot be passed; return a new model")
    _outlines[value] = _outline(value)
    words = [encoder.array(_content(weight)) for weight in value.weights]
    compiled = _compile_config(value)
    _compiled[value] = json.dumps(compiled)
    return [words, _trainable(value), _serialised(value.get_build_config()), compiled]


def _update_model(value: Any, state: Any, decoder: Any) -> None:
    words, trainable, build, compiled = state
    weights = [decoder.array(each) for each in words]
    try:
        if weights and not value.weights:
            with _within(weights):
                value.build_from_config(clean(build, custom=_custom()))
        _assign(value, weights)
        _set_trainable(value, trainable)
        _compile(value, compiled)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"a model that is changed into another: {type(error).__name__}") from None
    _outlines[value] = _outline(value)


def _assign(value: Any, weights: list[np.ndarray]) -> None:
    own = value.weights
    if [tuple(weight.shape) for weight in own] != [weight.shape for weight in weights]:
        raise WireError("weights that do not fit their model")
    for weight, new in zip(own, weights, strict=True):
        weight.assign(new)


def _content(weight: Any) -> np.ndarray:
    return np.asarray(weight.value)


def _outline(value: Any) -> Any:
    """Empty as long as a model has not been built."""
    return tuple((type(layer).__name__, layer.name, len(layer.weights)) for layer in _layers(value)) * bool(value.built)


def _layers(value: Any) -> list[Any]:
    return list(value._flatten_layers(include_self=True, recursive=True))


def _trainable(value: Any) -> list[bool]:
    return [bool(layer.trainable) for layer in _layers(value)]


def _set_trainable(value: Any, flags: Any) -> None:
    layers = _layers(value)
    if type(flags) is not list or len(flags) != len(layers) or not all(type(flag) is bool for flag in flags):
        raise WireError("not which layers are trainable")
    if flags == _trainable(value):
        return
    for layer, flag in zip(layers, flags, strict=True):  # a layer comes before those within it, which it would set
        layer.trainable = flag


def _compile_config(value: Any) -> Any | None:
    """How a model is compiled; of losses and metrics that are someone's own functions, nothing."""
    if not getattr(value, "compiled", False):
        return None
    try:
        config = _serialised(value.get_compile_config())
        if is_stock_class(type(value.loss)):
            config["loss"] = _config(value.loss)
        return clean(config, custom=_custom(), small=True)
    except Exception:
        optimizer = _config(value.optimizer)
        return None if optimizer is None else {"optimizer": optimizer}


def _compile(value: Any, config: Any) -> None:
    if config is None or _compiled.get(value) == json.dumps(config):
        return
    if not hasattr(value, "compile_from_config") or type(config) is not dict or not set(config) <= _COMPILE:
        raise WireError("not how a model is compiled")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value.compile_from_config(clean(config, custom=_custom(), small=True))
    _compiled[value] = json.dumps(config)


_COMPILE = {
    *("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics"),
    *("run_eagerly", "steps_per_execution", "jit_compile", "auto_scale_loss"),
}


def _mark_model(value: Any) -> Any:
    optimizer = getattr(value, "optimizer", None)
    return (
        [arrays.checksum(_content(weight)) for weight in value.weights],
        _trainable(value),
        id(optimizer),
        id(getattr(value, "_compile_config", None)),
        _rate(optimizer),
    )


def _rate(value: Any) -> float | None:
    """The learning rate of an optimiser, if it has one that is a number."""
    rate = getattr(value, "_learning_rate", None)
    return float(np.asarray(rate)) if hasattr(rate, "assign") else None


def _update_part(value: Any, rate: Any, decoder: Any) -> None:
    if type(rate) is not float or _rate(value) is None:
        raise WireError("not a learning rate")
    value.learning_rate = rate


def _restorer(value: Any) -> Callable[[], None]:
    """How a model is compiled is not brought back: tests that use one compile it."""
    weights, trainable = [np.array(_content(weight)) for weight in value.weights], _trainable(value)

    def restore() -> None:
        if weights:
            _assign(value, weights)
        _set_trainable(value, trainable)

    return restore


def _update_refused(value: Any, state: Any, decoder: Any) -> None:
    for words in state[0] if type(state) is list else ():
        decoder.array(words)


MODEL = Kind(_mark_model, _write_state, _update_model, _restorer)
PART = Kind(_rate, lambda value, encoder: _rate(value), _update_part, lambda value: lambda: None)
REFUSED = Kind(lambda value: None, lambda value, encoder: None, _update_refused, lambda value: lambda: None)
"""What is kept in step there, but could not be made here."""
