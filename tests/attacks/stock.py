"""Grades one submission with plain nbgrader, as formgrader does: both steps in one process, which spares a start."""

import sys
from pathlib import Path

from nbgrader.apps import NbGraderAPI

from autograder.course import load_config
from tests.attacks.exercise import ASSIGNMENT

if __name__ == "__main__":
    nbgrader = NbGraderAPI(config=load_config(Path.cwd()))
    for step in (nbgrader.autograde, nbgrader.generate_feedback):
        result = step(ASSIGNMENT, sys.argv[1])
        print(result["log"], result.get("error", ""), flush=True)
