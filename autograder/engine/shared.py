"""What both sides know of in one test cell, so that they can speak of it by number and keep it in step.

Whoever sent an object first has *given* it and keeps it alive as long as the other side has its counterpart; the other
side has *received* it, holds it weakly and says when it is gone. Arrays, generators, variables and models exist on both
sides: every message first carries what has changed in them since the last one. Of anything else the receiver has a
handle only.

The two sides take turns, so no message can cross another. Only one thing can go wrong: the receiver's counterpart dies
after its side has spoken, and the other side then refers to it. Hence `pin`.
"""

import weakref
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

MAX_RECEIVED = 200_000
"""Objects of the other side that may be known at once."""


MAX_HELD = 1000


class Kind(NamedTuple):
    """How objects of one kind are kept in step."""

    mark: Callable[[Any], Any]
    """Something cheap that differs once the object has been changed."""
    state: Callable[[Any, Any], Any]
    """(object, encoder) -> its content, coded."""
    update: Callable[[Any, Any, Any], None]
    """(object, coded content, decoder): make it so, or raise WireError if that content cannot be its."""
    restorer: Callable[[Any], Callable[[], None]]
    """object -> a function that makes it again as it is now."""


class Entry:
    """An object that both sides know."""

    __slots__ = ("_strong", "given", "kind", "mark", "number", "uses", "weak")

    def __init__(self, number: int, value: object, *, given: bool, kind: Kind | None, uses: frozenset[str] | None):
        self.number = number
        self.given = given
        self.kind = kind
        self.uses = uses
        """Of what was given: what the other side may do with it; None is anything."""
        self.mark = None if kind is None else kind.mark(value)
        self._strong = value if given else None
        self.weak: Callable[[], object] = lambda: None

    def value(self) -> object:
        """The object, or None if it is gone."""
        return self._strong if self.given else self.weak()


class Table:
    """All entries of one test cell."""

    def __init__(self) -> None:
        self.given: dict[int, Entry] = {}
        self.received: dict[int, Entry] = {}
        self._by_identity: dict[int, Entry] = {}
        self._gone: set[int] = set()
        self._pinned: list[object] = []
        self._held: deque[object] = deque(maxlen=MAX_HELD)
        self._last = 0

    def find(self, value: object) -> Entry | None:
        """The entry of this very object."""
        entry = self._by_identity.get(id(value))
        return entry if entry is not None and entry.value() is value else None

    def give(self, value: object, kind: Kind | None = None, uses: frozenset[str] | None = None) -> Entry:
        """Number an object of this side."""
        self._last += 1
        entry = Entry(self._last, value, given=True, kind=kind, uses=uses)
        self.given[entry.number] = self._by_identity[id(value)] = entry
        return entry

    def receive(self, number: int, value: object, kind: Kind | None = None) -> None:
        """Remember the counterpart of what the other side has given."""
        entry = Entry(number, value, given=False, kind=kind, uses=None)
        self.received[number] = self._by_identity[id(value)] = entry
        self._gone.discard(number)
        identity = id(value)
        entry.weak = weakref.ref(value, lambda _: self._forget(entry, identity))

    def _forget(self, entry: Entry, identity: int) -> None:
        if self._by_identity.get(identity) is entry:
            del self._by_identity[identity]
        if self.received.get(entry.number) is entry:
            del self.received[entry.number]
            self._gone.add(entry.number)

    def release(self, entry: Entry) -> None:
        """Forget what was given: the other side needs it no more, or has never come to know of it."""
        del self.given[entry.number]
        if self._by_identity.get(id(entry.value())) is entry:
            del self._by_identity[id(entry.value())]

    def pin(self) -> list[int]:
        """Before speaking: hold on to all counterparts until `unpin`; the numbers of those that are gone."""
        kept = [entry.value() for entry in list(self.received.values()) if entry.kind is not None]
        self._pinned = [value for value in kept if value is not None]
        gone, self._gone = sorted(self._gone), set()
        return gone

    def unpin(self) -> None:
        """The other side has spoken."""
        self._pinned = []

    def refuse(self, number: int) -> None:
        """Need no counterpart of what the other side has given."""
        self._gone.add(number)

    def hold(self, value: object) -> None:
        """Keep a counterpart alive to the end of the cell, unless many more come: its state is nowhere else."""
        self._held.append(value)

    def restore(self, gone: list[int], changed: list[Entry]) -> None:
        """What was to be said has not been said: say it the next time."""
        self._gone.update(gone)
        for entry in changed:
            entry.mark = object()

    def changed(self, new: list[Entry]) -> Iterator[tuple[Entry, Any]]:
        """What is no longer as the other side knows it, apart from what it is only now to learn of."""
        fresh = set(map(id, new))
        for entry in [*self.given.values(), *self.received.values()]:
            if entry.kind is None or id(entry) in fresh or (value := entry.value()) is None:
                continue
            if (mark := entry.kind.mark(value)) != entry.mark:
                entry.mark = mark
                yield entry, value
