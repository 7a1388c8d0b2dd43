"""Plain nbgrader, from a shell."""

import os
import subprocess
import sys
from pathlib import Path

from autograder.course import Course


def nbgrader(course: Course, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command from the course's root, in an environment where nothing has been activated."""
    program = Path(sys.executable).with_name("nbgrader")
    environment = {**os.environ, "PATH": os.defpath}
    result = subprocess.run(
        [program, *arguments], cwd=course.root, env=environment, capture_output=True, text=True, check=False
    )
    assert not check or result.returncode == 0, result.stderr
    return result
