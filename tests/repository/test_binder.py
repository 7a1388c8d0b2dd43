"""Binder's files do what they say, as far as that shows without building an image; `make binder-check` goes further."""

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from repo2docker.app import Repo2Docker
from repo2docker.buildpacks import PythonBuildPack

from bench.binder import MEGABYTES
from bench.cap import capped
from bench.hub import memory
from dlcourse.device import THREAD_VARIABLES, available_cores
from dlcourse.lab import JUPYTER_SETTINGS, START_PAGE

ROOT = Path(__file__).resolve().parents[2]
BINDER = ROOT / "binder"
PACKAGES = set(re.findall(r"^([A-Za-z0-9._-]+)==", (BINDER / "requirements.txt").read_text(), flags=re.MULTILINE))
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def dockerfile(monkeypatch: pytest.MonkeyPatch) -> str:
    """What repo2docker would hand to Docker for this repository."""
    monkeypatch.chdir(ROOT)
    for kind in Repo2Docker().buildpacks:  # in the order in which repo2docker asks them
        pack = kind("ubuntu")
        pack.platform = "linux/amd64"
        if pack.detect():
            assert kind is PythonBuildPack, "another file in binder/ takes precedence over requirements.txt"
            assert pack.python_version == "3.11"
            return pack.render(build_args={})
    raise AssertionError("no build pack takes this repository")


def test_image_is_built_in_an_order_that_keeps_the_packages_cached(dockerfile: str) -> None:
    steps = [
        "/tmp/install-base-env.bash",  # Python and Jupyter
        "COPY --chown=1000:1000 src/binder/requirements.txt",
        '/bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        "COPY --chown=1000:1000 src/ ${REPO_DIR}/",  # only here a new commit begins to matter
        "RUN ./binder/postBuild",
        'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"',
    ]
    places = [dockerfile.find(step) for step in steps]
    assert -1 not in places and places == sorted(places)
    assert dockerfile.count("pip install") == 1  # nothing else of the repository is installed but by postBuild


def test_image_is_lean() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    tools = {re.match(r"[\w-]+", line)[0] for line in extras["dev"]} - {"pyyaml"}  # which Jupyter needs itself
    assert {"pytest", "ruff", "playwright"} <= tools
    unwanted = tools | {"tensorflow-gpu", "jax", "torch", "distributed", "psycopg"}
    assert {name for name in PACKAGES if name in unwanted or name.startswith("nvidia")} == set()
    assert {"tensorflow-cpu", "jupyterlab", "nbgrader", "nbgitpuller"} <= PACKAGES


def test_post_build_installs_our_packages(tmp_path: Path) -> None:
    called = tmp_path / "called"
    (tmp_path / "pip").write_text(f'#!/bin/sh\necho "$PWD $*" >"{called}"\n')
    (tmp_path / "pip").chmod(0o755)
    subprocess.run([BINDER / "postBuild"], cwd=ROOT, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)
    assert called.read_text().split() == [str(ROOT), "install", "--no-cache-dir", "--no-deps", "."]


def test_settings_name_the_start_page_whichever_program_the_hub_starts() -> None:
    settings = {}
    for path in JUPYTER_SETTINGS.glob("jupyter_*_config.json"):
        settings |= json.loads(path.read_text())
    page = {"default_url": f"/lab/tree/{START_PAGE}"}
    assert settings == {"ServerApp": page, "LabApp": page}  # JupyterHub starts the one, Binder the other


@pytest.mark.parametrize("there", [None, "/etc/hub"])
def test_start_uses_these_settings_before_others(there: str | None) -> None:
    environment = ENVIRONMENT | ({"JUPYTER_CONFIG_PATH": there} if there else {})
    start = ["bash", BINDER / "start", "sh", "-c", "echo $JUPYTER_CONFIG_PATH"]
    printed = subprocess.run(start, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert printed.strip().split(":") == [str(JUPYTER_SETTINGS), *filter(None, [there])]


def test_start_caps_the_threads_and_runs_the_rest() -> None:
    start = ["bash", BINDER / "start", sys.executable, "-c", "import os; print(dict(os.environ))"]
    printed = subprocess.run(start, env=ENVIRONMENT, cwd=BINDER.parent, capture_output=True, text=True, check=True)
    launched = eval(printed.stdout)
    assert {launched[name] for name in THREAD_VARIABLES} == {str(available_cores())}
    assert launched["TF_CPP_MIN_LOG_LEVEL"] == "3" and launched["TF_ENABLE_ONEDNN_OPTS"] == "0"
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


def test_the_cap_of_the_check_holds() -> None:
    hog = "from dlcourse import cgroup; print(cgroup.memory_limit(), cgroup.cpu_limit()); x = bytearray(200 * 2**20)"
    with capped(64) as cap:
        result = subprocess.run([*cap.prefix, sys.executable, "-c", hog], cwd=ROOT, capture_output=True, text=True)
    if cap.prefix:
        assert result.stdout.split()[0] == str(64 * 2**20) and result.stdout.split()[1] == "1.0"
        assert result.returncode < 0 or result.returncode > 128, "it was not killed"
    else:
        assert result.returncode == 0 and "only measured" in cap.how
    assert MEGABYTES == 1024


def test_a_machine_without_control_groups_only_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no systemd-run either
    for controller in ("memory", "cpu"):
        (tmp_path / controller).mkdir()
        (tmp_path / controller / "cgroup.procs").touch()  # there, but nothing happens
    with pytest.raises(FileNotFoundError, match="mine"), capped(64, top=tmp_path) as cap:
        assert cap.prefix == () and "only measured" in cap.how
        raise FileNotFoundError("mine")


def test_memory_is_counted_with_all_children() -> None:
    hog = "import sys; x = bytearray(100 * 2**20); print('ready', flush=True); sys.stdin.read()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hog!r}])"
    before = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        private, resident = memory(process.pid)
        process.stdin.close()
    assert 100 < private < 150 and private < resident < 250 and time.monotonic() - before < 60
    assert memory(process.pid) == (0, 0)  # it has gone
