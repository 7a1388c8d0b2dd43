"""Python's syntax trees, one at a time: before Python 3.13 threads that build them at once disturb each other.

Some of them then get a SystemError (AST constructor recursion depth mismatch), because the depth is counted for all
threads together.
"""

import ast
import threading

_lock = threading.Lock()


def parse(source: str) -> ast.Module:
    """Do what `ast.parse` does, in any thread."""
    with _lock:
        return ast.parse(source)
