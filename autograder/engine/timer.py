"""The soft time limit: an exception inside the code that runs too long. Who ignores it is killed from outside."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

REPEAT_SECONDS = 0.5  # again and again, for code that catches even this


class CellTimeoutError(BaseException):
    """Interrupts a cell. No `Exception`, so that an answer that catches those does not catch this."""


def _raise(error: BaseException) -> None:
    raise error


@contextmanager
def time_limit(
    seconds: float, interrupt: Callable[[BaseException], None] = _raise, *, message: str | None = None
) -> Iterator[None]:
    """Raise `CellTimeoutError` in the main thread after so many seconds; an outer limit that is nearer stays.

    `interrupt` raises the exception, at once or as soon as that does no harm. `message` is the exception's, by default
    how long it ran.
    """
    text = message or f"stopped after {round(seconds, 1):g} s"

    def alarm(number: int, frame: FrameType | None) -> None:
        interrupt(CellTimeoutError(text))

    outer_handler, (outer_left, _) = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    if outer_left and outer_left < seconds:
        seconds = outer_left
    started = time.monotonic()
    signal.signal(signal.SIGALRM, alarm)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3), REPEAT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, outer_handler if callable(outer_handler) else signal.SIG_IGN)
        if outer_left:
            left = outer_left - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-3), REPEAT_SECONDS)
