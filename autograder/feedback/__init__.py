"""What participants get back: the pages, and what is left out of them."""

from typing import Any

__all__ = ["HideTests"]


def __getattr__(name: str) -> Any:
    """Import the preprocessor when nbgrader asks for it: what else is in here needs none of nbgrader."""
    if name in __all__:
        from autograder.feedback.hidden import HideTests

        return HideTests
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
