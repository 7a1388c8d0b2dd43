"""Run each notebook from top to bottom with the network off; print its wall time and peak memory.

    python -m bench.notebooks [--backend jax] [course/01-perceptron.ipynb …]

A fresh kernel for each. Chapters and solutions are measured by default. Exits with 1 if one fails or needs more than
60 s or 1.5 GB; on JAX, which is no promise of the course, more is only said.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = ROOT / "bench" / "offline"  # holds a sitecustomize.py that blocks the network
MAX_SECONDS, MAX_MEGABYTES = 60, 1500

# Code that prints the most memory its kernel has had, as JSON. ru_maxrss outlives exec on Linux: a kernel started by a
# large process would inherit that one's peak. VmHWM does not.
PEAK = """
import json as _json, re as _re, resource as _resource, sys as _sys
from pathlib import Path as _Path
_status = _Path("/proc/self/status")
if _status.exists():
    _peak = int(_re.search(r"VmHWM:\\s*(\\d+) kB", _status.read_text())[1]) / 2**10
else:
    _peak = _resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss / (2**20 if _sys.platform == "darwin" else 2**10)
print(_json.dumps({"peak_megabytes": _peak}))
"""


@dataclass(frozen=True)
class NotebookRun:
    """One run of a notebook: outputs, wall time with kernel start, peak memory of the kernel."""

    path: Path
    notebook: NotebookNode
    seconds: float
    peak_megabytes: float
    error: str | None

    def stderr(self) -> str:
        """Everything that the notebook wrote to stderr."""
        streams = (output for cell in self.notebook.cells for output in cell.get("outputs", ()))
        return "".join(output.text for output in streams if output.get("name") == "stderr")


def default_notebooks() -> list[Path]:
    return [*sorted((ROOT / "course").glob("*.ipynb")), *sorted((ROOT / "solutions").glob("*/*.ipynb"))]


def offline_environment() -> dict[str, str]:
    """The environment of a kernel that reaches no network and writes no files outside its folder's defaults."""
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", KERAS_HOME="/nonexistent")
    environment["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(
        os.pathsep
    )
    return environment


def run(path: Path, *, then: str = "", timeout: float = 300, backend: str | None = None) -> NotebookRun:
    """Run a notebook in a fresh offline kernel.

    Args:
        path: the notebook; it is not changed.
        then: code to run in the same kernel after the last cell.
        timeout: seconds that a single cell may take.
        backend: what Keras runs on; by default what KERAS_BACKEND says.
    """
    notebook = nbformat.read(path, as_version=4)
    n_cells = len(notebook.cells)
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in (then, PEAK) if code]
    client = NotebookClient(
        notebook,
        km=KernelManager(kernel_name="python3"),
        timeout=timeout,
        extra_arguments=["--IPKernelApp.log_level=40"],  # no remarks about its own connection
        resources={"metadata": {"path": str(path.parent)}},
    )
    error, started = None, time.perf_counter()
    try:
        environment = offline_environment() | ({"KERAS_BACKEND": backend} if backend else {})
        client.execute(env=environment, cleanup_kc=True)  # or a kernel lives as long as this process
    except CellExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}\n{failure}"
    except Exception as failure:  # a dead kernel or a timeout: it belongs in the table, not in a traceback
        error = f"{type(failure).__name__}: {failure}"
    seconds = time.perf_counter() - started
    peak = float("nan")
    if error is None:
        # A busy kernel may send one line in two messages, its end on its own.
        written = "".join(output.text for output in notebook.cells[-1].outputs if output.get("name") == "stdout")
        peak = json.loads(written.splitlines()[-1])["peak_megabytes"]
    notebook.cells = notebook.cells[:n_cells]
    return NotebookRun(path, notebook, seconds, peak, error)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--backend", choices=("tensorflow", "jax"), help="what Keras runs on")
    options = parser.parse_args(arguments)
    paths = [path.resolve() for path in options.notebooks] or default_notebooks()
    width = max(len(os.path.relpath(path)) for path in paths)
    print(f"{'notebook':{width}}  seconds  peak MB  result", flush=True)
    worst = 0
    for path in paths:
        result = run(path, backend=options.backend)
        within = result.seconds <= MAX_SECONDS and result.peak_megabytes <= MAX_MEGABYTES
        verdict = result.error.splitlines()[0] if result.error else "ok" if within else "over budget"
        worst |= bool(result.error) or not (within or options.backend == "jax")
        print(
            f"{os.path.relpath(path):{width}}  {result.seconds:7.1f}  {result.peak_megabytes:7.0f}  {verdict}",
            flush=True,
        )
    print(f"budget: {MAX_SECONDS} s and {MAX_MEGABYTES} MB a notebook, on {os.cpu_count()} cores")
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
