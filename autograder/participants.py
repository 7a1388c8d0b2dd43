"""The command `autograder` where only the course is installed, without the packages that instructors need: `check`."""

import argparse
import sys
from pathlib import Path

from autograder.course import CourseError

_MORE = (
    "autograder: {command} is for instructors and needs more packages: `make grade` in the course's folder installs "
    'them, or pip install "deep-learning-course[grading]". Here, there is: autograder check NOTEBOOK'
)


def app(prog_name: str = "autograder") -> None:
    """Run `autograder check NOTEBOOK`, or say what is missing for anything else."""
    parser = argparse.ArgumentParser(prog=prog_name, description="Run the tests that you can see on your notebook.")
    parser.add_argument("command", metavar="check", help="the only command here; the others are for instructors")
    parser.add_argument("notebook", metavar="NOTEBOOK", nargs="*", type=Path, help="your exercise notebook")
    arguments, _ = parser.parse_known_args()
    if arguments.command != "check":
        sys.exit(_fail(_MORE.format(command=arguments.command)))
    if len(arguments.notebook) != 1:
        parser.error("name one notebook")
    from autograder.check import check_notebook, text

    try:
        report = check_notebook(arguments.notebook[0])
    except CourseError as error:
        sys.exit(_fail(f"autograder: {error}"))
    print(text(report))
    sys.exit(0 if report.passed else 1)


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2
