"""Assertions whose messages teach."""

from collections.abc import Callable, Mapping

import numpy as np

from dlcourse.checks.failure import failure
from dlcourse.checks.values import an, as_numbers, as_plain, at, describe, number, numbers, pair, short, type_name


def assert_close(
    actual: object,
    expected: object,
    what: str,
    *,
    mistakes: Mapping[str, object] | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
) -> None:
    """Check that an answer has the shape and the values that it should have, as `numpy.allclose` defines "close".

    Args:
        actual: the answer: a number, an array, a tensor, or nested lists of numbers.
        expected: the right one.
        what: names the answer in messages, for example ``"the weights after a mistake"``.
        mistakes: known wrong values and what to tell whoever gets one, as ``{message: value}``. A value may have
            another shape than `expected`, and may be nan. One that equals `expected` is left out.
        rtol, atol: close means ``|actual - expected| <= atol + rtol * |expected|`` for each number.

    Raises:
        AssertionError: if it differs. The message names the known mistake; otherwise it says that the value is None,
            not a number, of another shape, not finite, or where it differs first and by how much at most.
        ValueError: if `expected` itself is not made of numbers, or holds nan.
    """
    expected_array = _expected_numbers(expected, what)
    actual_array = as_numbers(actual, what)
    if _close(actual_array, expected_array, rtol, atol):
        return
    difference = _difference(actual_array, expected_array, rtol, atol)
    for message, value in (mistakes or {}).items():
        mistake = as_plain(value)
        if mistake is None or mistake.dtype.kind in "US" or _close(mistake, expected_array, rtol, atol):
            continue
        if _close(actual_array, mistake, rtol, atol, equal_nan=True):
            raise failure(f"{what}: {message} ({difference})")
    raise failure(f"{what}: {difference}{_hint(actual_array, expected_array, rtol, atol)}")


def assert_shape(actual: object, shape: int | tuple[int | None, ...], what: str) -> None:
    """Check the shape of an array, tensor or nested list of numbers.

    Args:
        actual: the answer.
        shape: the lengths of its axes, None where any length will do; () for a single number.
        what: names the answer in messages.

    Raises:
        AssertionError: if it has another shape, or is not made of numbers.
    """
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    array = as_numbers(actual, what)
    fits = array.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, array.shape, strict=True))
    if not fits:
        wanted = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
        hint = _shape_hint(array.shape, shape) if None not in shape else ""
        raise failure(f"{what}: got shape {array.shape}, expected shape {wanted}{hint}")


def assert_unchanged(actual: object, original: object, message: str) -> None:
    """Check that an argument still is what it was before a call: same shape, same numbers (or text), to the last bit.

    Args:
        actual: the argument after the call.
        original: a copy made before it.
        message: what to say otherwise, for example ``"step must not change the w it was given"``.

    Raises:
        AssertionError: with the message and the first place that changed.
        ValueError: if `original` is neither numbers nor text.
    """
    before, after = as_plain(original), as_plain(actual)
    if before is None:
        raise ValueError(f"assert_unchanged compares numbers or text, not {an(type_name(original))}")
    if after is None:
        raise failure(f"{message} (it has become {an(type_name(actual))})")
    if before.shape != after.shape:
        raise failure(f"{message} (its shape was {before.shape} and is now {after.shape})")
    kinds = {before.dtype.kind, after.dtype.kind}
    if kinds & set("US") and len(kinds) > 1:
        raise failure(f"{message} (it was {short(original)} and is now {short(actual)})")
    # The only value that differs from itself is nan.
    changed = (before != after) & ~((before != before) & (after != after))
    if changed.any():
        position = _first(changed)
        where = f"at {at(position)} it" if position else "it"
        raise failure(f"{message} ({where} was {before[position]} and is now {after[position]})")


def assert_raises(
    exception: type[BaseException] | tuple[type[BaseException], ...],
    function: Callable[..., object],
    *args: object,
    what: str = "the call",
    **kwargs: object,
) -> BaseException:
    """Check that a call raises, and return the exception, so that its message can be looked at.

    Args:
        exception: the type that is expected, or several.
        function: called with `args` and `kwargs`.
        what: names the call in messages, for example ``"an unknown name"``.

    Raises:
        AssertionError: if the call returns, or raises something else.
    """
    if not callable(function):
        raise failure(f"{what}: expected a function, got {short(function)}")
    types = exception if isinstance(exception, tuple) else (exception,)
    wanted = " or ".join(one.__name__ for one in types)
    try:
        result = function(*args, **kwargs)
    except types as error:
        return error
    except (Exception, SystemExit) as error:
        raise failure(f"{what}: expected {an(wanted)}, but it raised {describe(error)}") from None
    raise failure(f"{what}: expected {an(wanted)}, but nothing was raised; it returned {short(result)}")


def _expected_numbers(expected: object, what: str) -> np.ndarray:
    """Read the right answer; if that fails, the test is wrong and not the student."""
    try:
        array = as_numbers(expected, what)
    except AssertionError as error:
        raise ValueError(f"the expected value of this check is not made of numbers: {error}") from None
    if np.isnan(array).any():
        raise ValueError(f"{what}: the expected value of this check holds nan, which nothing is equal to")
    return array


def _close(actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float, *, equal_nan: bool = False) -> bool:
    """Same shape, and each number close."""
    if actual.shape != expected.shape:
        return False
    return bool(_each_close(actual, expected, rtol, atol, equal_nan=equal_nan).all())


def _each_close(
    actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float, *, equal_nan: bool = False
) -> np.ndarray:
    """Compare number by number, silently: an overflow in a comparison is no warning to a student."""
    with np.errstate(all="ignore"):
        return np.asarray(np.isclose(actual, expected, rtol=rtol, atol=atol, equal_nan=equal_nan))


def _difference(actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> str:
    """Say in what an answer differs: its shape, else a number that is not finite, else its first wrong number."""
    if actual.shape != expected.shape:
        hint = _shape_hint(actual.shape, expected.shape)
        return f"got {_with_shape(actual)}, expected {_with_shape(expected)}{hint}"
    wrong = ~_each_close(actual, expected, rtol, atol)
    for test, name in ((np.isnan, "nan"), (np.isinf, "inf")):
        bad = test(actual) & wrong
        if bad.any():
            return _not_finite(name, bad, expected)
    position = _first(wrong)
    if not position:
        return pair(actual, expected)
    with np.errstate(all="ignore"):
        largest = np.abs(np.subtract(actual, expected, dtype=np.result_type(actual, expected, 1.0)))[wrong].max()
    got = f"got {numbers(actual)}, expected {numbers(expected)}"
    if actual.size > 8 or numbers(actual) == numbers(expected):
        got = f"at {at(position)} {pair(actual[position], expected[position])}"
    count = int(wrong.sum())
    if wrong.size == 1:
        return got
    if count == 1:
        return f"{got}: of {wrong.size} numbers only the one at {at(position)} differs, by {number(largest)}"
    return f"{got}: {count} of {wrong.size} numbers differ, first at {at(position)}, by {number(largest)} at most"


def _with_shape(array: np.ndarray) -> str:
    """Describe an array by its shape, and by its numbers if they are few."""
    if array.ndim == 0:
        return f"the single number {number(array)}"
    few = f" {numbers(array)}" if 0 < array.size <= 4 else ""
    return f"shape {array.shape}{few}"


def _not_finite(name: str, bad: np.ndarray, expected: np.ndarray) -> str:
    """Say where nan or inf stands and where it usually comes from."""
    causes = {
        "nan": "nan comes from 0/0, inf - inf, or the logarithm or root of a negative number",
        "inf": "inf comes from a division by 0, the logarithm of 0, or a number too large, such as exp(1000)",
    }
    position = _first(bad)
    where = f"there is {name} at {at(position)} ({bad.sum()} of {bad.size} numbers)" if position else f"got {name}"
    return f"{where}, expected {number(expected[position])}; {causes[name]}"


def _shape_hint(actual: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Recognise the shapes that people get by accident."""
    if len(expected) > 1 and actual == expected[::-1]:
        return ": it is transposed"
    if len(expected) == 1 and actual == expected * 2 and expected[0] > 1:
        n = expected[0]
        return f": perhaps a column of shape ({n}, 1) met an array of shape ({n},), so that numpy paired each with each"
    if actual != expected and _without_ones(actual) == _without_ones(expected):
        if not expected:
            return ": the number is wrapped in an array; take it out"
        return f": {_axes(actual)} instead of {_axes(expected)}; `reshape` turns one into the other"
    return ""


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Leave out the axes of length 1."""
    return tuple(n for n in shape if n != 1)


def _axes(shape: tuple[int, ...]) -> str:
    """Say what a shape looks like."""
    if len(shape) == 2 and 1 in shape:
        return "a column" if shape[1] == 1 else "a row"
    return {0: "a single number", 1: "a flat array"}.get(len(shape), f"{len(shape)} axes")


def _hint(actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> str:
    """Recognise a flipped sign, a transposed matrix and a constant factor."""
    if actual.shape != expected.shape or not np.isfinite(actual).all():
        return ""
    if actual.dtype.kind == "b" or expected.dtype.kind == "b":
        return ""
    if _close(-1.0 * actual, expected, rtol, atol):
        return "; the sign is the wrong way round"
    if actual.ndim == 2 and _close(actual.T, expected, rtol, atol):
        return "; it is transposed"
    not_zero = expected != 0
    if not_zero.sum() < 2:
        return ""
    with np.errstate(all="ignore"):
        factor = (actual[not_zero] / expected[not_zero]).flat[0]
        if factor != 0 and np.isfinite(factor) and _close(np.asarray(actual / factor), expected, rtol, atol):
            return f"; each number is {number(factor)} times the right one"
    return ""


def _first(mask: np.ndarray) -> tuple[int, ...]:
    """Index of the first True."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))
