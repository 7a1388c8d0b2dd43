"""What a result depends on, as digests: the same key, the same result."""

import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.engine.limits import Limits

if TYPE_CHECKING:
    from nbformat import NotebookNode

_PACKAGES = ("numpy", "keras", "tensorflow", "tensorflow-cpu", "jax", "scikit-learn", "matplotlib", "ipython")
# What of this package makes a result; what stores, shows or prints it does not.
_MODULES = ("blank", "executed", "jobs", "notebook", "result", "sanitize", "submission", "syntax", "unit", "verdict")


def digest(*parts: Any) -> str:
    """Return a digest of bytes, texts and whatever JSON can write."""
    made = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode()
        made.update(f"{type(part).__name__} {len(content)}\n".encode())
        made.update(content)
    return made.hexdigest()


def files_digest(files: Mapping[str, bytes]) -> str:
    """Return a digest of files, given by path."""
    return digest(*(part for name in sorted(files) for part in (name, files[name])))


@cache
def grader_version() -> str:
    """Return the version of this grader, with a digest of the code that makes results."""
    here = Path(__file__).resolve().parent
    files = [here / f"{name}.py" for name in _MODULES]
    for folder in (here / "engine", here.parent / "dlcourse"):  # the tests call dlcourse
        files += sorted(path for path in folder.rglob("*.py"))
    contents = {str(path.relative_to(here.parent)): path.read_bytes() for path in files}
    return f"{importlib.metadata.version('deep-learning-course')}+{files_digest(contents)[:12]}"


@cache
def environment() -> tuple[str, ...]:
    """Return the versions of what submissions run on."""
    versions = [f"autograder {grader_version()}", f"python {sys.version.split()[0]} {sys.platform}"]
    for name in _PACKAGES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return tuple(versions)


@dataclass(frozen=True)
class Conditions:
    """Under which submissions run."""

    limits: Limits
    sandbox: str = "full"
    seed: int = 0

    @cached_property
    def key(self) -> str:
        """A digest of them, and of the software."""
        return digest(environment(), asdict(self.limits), self.sandbox, self.seed)


def unit_key(source: bytes, settings: str, given: str, submission: bytes, files: str, conditions: Conditions) -> str:
    """Return the key of one notebook's result.

    Args:
        source: the solution notebook's file.
        settings: digest of the settings that say how the release is made from it.
        given: digest of what lies beside the solution.
        submission: the notebook that was handed in.
        files: digest of what was handed in beside it.
        conditions: under which it runs.
    """
    return digest(source, settings, given, submission, files, conditions.key)


def base_key(source: "NotebookNode", given: str, submission: bytes, files: str, conditions: Conditions) -> str:
    """Return a key of all that a result depends on but the tests."""
    from autograder.notebook import code_cells, grade_id, is_test

    rest = [(grade_id(cell), cell.source) for cell in code_cells(source) if not is_test(cell)]
    return digest(rest, given, submission, files, conditions.key)


def keys_of_tests(source: "NotebookNode") -> dict[str, str]:
    """Return a digest, without the points, of each test of a notebook that uses no name of another's."""
    from autograder.jobs import independent
    from autograder.notebook import code_cells, grade_id, is_test

    above: list[str | None] = []
    texts: dict[str, str] = {}
    keys: dict[str, str] = {}
    for cell in code_cells(source):
        name = grade_id(cell)
        if is_test(cell):
            texts[name] = cell.source
            keys[name] = digest(cell.source, above)
        else:
            above.append(name)
    alone = independent(texts)
    return {name: key for name, key in keys.items() if name in alone}
