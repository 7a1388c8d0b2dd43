"""Grades the course's notebooks: release, grade, feedback, report, and the audit that tests the tests."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.library import NotebookResult, grade_notebook

__all__ = ["NotebookResult", "grade_notebook"]


def __getattr__(name: str) -> Any:
    """Import the library when it is asked for: notebooks take a second to import."""
    if name in __all__:
        from autograder import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
