"""What keeps an error in its place: hostile words from raising at random, and Python's stack from ending half-way."""

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.engine.wire import WireError


@contextmanager
def checked() -> Iterator[None]:
    """What hostile words raise when they are taken apart is as good as a WireError."""
    try:
        yield
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from error


def reserve(frames: int) -> None:
    """Raise RecursionError now, if there are not so many frames left, rather than half-way through a message."""
    if frames:
        reserve(frames - 1)
