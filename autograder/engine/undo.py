"""What an answer has changed in a test's own objects, so that it can be undone when the test is over.

An answer may change the arrays and lists that it is given; that is what in-place functions do. But what set-up cells
made serves all tests. An answer that overwrites their data must not decide the next test.
"""

from collections.abc import Callable
from typing import Any

from autograder.engine.containers import fill, snapshot
from autograder.engine.shared import Kind


class Undo:
    """Remembers each object as it was before its first change."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._before: dict[int, tuple[object, Callable[[], None]]] = {}

    def remember(self, value: Any, kind: Kind) -> None:
        """An object that is kept in step is about to be changed."""
        if id(value) not in self._before:
            self._before[id(value)] = (value, kind.restorer(value))

    def remember_place(self, place: Any) -> None:
        """A container is about to be changed."""
        if id(place) not in self._before:
            before = snapshot(place)
            self._before[id(place)] = (place, lambda: fill(place, dict(before) if isinstance(place, dict) else before))

    def restore(self) -> None:
        """Make all as it was."""
        for _, restore in self._before.values():
            restore()
        self.forget()

    def forget(self) -> None:
        """Let all be as it is."""
        self._before = {}
