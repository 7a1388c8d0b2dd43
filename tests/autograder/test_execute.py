"""The warm executor: what a kernel would record, within limits, and nothing left behind."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.execute import Execution, Executor, ExecutorError, Job, Limits
from autograder.verdict import KILLED_ERROR, TIMEOUT_ERROR


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    limits = Limits(cell_seconds=1, total_seconds=6, memory_megabytes=500)
    with Executor(["numpy", "no_such_module"], jobs_at_once=2, limits=limits) as started:
        yield started


def run(executor: Executor, *cells: str, folder: Path = Path("/"), seed: int = 0) -> Execution:
    (execution,) = executor.run([Job(0, cells, folder, seed)])
    return execution


def text(outputs: list[dict], kind: str = "stdout") -> str:
    return "".join(o["text"] for o in outputs if o["output_type"] == "stream" and o["name"] == kind)


def names(execution: Execution) -> list[str | None]:
    """The error of each cell, or None."""
    return [next((o["ename"] for o in outputs if o["output_type"] == "error"), None) for outputs in execution.outputs]


def test_records_what_a_kernel_would(executor: Executor) -> None:
    execution = run(
        executor,
        "import sys\nprint('out'); print('err', file=sys.stderr)\n40 + 2",
        "1;",
        "None",
        "raise ValueError('no')",
        "x =",
        "display(1)\n_ = 3",
        "import numpy as np\nnp.float64(2)",
    )
    outputs = execution.outputs
    assert (text(outputs[0]), text(outputs[0], "stderr")) == ("out\n", "err\n")
    assert outputs[0][-1]["data"] == {"text/plain": "42"}
    assert outputs[1] == outputs[2] == []
    assert (outputs[3][0]["ename"], outputs[3][0]["evalue"]) == ("ValueError", "no")
    assert "raise ValueError" in "\n".join(outputs[3][0]["traceback"])
    assert outputs[4][0]["ename"] == "SyntaxError" and "line 1" in outputs[4][0]["evalue"]
    assert [o["output_type"] for o in outputs[5]] == ["display_data"]
    assert outputs[6][0]["data"] == {"text/plain": "np.float64(2.0)"}


def test_cells_share_a_namespace_and_jobs_do_not(executor: Executor) -> None:
    assert names(run(executor, "a = 1", "a")) == [None, None]
    assert names(run(executor, "a")) == ["NameError"]


def test_runs_in_its_folder(executor: Executor, tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("value = 5")
    execution = run(executor, "import os, beside\nos.getcwd(), beside.value", folder=tmp_path)
    assert execution.outputs[0][0]["data"]["text/plain"] == str((str(tmp_path), 5))


@pytest.mark.parametrize(
    "loop",
    [
        "while True: pass",
        "try:\n    while True: pass\nexcept Exception: pass",
        "import time; time.sleep(60)",
    ],
)
def test_an_endless_cell_is_interrupted_and_later_ones_run(executor: Executor, loop: str) -> None:
    execution = run(executor, "a = 1", loop, "a")
    assert names(execution) == [None, TIMEOUT_ERROR, None]
    assert execution.outputs[1][-1]["evalue"] == "stopped after 1 s"
    assert execution.seconds < 4


def test_a_loop_that_catches_everything_is_killed(executor: Executor) -> None:
    loop = "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException: pass"
    execution = run(executor, "1", loop, "1")
    assert names(execution) == [None, TIMEOUT_ERROR, KILLED_ERROR]
    assert "did not run" in execution.outputs[2][0]["evalue"]
    assert execution.seconds < 5


def test_many_slow_cells_run_into_the_limit_of_all(executor: Executor) -> None:
    execution = run(executor, *["import time; time.sleep(0.9)"] * 12)
    assert names(execution)[0] is None and names(execution)[-1] == KILLED_ERROR
    assert 5 < execution.seconds < 8


@pytest.mark.parametrize(
    ("crash", "message"),
    [("import os; os._exit(0)", "ended itself"), ("import os; os.kill(os.getpid(), 11)", "killed by SIGSEGV")],
)
def test_a_process_that_ends(executor: Executor, crash: str, message: str) -> None:
    execution = run(executor, "1", crash, "2")
    assert names(execution) == [None, KILLED_ERROR, KILLED_ERROR]
    assert message in execution.outputs[1][0]["evalue"]


def test_exit_ends_the_cell_only(executor: Executor) -> None:
    assert names(run(executor, "import sys; sys.exit(3)", "1")) == ["SystemExit", None]


def test_memory_has_a_limit(executor: Executor) -> None:
    cells = ("import numpy as np\nx = np.zeros(10_000_000)", "y = np.zeros(200_000_000)", "x[0]")
    assert names(run(executor, *cells)) == [None, "MemoryError", None]


def test_much_output_is_cut(executor: Executor) -> None:
    execution = run(executor, "for _ in range(20):\n    print('x' * 1_000_000)", "print('fresh')")
    assert len(text(execution.outputs[0])) < 110_000
    assert "cut off" in text(execution.outputs[0])
    assert text(execution.outputs[1]) == "fresh\n"


def test_processes_left_behind_are_killed(executor: Executor) -> None:
    started = time.monotonic()
    execution = run(executor, "import subprocess\nprint(subprocess.Popen(['sleep', '50']).pid)")
    pid = int(text(execution.outputs[0]))
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert time.monotonic() - started < 5


def test_an_exception_that_cannot_be_shown(executor: Executor) -> None:
    cell = "class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E"
    assert names(run(executor, cell)) == ["E"]


def test_runs_jobs_at_once(executor: Executor) -> None:
    started = time.monotonic()
    cells = ("import time; time.sleep(0.8)",)
    executions = list(executor.run([Job(key, cells, Path("/")) for key in range(4)]))
    assert sorted(e.key for e in executions) == [0, 1, 2, 3]
    assert time.monotonic() - started < 3.1  # and not 3.2 and more, as one after the other


def test_seeds(executor: Executor) -> None:
    cell = "import random, numpy as np\nrandom.random(), np.random.rand()"
    first, again, other = (run(executor, cell, seed=seed).outputs for seed in (1, 1, 2))
    assert first == again != other


def test_hash_seeds() -> None:
    def order(seed: int) -> list:
        with Executor(hash_seed=seed) as executor:
            return run(executor, "print(list(set('abcdefgh')))").outputs[0]

    assert order(1) == order(1) != order(2)


def test_nothing_of_the_user_is_used_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with Executor() as executor:
        assert names(run(executor, "1", "%history")) == [None, None]
    assert list(tmp_path.iterdir()) == []


def test_says_when_the_process_ends(executor: Executor) -> None:
    with Executor() as doomed:
        os.kill(doomed._process.pid, 9)
        with pytest.raises(ExecutorError, match=r"ended \(-9\)"):
            run(doomed, "1")


def test_ends_with_its_caller_even_when_busy() -> None:
    with Executor() as executor:
        jobs = iter(executor.run([Job(0, ("1",), Path("/")), Job(1, ("import time; time.sleep(60)",), Path("/"))]))
        next(jobs)
        (child,) = _children(executor)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def _children(executor: Executor) -> list[psutil.Process]:
    deadline = time.monotonic() + 5
    while not (children := psutil.Process(executor._process.pid).children()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return children
