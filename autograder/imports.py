"""What notebooks import, found without importing what reads notebooks: the engine starts with it, early."""

import ast
import json
from collections.abc import Iterable

from autograder.syntax import parse


def modules_of_files(contents: Iterable[bytes]) -> tuple[str, ...]:
    """Find the modules that notebooks import, given their files; one that cannot be read has none."""
    sources: list[str] = []
    for content in contents:
        try:
            cells = json.loads(content)["cells"]
            sources += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        except (ValueError, KeyError, TypeError):  # whoever reads it as a notebook will say what is wrong
            continue
    return tuple(imported_modules(sources))


def imported_modules(cells: Iterable[str]) -> list[str]:
    """Find the modules that cells import, in order.

    Names that a package may or may not hold as modules (`from a import b`) are among them.
    """
    found: dict[str, None] = {}
    for source in cells:
        try:
            tree = parse(source)
        except SyntaxError:  # magics, for example
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found.update(dict.fromkeys(alias.name for alias in node.names))
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module] = None
                found.update(dict.fromkeys(f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*"))
    return list(found)
