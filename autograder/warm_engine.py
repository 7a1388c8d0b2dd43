"""One engine for several assignments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from autograder.course import Course

if TYPE_CHECKING:
    from autograder.engine.engine import Engine


class WarmEngine:
    """An engine that starts when it is first needed. Use it in a `with` statement."""

    def __init__(self, sandbox: Any = "full") -> None:
        """Remember how to start it."""
        self._sandbox = sandbox
        self._engine: Engine | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """End the engine, if there is one."""
        if self._engine is not None:
            self._engine.close()

    def importing(self, modules: Sequence[str]) -> "Engine":
        """Return the engine, which has these modules imported for what it runs from now on.

        Raises:
            EngineError: if there can be none here.
        """
        from autograder.engine.engine import Engine

        if self._engine is None:
            self._engine = Engine(modules, sandbox=self._sandbox)
        else:
            self._engine.prepare(modules)
        return self._engine


def lightest_first(course: Course, assignments: Sequence[str]) -> list[str]:
    """Sort assignments by how much they import: a process is forked the faster, the less has been imported before."""
    if len(assignments) < 2:  # then nothing needs to be read
        return list(assignments)
    from autograder.notebook import read_notebook
    from autograder.unit import modules_of

    def weight(name: str) -> tuple[bool, int]:
        modules = {module for path in course.notebooks(name) for module in modules_of(read_notebook(path))}
        return bool(modules & {"keras", "tensorflow", "jax", "torch"}), len(modules)

    return sorted(assignments, key=weight)
