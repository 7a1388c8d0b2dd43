"""What `make lab` says before JupyterLab starts, and how it starts it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import jupyterlab
import pytest
from jupyterlab_server.config import get_page_config

from dlcourse import lab

ROOT = Path(__file__).resolve().parents[2]


def test_finds_the_course_from_a_folder_below() -> None:
    assert lab.find_root(ROOT / "exercises" / "01-perceptron") == ROOT


def test_nothing_stands_in_the_way_here() -> None:
    assert lab.problem(ROOT, None) is None


@pytest.mark.parametrize(
    ("root", "port", "python", "says"),
    [
        (ROOT, None, (3, 9, 2), "needs Python 3.11 or newer, and this is 3.9.2"),
        (None, None, (3, 12, 0), "start from the course's folder"),
        (ROOT, 70_000, (3, 12, 0), "Port 70000 does not exist"),
    ],
)
def test_says_what_to_do(root, port, python, says: str) -> None:
    assert says in lab.problem(root, port, python)


def test_port_in_use_is_one_line_and_a_failure() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "dlcourse.lab", "--no-browser", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        f"lab: Port {port} is in use: stop what runs there, or choose another, e.g. --port {port + 1}."
    ]


@pytest.mark.parametrize("arguments", [["--port", "abc"], ["--port=8.5"], ["--no-browser", "--port"]])
def test_what_is_no_port_is_one_line_and_a_failure(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert lab.main(arguments) == 2
    assert capsys.readouterr().err.splitlines() == [
        "lab: A port is a whole number between 1024 and 65535, for example --port 8890."
    ]


def test_outside_the_course_is_one_line(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    line = [sys.executable, "-m", "dlcourse.lab"]
    result = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert result.returncode == 2 and len(result.stderr.splitlines()) == 1


def test_command_opens_the_start_page_and_passes_the_rest_on() -> None:
    line = lab.command(ROOT, 9999, ["--no-browser", "--ServerApp.token=x"])
    assert f"--LabApp.default_url=/lab/tree/{lab.START_PAGE}" in line
    assert "--ServerApp.port=9999" in line and "--ServerApp.port_retries=0" in line
    assert line[-2:] == ["--no-browser", "--ServerApp.token=x"]
    assert (ROOT / lab.START_PAGE).is_file()


def test_jupyterlab_is_started_with_the_courses_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    started = {}
    monkeypatch.setattr(lab.os, "execve", lambda program, line, environment: started.update(environment))
    monkeypatch.setattr("dlcourse.device.cap_threads", lambda: 1)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/etc/hub")
    monkeypatch.chdir(ROOT)
    assert lab.main([]) == 0
    assert started["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(lab.JUPYTER_SETTINGS), "/etc/hub"]


def test_settings_switch_off_an_extension_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(lab.JUPYTER_SETTINGS))
    (name,) = json.loads((lab.JUPYTER_SETTINGS / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
    assert name in get_page_config([])["disabledExtensions"]
    # JupyterLab's own code names what may be switched off.
    code = (Path(jupyterlab.__file__).parent / "static").glob("*.js")
    assert any(name.encode() in path.read_bytes() for path in code)
