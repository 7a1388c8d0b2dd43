"""What is left out at start, because it takes long and nobody needs it."""

import sys

_NEVER_USED = ("rfc3987_syntax",)
"""jsonschema, which nbformat imports, looks for this to check addresses by. It compiles a grammar for a second or two
when it is imported, and no schema of a notebook holds an address."""


def import_quickly() -> None:
    """Let these be missing in this process: who looks for them does without. For commands, not for a library."""
    for name in _NEVER_USED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
