"""Lists, dictionaries and their like: what they hold, whether that has changed, and how much it is in full."""

import collections
from typing import Any

import numpy as np

from autograder.engine.wire import WireError

PLACES = (list, dict, set, bytearray, collections.deque, collections.OrderedDict, collections.Counter)
"""Containers that can be changed in place."""


def fill(place: Any, contents: Any) -> None:
    """Put other contents into a container."""
    if type(place) in (list, bytearray):
        place[:] = contents
        return
    place.clear()
    (place.extend if type(place) is collections.deque else place.update)(contents)


def snapshot(place: Any) -> Any:
    """What a container holds now, for `differs`."""
    return list(place.items()) if isinstance(place, dict) else bytes(place) if type(place) is bytearray else list(place)


def differs(place: Any, before: Any) -> bool:
    """Whether a container holds other objects than before, or in another order."""
    now = snapshot(place)
    if type(place) is bytearray:
        return now != before
    if len(now) != len(before):
        return True
    if isinstance(place, dict):
        return any(a is not c or b is not d for (a, b), (c, d) in zip(now, before, strict=True))
    return any(a is not b for a, b in zip(now, before, strict=True))


def weigh(values: list[Any], contents: dict[int, Any], limit: int) -> None:
    """Raise WireError if values, written out in full, would have more than `limit` bytes, or contain themselves.

    A few lists that hold each other many times are a short message and a huge array. `contents` says what containers
    will hold (by identity) where that is not what they hold now.
    """
    weights: dict[int, int | None] = {}

    def weight(value: Any) -> int:
        if isinstance(value, np.ndarray) and value.dtype != object:
            return 64 + value.nbytes
        if type(value) in (str, bytes, bytearray):
            return 64 + 4 * len(value)
        if type(value) not in PLACES and type(value) not in (tuple, frozenset, np.ndarray, slice):
            return 64
        known = weights.get(id(value), 0)
        if known is None:
            raise WireError("a container that contains itself")
        if known:
            return known
        weights[id(value)] = None
        held = contents.get(id(value), value)
        if isinstance(held, dict):
            items: Any = [*held.keys(), *held.values()]
        elif type(held) is slice:
            items = (held.start, held.stop, held.step)
        else:
            items = held.flat if isinstance(held, np.ndarray) else held
        total = 64 + sum(map(weight, items))
        if total > limit:
            raise WireError("values that refer to each other too often")
        weights[id(value)] = total
        return total

    if sum(map(weight, values)) > limit:
        raise WireError("values that refer to each other too often")
