"""Binder's scripts do what they say, as far as that shows without building an image."""

import os
import subprocess
import sys
from pathlib import Path

from dlcourse.device import THREAD_VARIABLES, available_cores

BINDER = Path(__file__).resolve().parents[2] / "binder"
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_start_caps_the_threads_and_runs_the_rest() -> None:
    start = ["bash", BINDER / "start", sys.executable, "-c", "import os; print(dict(os.environ))"]
    printed = subprocess.run(start, env=ENVIRONMENT, cwd=BINDER.parent, capture_output=True, text=True, check=True)
    launched = eval(printed.stdout)
    assert {launched[name] for name in THREAD_VARIABLES} == {str(available_cores())}
    assert printed.stderr == ""


def test_start_launches_even_without_the_package(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    start = ["bash", BINDER / "start", "echo", "launched"]
    result = subprocess.run(start, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert result.stdout == "launched\n" and result.returncode == 0


def test_scripts_are_executable_bash() -> None:
    for name in ("postBuild", "start"):
        assert os.access(BINDER / name, os.X_OK)
        subprocess.run(["bash", "-n", BINDER / name], check=True)
