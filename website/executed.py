"""Chapters with their outputs, each run once: it runs again when its text, the helper package or a version changes.

The runs lie in artifacts/executed/, a file for each chapter, named after what it was made of.
"""

import hashlib
import os
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from bench.notebooks import ROOT, run

CACHE = ROOT / "artifacts" / "executed"


def key(notebook: Path) -> str:
    """Return what a run of a notebook depends on, as a hash: its cells, dlcourse, its data, and all versions."""
    read = [notebook, ROOT / "requirements" / "course.txt"]
    package = ROOT / "dlcourse"
    read += sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for path in read:
        digest.update(f"{path.relative_to(package) if path.is_relative_to(package) else path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def executed(path: Path, cache: Path = CACHE) -> NotebookNode:
    """Return a notebook with its outputs: from the cache, or else of a fresh run without network.

    Raises:
        RuntimeError: if a cell fails, or writes to stderr.
    """
    kept = cache / f"{path.stem}-{key(path)}.ipynb"
    if not kept.exists():
        print(f"running {path.name} …", flush=True)
        result = run(path)
        if trouble := result.error or result.stderr():
            raise RuntimeError(f"{path.name} does not run cleanly, so there is nothing to show of it:\n{trouble}")
        cache.mkdir(parents=True, exist_ok=True)
        for older in cache.glob(f"{path.stem}-????????????????.ipynb"):
            older.unlink()
        part = kept.with_suffix(".part")
        nbformat.write(result.notebook, part)
        os.replace(part, kept)
    return nbformat.read(kept, as_version=4)
