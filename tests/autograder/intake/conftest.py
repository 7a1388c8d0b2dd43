"""What platforms hand over, made as they make it."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from tests.autograder.small_course import find, solved

DAY = datetime(2026, 3, 1, 12, 0, 0)


def notebook_bytes(course: Course, answer: str = "def add(a, b):\n    return a + b") -> bytes:
    """A notebook that is handed in; another answer makes another one."""
    notebook = solved(course)
    find(notebook, "add").source = answer
    return nbformat.writes(notebook).encode()


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    """Makes a zip file: names to contents, or to a time and a content."""

    def make(files: Mapping[str, bytes | tuple[datetime, bytes]], name: str = "class.zip") -> Path:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, given in files.items():
                time, data = given if isinstance(given, tuple) else (DAY, given)
                info = zipfile.ZipInfo("placeholder", time.timetuple()[:6])
                info.filename = info.orig_filename = path  # whatever it is: ZipInfo would mend it
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, data)
        (tmp_path / name).write_bytes(content.getvalue())
        return tmp_path / name

    return make
