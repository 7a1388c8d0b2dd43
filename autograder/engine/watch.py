"""Watches running processes from outside, and kills what goes beyond its limits: whatever is in them, this holds."""

import threading
import time
from dataclasses import dataclass, field

from autograder.engine.job import Ended
from autograder.engine.limits import Limits
from autograder.engine.sandbox import kill_tree, usage

PERIOD_SECONDS = 0.1  # between looks at the clock
USAGE_SECONDS = 0.3  # between looks at memory and processes, which cost more


@dataclass(eq=False)
class Watched:
    """A process that is watched, with all that it starts."""

    pid: int
    limits: Limits
    stop: threading.Event | None = None
    """Kill it when this is set."""
    deadline: float | None = None
    """When to kill it (monotonic seconds)."""
    allowed: float = 0.0
    """How many seconds it was given until then, for the message."""
    killed: tuple[Ended, str] | None = None
    """Why it was killed, if it was."""
    peak_megabytes: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    finished: bool = False

    def kill(self, ended: Ended, why: str) -> None:
        """Kill it with all that it has started; the first reason counts."""
        with self.lock:
            if not self.finished:
                self.killed = self.killed or (ended, why)
                kill_tree(self.pid)

    def finish(self) -> None:
        """Kill what is left, and kill nothing any more: the number may soon be another process's."""
        with self.lock:
            if not self.finished:
                kill_tree(self.pid)
                self.finished = True


class Watch:
    """Watches processes from a thread of its own."""

    def __init__(self) -> None:
        """Begin with nothing to watch."""
        self._watched: set[Watched] = set()
        self._changed = threading.Condition()
        self._closed = False
        threading.Thread(target=self._run, name="watch", daemon=True).start()

    def add(self, watched: Watched) -> None:
        """Watch a process from now on."""
        with self._changed:
            self._watched.add(watched)
            self._changed.notify()

    def remove(self, watched: Watched) -> None:
        """Stop watching it."""
        with self._changed:
            self._watched.discard(watched)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        next_usage = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._watched or self._closed)
                if self._closed:
                    return
                watched = list(self._watched)
            now = time.monotonic()
            look = now >= next_usage
            if look:
                next_usage = now + USAGE_SECONDS
            for each in watched:
                self._look(each, now, look)
            time.sleep(PERIOD_SECONDS)

    def _look(self, each: Watched, now: float, look_at_usage: bool) -> None:
        if each.stop is not None and each.stop.is_set():
            each.kill(Ended.NOT_RUN, "grading was stopped")
        elif each.deadline is not None and now > each.deadline:
            each.kill(Ended.TIMEOUT, f"stopped after {each.allowed:g} s")
        elif look_at_usage and not each.finished:
            used = usage(each.pid, enough=each.limits.memory_megabytes)
            each.peak_megabytes = max(each.peak_megabytes, used.megabytes)
            if used.megabytes > each.limits.memory_megabytes:
                each.kill(Ended.MEMORY, f"it used more than {each.limits.memory_megabytes} MB of memory")
            elif used.processes > each.limits.processes:
                each.kill(Ended.KILLED, f"it started more than {each.limits.processes} processes")
