"""One end of the link between a student's process and the examiner of its answers.

The examiner is the master: it asks, and reads until the reply to its question stands there. What it reads in between
are calls of the functions that its test has handed over, which it answers one by one. So there is one conversation,
nested as the calls are. Messages, all carrying what has become of the objects that both sides know (`shared`):

    ["ask", number, gone, changes, seconds left, what, whose, operands]
    ["reply", number, gone, changes, changed places, value]
    ["raised", number, gone, changes, changed places, exception, its origin]

The examiner trusts nothing that it reads. What it cannot have been sent in truth ends the link (`RemoteGone`): a wrong
number, an object it never gave, a word too many.
"""

import contextlib
import math
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.engine import exceptions, names, offers, others, wire
from autograder.engine.codec import Coded, Decoder, Encoder
from autograder.engine.containers import differs, fill, snapshot, weigh
from autograder.engine.guard import checked, reserve
from autograder.engine.handles import OPERATIONS, Handle, State, proxy, state_of
from autograder.engine.shared import Entry, Table
from autograder.engine.undo import Undo
from autograder.engine.wire import WireError

MAX_NESTING = 50
"""How deeply calls may be nested across the two processes, both directions together."""
MAX_ORIGINS = 1000
"""Exceptions of a test's functions that are remembered, in case they come back through the answer."""
_HEADROOM = 80
"""Frames of Python's stack that a message needs: an error half-way through one would end the link."""


_NOT_OWN = (sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]), "<frozen ")
"""Where files lie that are nobody's answer."""


class RemoteGone(Exception):  # noqa: N818
    """The student's process is gone, or what it said was no truthful message (`broken`)."""

    def __init__(self, message: str, *, broken: bool):
        super().__init__(message)
        self.broken = broken


class Peer:
    """One end of the link; see the module. Used by one thread at a time, others wait.

    lookup: finds a name in the student's namespace, or raises NameError; only on the student's side.
    max_bytes: the largest message either way.
    trusted: whether the other side is: True in the student's process, False in the examiner's.
    """

    def __init__(
        self, sock: Any, *, lookup: Callable[[str], object] | None = None, max_bytes: int, trusted: bool
    ) -> None:
        self.trusted = trusted
        self.max_bytes = max_bytes
        self.table = Table()
        self.gone: RemoteGone | None = None
        """Set once the link has ended: whatever a test made of the exception, it was not judged in full."""
        self.seconds_left: Callable[[], float] = lambda: math.inf
        self.around_call: Callable[[float], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
        self.own_file: Callable[[str], bool] = lambda path: not path.startswith(_NOT_OWN)
        """Whether a file of a traceback is the student's own, so that its lines may be shown."""
        self.own_modules = frozenset({"__main__"})
        """Modules whose classes are a test's own: instances of them can be handed to an answer."""
        self._sock = sock
        self._lookup = lookup
        self._lock = threading.RLock()
        self._serving: int | None = None
        self._nesting = 0
        self._asked = 0
        self._raised: list[BaseException | None] = []
        self._undo = Undo()
        self._inside = False
        self._interruption: BaseException | None = None

    # The examiner's side.

    def fetch(self, name: str) -> object:
        """An object of the student's namespace. Raises NameError as Python does if it has none of that name."""
        match self._ask("fetch", 0, (name,)):
            case (True, value):
                return value
            case (False, None):
                raise NameError(f"name {name!r} is not defined", name=name)
        raise self._end(WireError("not the reply to a question for a name"))

    def new_cell(self) -> None:
        """Forget, on both sides, all objects that were known: the next test begins afresh."""
        self._ask("reset", 0, ())
        self.table = Table()
        self._undo.forget()

    def undo_changes(self) -> None:
        """Make again as they were the test's own arrays, lists and so on that the answer has changed in this cell.

        For the end of a test, lest an answer spoil what other tests use.
        """
        self._undo.restore()

    # The student's side.

    def serve_one(self) -> None:
        """Read one question and answer it, callbacks included. Raises EOFError when the examiner is gone."""
        self._serving, self._inside = threading.get_ident(), True
        try:
            header, blobs = wire.recv(self._sock, max_bytes=self.max_bytes)
            self._serve(header, blobs)
        except OSError as error:
            raise EOFError("the examiner is gone") from error
        finally:
            self._serving, self._inside, self._interruption, self._raised = None, False, None, []

    def interrupt(self, error: BaseException) -> None:
        """Raise an exception in the code that uses the link, now or as soon as it runs again.

        For signal handlers: an exception in the midst of a message would leave the rest of it unread. In the examiner's
        process this waits for the student's; it takes a hand from outside to end a wait that is endless.
        """
        if not self._inside:
            raise error
        self._interruption = error

    # Both sides.

    def operate(self, state: State, what: str, *operands: object) -> Any:
        """Do something with an object of the other side."""
        if state.table is not self.table:
            raise _too_late(state)
        return self._ask(what, state.number, operands)

    def _ask(self, what: str, whose: int, operands: tuple[object, ...]) -> Any:
        if self._lookup is not None and self._serving != threading.get_ident():
            raise RuntimeError("what a test handed over can be used only while it waits, and in the thread it called")
        with self._lock:
            if self.gone is not None:
                raise self.gone
            if self._nesting >= MAX_NESTING:
                raise RecursionError("maximum recursion depth exceeded in calls between an answer and a test")
            reserve(_HEADROOM)
            self._nesting += 1
            self._inside = True
            try:
                return self._exchange(what, whose, operands)
            finally:
                self._nesting -= 1
                if self._nesting == 0 and self._lookup is None:
                    self._raised = []
                self._inside = False
                if (error := self._interruption) is not None:
                    self._interruption = None
                    raise error

    def _exchange(self, what: str, whose: int, operands: tuple[object, ...]) -> Any:
        places: list[Any] = []
        encoder = Encoder(self, places)
        self._asked = number = self._asked + 1
        try:
            words = [encoder.encode(operand) for operand in operands]
            seconds = float(self.seconds_left())
            frame = self._frame(encoder, ["ask", number], [seconds, what, whose, words])
        except BaseException:
            encoder.undo()
            raise
        with self._unbroken():
            wire.push(self._sock, frame)
            while True:
                header, blobs = wire.recv(self._sock, max_bytes=self.max_bytes)
                if type(header) is list and header[:1] == ["ask"]:
                    self._serve(header, blobs)
                else:
                    raised, value = self._read_reply(number, header, blobs, places, len(places))
                    break
        if raised:
            raise value
        return value

    def _read_reply(
        self, number: int, header: Any, blobs: list[bytearray], places: list[Any], sent: int
    ) -> tuple[bool, Any]:
        if type(header) is not list or header[:1] not in (["reply"], ["raised"]) or header[1:2] != [number]:
            raise WireError("not the reply to the question")
        kind, _, gone, changes, changed, coded, *origin = header
        if len(origin) != (kind == "raised"):
            raise WireError("not a reply")
        decoder = Decoder(self, blobs, places)
        backs: dict[int, Any] = {}
        for index, contents in changed:
            if type(index) is not int or not 0 <= index < sent or index in backs:
                raise WireError("not a container of the question")
            backs[index] = decoder.contents(type(places[index]), contents)
        value = decoder.decode(coded) if kind == "reply" else self._read_exception(coded, *origin)
        self._step(decoder, gone, changes)
        if decoder.referred and not self.trusted:
            pending = {id(places[index]): contents for index, contents in backs.items()}
            weigh([value, *(places[index] for index in backs)], pending, 4 * self.max_bytes)
        for index, contents in backs.items():
            if not self.trusted:
                self._undo.remember_place(places[index])
            fill(places[index], contents)
        return kind == "raised", value

    def _serve(self, header: Any, blobs: list[bytearray]) -> None:
        """Answer one question."""
        with checked():
            _, number, gone, changes, seconds, what, whose, words = header
            if type(number) is not int or type(what) is not str or type(whose) is not int:
                raise WireError("not a question")
            places: list[Any] = []
            decoder = Decoder(self, blobs, places)
            operands = [decoder.decode(word) for word in words]
            self._step(decoder, gone, changes)
            if decoder.referred and not self.trusted:
                weigh(operands, {}, 4 * self.max_bytes)
            before = [snapshot(place) for place in places]
        error, value, origin = None, None, None
        self._nesting += 1
        try:
            if self._nesting > MAX_NESTING:
                raise RecursionError("maximum recursion depth exceeded in calls between an answer and a test")
            value = self._perform(what, whose, operands, seconds)
        except BaseException as raised:
            if not self.trusted and not (isinstance(raised, Exception) and not isinstance(raised, RemoteGone)):
                raise  # the examiner's own end, such as its time limit, is nothing for an answer to catch
            error, origin = raised, self._origin(raised)
        finally:
            self._nesting -= 1
            self._inside = True
        # The operands live until here, so that what was done to them is told.
        self._reply(number, places, before, value, error, origin)
        del operands

    def _reply(
        self, number: int, places: list[Any], before: list[Any], value: object, error: Any, origin: int | None
    ) -> None:
        sent = len(before)
        encoder = Encoder(self, places)
        try:
            changed = [index for index in range(sent) if differs(places[index], before[index])]
            backs = [[index, encoder.contents(places[index])] for index in changed]
            if error is None:
                frame = self._frame(encoder, ["reply", number], [backs, encoder.encode(value)])
            else:
                frame = self._frame(encoder, ["raised", number], [backs, self._write_exception(error), origin])
        except Exception as failure:  # what the answer gave cannot cross: that is its error
            encoder.undo()
            encoder = Encoder(self, places[:sent])
            frame = self._frame(encoder, ["raised", number], [[], self._write_exception(failure), None], in_step=False)
        wire.push(self._sock, frame)

    def _perform(self, what: str, whose: int, operands: list[Any], seconds: Any) -> object:
        """Do what was asked for."""
        if self._lookup is not None:
            if what == "reset":
                self.table = Table()
                return None
            if what == "fetch":
                try:
                    return True, self._lookup(operands[0])
                except NameError:
                    return False, None
        entry = self.table.given.get(whose)
        if entry is None or what not in OPERATIONS:
            raise self._end(WireError("an object that was never given"))
        if entry.uses is not None:
            offers.check(entry.uses, what, operands, entry.value())
        with self.around_call(seconds):
            self._inside = False
            try:
                return OPERATIONS[what](entry.value(), *operands)
            finally:
                self._inside = True

    # Objects that both sides know.

    def _frame(self, encoder: Encoder, start: list[Any], body: list[Any], *, in_step: bool = True) -> list[Any]:
        """A message ready to be sent, with all that has changed since the last one, unless that is what cannot be."""
        changes, marked = [], []
        gone = self.table.pin()
        try:
            for entry, value in self.table.changed(encoder.given) if in_step else ():
                marked.append(entry)
                assert entry.kind is not None
                changes.append([entry.given, entry.number, entry.kind.state(value, encoder)])
            return wire.pack([*start, gone, changes, *body], encoder.blobs, max_bytes=self.max_bytes)
        except BaseException:
            self.table.restore(gone, marked)
            raise

    def _step(self, decoder: Decoder, gone: Any, changes: Any) -> None:
        """Take note of what has become of the objects that both sides know."""
        for number in gone:
            if type(number) is not int or number not in self.table.given:
                raise WireError("an object that was never given")
            self.table.release(self.table.given[number])
        for theirs, number, coded in changes:
            if type(theirs) is not bool:
                raise WireError("not a change")
            entries = self.table.received if theirs else self.table.given
            entry: Entry | None = entries.get(number) if type(number) is int else None
            value = None if entry is None else entry.value()
            if entry is None or value is None or entry.kind is None:
                raise WireError("a change of an object that is not known")
            if entry.given and not self.trusted:
                self._undo.remember(value, entry.kind)
            entry.kind.update(value, coded, decoder)
            entry.mark = entry.kind.mark(value)
        decoder.finish()
        self.table.unpin()  # only now: the message may have referred to what nothing else holds

    # Objects that stay where they are.

    def write_other(self, value: object, encoder: Encoder) -> Coded:
        """Code what is no plain value: by content if it can be rebuilt, else as a handle if it may be used."""
        if type(value) is Handle:  # one of this cell would have been known
            raise _too_late(state_of(value))
        coded = others.write(value, encoder)
        if coded is not None:
            return coded
        uses, sort = (None, offers.sort_of(value)) if self.trusted else offers.to_answer(value, self.own_modules)
        name = getattr(value, "__name__", None) if sort != "object" else None
        return ["handle", encoder.give(value, uses=uses), type(value).__name__, name, sort]

    def read_handle(self, decoder: Decoder, number: Any, type_name: Any, name: Any, sort: Any) -> object:
        """The handle of an object of the other side; the same one for the same object."""
        known = self.table.received.get(number) if type(number) is int else None
        value = None if known is None else known.value()
        if known is not None and value is not None:
            if known.kind is not None:
                raise WireError("not an object that has a handle")
            return value
        if sort == "module" and (module := names.loaded_module(name)) is not None:
            self.table.refuse(number)
            return module
        return decoder.receive(number, self.new_handle(number, type_name, name, sort))

    def new_handle(self, number: int, type_name: Any, name: Any = None, sort: Any = "object") -> object:
        """A handle of an object of the other side."""
        state = State(self, self.table, number, type_name, name)
        return proxy(state) if self.trusted and sort == "function" else Handle(state)

    def read_other(self, decoder: Decoder, *words: Any) -> object:
        """What `write_other` wrote by content."""
        return others.read(decoder, *words)

    # Exceptions.

    def _write_exception(self, error: BaseException) -> Coded:
        if self.trusted:
            return exceptions.write(error, own_file=self.own_file)
        # The answer learns what kind of exception its caller has, but no assertion's text.
        return exceptions.write(error, message=not isinstance(error, AssertionError))

    def _origin(self, error: BaseException) -> int | None:
        """Remember an exception of a test's function, or recognise it when it comes through the answer."""
        if not self.trusted:
            if len(self._raised) >= MAX_ORIGINS:
                return None
            self._raised.append(error)
            return len(self._raised) - 1
        return next((origin for origin, each in enumerate(self._raised) if each is error), None)

    def _read_exception(self, coded: Any, origin: Any) -> BaseException:
        error = exceptions.read(coded)
        if self.trusted:
            if type(origin) is int:
                self._raised += [None] * (origin + 1 - len(self._raised))
                self._raised[origin] = error
            return error
        if origin is None:
            return error
        known = self._raised[origin] if type(origin) is int and 0 <= origin < len(self._raised) else None
        if known is None:
            raise WireError("not an exception of the test")
        return known

    # The end of the link.

    def _end(self, error: BaseException) -> RemoteGone:
        broken = not isinstance(error, (EOFError, OSError))
        text = f"the answer's process broke the protocol: {error}" if broken else "the answer's process is gone"
        if self.gone is None:
            self.gone = RemoteGone(text, broken=broken)
        return self.gone

    @contextlib.contextmanager
    def _unbroken(self) -> Any:
        """Whatever goes wrong in the midst of a conversation ends it: nobody knows where the next message begins."""
        try:
            with checked():
                yield
        except RemoteGone:
            raise
        except (WireError, EOFError, OSError) as error:
            raise self._end(error) from None
        except BaseException as error:
            self._end(error)
            raise


def _too_late(state: State) -> RuntimeError:
    return RuntimeError(f"an object of type {state.type_name} of an earlier test cell cannot be used any more")
