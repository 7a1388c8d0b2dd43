"""numpy's random generators as the name of their bit generator and its state.

The state is checked number by number before numpy gets it: numpy itself believes, for example, any position in the
table of the Mersenne twister, and would read behind its end.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.engine.wire import WireError

_NAMES = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")

_BOUNDS = {
    "state": 2**128,
    "inc": 2**128,
    "has_uint32": 2,
    "uinteger": 2**32,
    "pos": 625,
    "buffer_pos": 5,
    "has_gauss": 2,
}
"""What each number of a state must be smaller than."""


class _Generator(np.random.Generator):
    """A generator that can be referred to weakly."""

    __slots__ = ("__weakref__",)


class _RandomState(np.random.RandomState):
    """The same of numpy's older generator."""


for _kind in (_Generator, _RandomState):
    _kind.__name__ = _kind.__qualname__ = _kind.__name__.strip("_")


def is_generator(value: object) -> bool:
    """Whether a value crosses as a generator."""
    kind = type(value)
    if kind in (np.random.Generator, _Generator):
        return value.bit_generator.state["bit_generator"] in _NAMES  # type: ignore[attr-defined]
    return kind in (np.random.RandomState, _RandomState)


def mark(value: Any) -> Any:
    """Differs once numbers have been drawn."""
    return _flat(_state(value))


def write(value: Any, encoder: Any) -> Any:
    """Code the state."""
    return _write(_state(value), encoder)


def read(words: Any, decoder: Any) -> np.random.Generator | np.random.RandomState:
    """Make a generator in that state."""
    state = _read(words, decoder)
    name = state.get("bit_generator") if isinstance(state, dict) else None
    if name not in _NAMES:
        raise WireError("not a generator")
    bits = getattr(np.random, name)(0)
    value = _RandomState(bits) if "has_gauss" in state else _Generator(bits)
    _set(value, state)
    return value


def update(value: Any, words: Any, decoder: Any) -> None:
    """Bring a generator into that state."""
    _set(value, _read(words, decoder))


def restorer(value: Any) -> Callable[[], None]:
    """A function that brings the generator back into its present state."""
    state = _state(value)
    return lambda: _set(value, state)


def _state(value: Any) -> dict[str, Any]:
    if isinstance(value, np.random.RandomState):
        return value.get_state(legacy=False)  # type: ignore[return-value]
    return value.bit_generator.state


def _flat(state: Any) -> Any:
    if isinstance(state, dict):
        return tuple(map(_flat, state.values()))
    return state.tobytes() if isinstance(state, np.ndarray) else state


def _set(value: Any, state: Any) -> None:
    _check(state, _state(value))
    if isinstance(value, np.random.RandomState):
        value.set_state(state)
    else:
        value.bit_generator.state = state


def _write(state: Any, encoder: Any) -> Any:
    """Dictionaries as pairs, which unlike other dictionaries are no places; arrays by their content."""
    if isinstance(state, dict):
        return [[key, _write(item, encoder)] for key, item in state.items()]
    if isinstance(state, np.ndarray):
        return ["array", *encoder.array(state)]
    if isinstance(state, float):
        return state
    return state if isinstance(state, str) else ["int", f"{int(state):x}"]


def _read(words: Any, decoder: Any) -> Any:
    if type(words) is not list:
        return words
    if words and words[0] == "array":
        return decoder.array(words[1:])
    if words and words[0] == "int":
        return decoder.decode(words)
    return {key: _read(item, decoder) for key, item in words}


def _check(state: Any, like: Any, name: str = "") -> None:
    """Refuse a state that is not built as `like` is, or whose numbers are out of bounds."""
    if isinstance(like, dict):
        if not isinstance(state, dict) or state.keys() != like.keys():
            raise WireError("not the state of a generator")
        for key in like:
            _check(state[key], like[key], key)
    elif isinstance(like, np.ndarray):
        if not isinstance(state, np.ndarray) or state.dtype != like.dtype or state.shape != like.shape:
            raise WireError("not the state of a generator")
    elif isinstance(like, str):
        if state != like:
            raise WireError("the state of another generator")
    elif isinstance(like, float):
        if type(state) is not float:
            raise WireError("not the state of a generator")
    elif type(state) is not int or not 0 <= state < _BOUNDS[name]:
        raise WireError("not the state of a generator")
