"""Grading on a Dask cluster: a real scheduler and real workers, which share no folder with this process."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest

from autograder.blank import release_notebook
from autograder.cluster import ClusterRunner
from autograder.course import Course, find_course
from autograder.engine.errors import EngineError
from autograder.engine.limits import Limits
from autograder.grade import grade
from autograder.unit import make_request
from tests.autograder.small_course import ASSIGNMENT, REPOSITORY, find, make_solution, submit

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]
SLOW = "import time\ntime.sleep(1)"


class Cluster:
    """A scheduler and its workers, each a process with an empty folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen] = []
        file = folder / "scheduler.json"
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        _wait_for(file.exists)
        time.sleep(0.2)
        self.address = json.loads(file.read_text())["address"]

    def start_worker(self) -> subprocess.Popen:
        return self._start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")

    def close(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, program: str, *arguments: str) -> subprocess.Popen:
        folder = self._folder / f"{program}-{len(self._processes)}"
        folder.mkdir()
        command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments, "--no-dashboard"]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        self._processes.append(process)
        return process


@pytest.fixture(scope="module")  # the tests go through its life, in order
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()


def _wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def connect(cluster: Cluster, workers: int, stop: threading.Event | None = None) -> ClusterRunner:
    """Connect as soon as so many workers are there."""
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
    return ClusterRunner(cluster.address, stop or threading.Event())


def request(answer: str) -> dict:
    source = make_solution()
    submission = deepcopy(source)
    find(submission, "add").source = answer
    release = release_notebook(source, find_course(REPOSITORY).config)
    contents = (nbformat.writes(notebook) for notebook in (source, release))
    return make_request(*contents, nbformat.writes(submission).encode(), limits=Limits(cell_seconds=20))


def points(result: dict) -> dict[str, float]:
    return {judged["question"]: sum(cell["points"] or 0.0 for cell in judged["cells"]) for judged in result["judged"]}


def test_no_workers_and_no_scheduler(cluster: Cluster) -> None:
    with pytest.raises(EngineError, match="no workers"):
        ClusterRunner(cluster.address, threading.Event())
    with pytest.raises(EngineError, match="No Dask scheduler answers"):
        ClusterRunner("tcp://127.0.0.1:9", threading.Event())


def test_a_worker_that_is_killed_half_way_costs_nothing(cluster: Cluster) -> None:
    victim, _ = cluster.start_worker(), cluster.start_worker()
    answers = [f"{SLOW}\ndef add(a, b):\n    return a + b + {n % 2}" for n in range(8)]
    with connect(cluster, 2) as runner:
        assert runner.workers == 2
        futures = [runner.submit(f"s{n}", lambda a=answer: request(a)) for n, answer in enumerate(answers)]
        _wait_for(lambda: any(future.done() for future in futures), 120)
        os.kill(victim.pid, signal.SIGKILL)
        results = [future.result(timeout=120) for future in futures]
    earned = [points(result)["add"] for result in results]
    assert earned[::2] == [earned[0]] * 4 and earned[0] > 0
    assert earned[1::2] == [0.0] * 4


def test_a_class_is_graded_on_the_cluster(cluster: Cluster, course: Course) -> None:
    submit(course, "ada")
    submit(course, "bob", lambda notebook: find(notebook, "add").update(source="def add(a, b):\n    return a - b"))
    graded = grade(course, ASSIGNMENT, scheduler=cluster.address, feedback=False)
    marks = {result.student: {q.question: q.points for q in result.questions} for result in graded.results}
    assert marks["ada"]["add"] > 0 and marks["bob"]["add"] == 0
    assert marks["ada"]["double"] == marks["bob"]["double"] == 3
    assert graded.counts == {"graded": 2} and "file system" in graded.layers
    assert grade(course, ASSIGNMENT, scheduler="tcp://127.0.0.1:9", feedback=False).counts == {"unchanged": 2}


def test_stopping_drops_what_runs(cluster: Cluster) -> None:
    stop = threading.Event()
    with connect(cluster, 1, stop) as runner:
        future = runner.submit("endless", lambda: request("while True:\n    pass"))
        _wait_for(lambda: runner.running() == ["endless"])
        stop.set()
        with pytest.raises(EngineError, match="stopped"):
            future.result(timeout=20)


def test_a_scheduler_that_goes_away(cluster: Cluster) -> None:
    with connect(cluster, 1) as runner:
        future = runner.submit("slow", lambda: request("import time\ntime.sleep(10)"))
        _wait_for(lambda: runner.running() == ["slow"])
        cluster.close()
        with pytest.raises(EngineError, match="connection"):
            future.result(timeout=60)
