"""Read whatever an answer is as an array of numbers, and describe values and exceptions, without trusting either."""

import reprlib
import warnings

import numpy as np

from dlcourse.checks.failure import failure, withheld

MAX_MESSAGE = 600  # characters of a message that somebody else wrote

_NUMERIC = "biufc"  # numpy's kinds: bool, int, unsigned, float, complex
_PLAIN = _NUMERIC + "US"  # and text


def as_numbers(value: object, what: str) -> np.ndarray:
    """Return `value` as an array of numbers.

    Raises:
        AssertionError: if it is None, text, a function, a ragged list or anything else that is not numbers.
    """
    if value is None:
        raise failure(f"{what}: got None instead of a number or an array: did you forget `return`?")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = np.asarray(value)
            if array.dtype.kind == "O" and array.size and all(type(x) is int or type(x) is float for x in array.flat):
                array = array.astype(np.float64)  # whole numbers beyond 64 bits
    except (Exception, SystemExit) as error:
        if type(value) is list or type(value) is tuple:
            raise failure(
                f"{what}: got a {type_name(value)} of {len(value)} parts that do not make one array of numbers: "
                f"{short(value)}"
            ) from None
        raise failure(
            f"{what}: got {an(type_name(value))}, which cannot be read as numbers ({describe(error)})"
        ) from None
    if array.dtype.kind not in _NUMERIC:
        raise failure(f"{what}: {_why_not_numbers(value, array)}")
    return array


def as_plain(value: object) -> np.ndarray | None:
    """Return `value` as an array of numbers or text, or None if it is neither."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = np.asarray(value)
    except (Exception, SystemExit):
        return None
    return array if array.dtype.kind in _PLAIN else None


def _why_not_numbers(value: object, array: np.ndarray) -> str:
    """Say what stands where numbers were expected."""
    if array.dtype.kind in "US":
        return f"got text, {short(value)}, instead of numbers"
    if array.size and array.shape:
        for position, item in np.ndenumerate(array):
            if item is None:
                return f"there is None at {at(position)} instead of a number: did a function forget its `return`?"
        return f"got {an(type_name(value))} of {type_name(array.flat[0])} objects instead of numbers"
    if callable(value):
        return "got a function instead of its result: did you forget the brackets that call it?"
    return f"got {an(type_name(value))} instead of a number or an array"


def at(position: tuple[int, ...]) -> str:
    """Write an index as one types it: ``index [2]``, ``index [0, 3]``."""
    return f"index [{', '.join(str(int(i)) for i in position)}]"


def number(value: object, digits: int = 7) -> str:
    """Write one number with so many significant digits; whole numbers in full."""
    value = np.asarray(value)
    return str(value.item()) if value.dtype.kind in "biu" else f"{value.item():.{digits}g}"


def pair(got: object, expected: object) -> str:
    """Write two numbers that differ, with as many digits as it takes to see it."""
    for digits in (7, 12, 17):
        texts = number(got, digits), number(expected, digits)
        if texts[0] != texts[1]:
            break
    return f"got {texts[0]}, expected {texts[1]}"


def numbers(array: np.ndarray) -> str:
    """Write an array on one line, or its shape if it is long."""
    if array.ndim == 0:
        return number(array)
    if array.size > 8:
        return f"an array of shape {array.shape}"
    return one_line(np.array2string(array, separator=", ", formatter={"all": number}))


def type_name(value: object) -> str:
    """Name the type; a class can make even that fail."""
    try:
        name = type(value).__name__
    except Exception:
        return "object"
    if type(name) is not str:
        return "object"
    return "array" if name == "ndarray" else name


def an(noun: str) -> str:
    """Put the article before a word."""
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def short(value: object) -> str:
    """Write a value on one line of bounded length, whatever its `__repr__` does."""
    try:
        return one_line(reprlib.repr(value))
    except (Exception, SystemExit):
        return an(type_name(value))


def describe(error: BaseException) -> str:
    """Write an exception as ``NameError: name 'x' is not defined``; an `AssertionError` as its message alone.

    Of one that an answer raised in hidden tests the text is left out: see `dlcourse.checks.failure.withheld`.
    """
    try:
        message = one_line(str(error))
    except (Exception, SystemExit):
        message = ""
    name = type_name(error)
    if (instead := withheld(error)) is not None:
        name, message = instead
    if isinstance(error, AssertionError):
        return message or "an assertion failed without a message"
    return f"{name}: {message}" if message else name


def one_line(text: str) -> str:
    """Bring text onto one line without control characters, and bound its length."""
    if len(text) > MAX_MESSAGE:
        text = text[:MAX_MESSAGE] + "…"
    return "".join(character for character in " ".join(text.split()) if character.isprintable())
