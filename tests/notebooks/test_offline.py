"""The kernels of the notebook tests really are without network, and the runner reports what goes wrong."""

import nbformat
import psutil
import pytest

from bench.notebooks import run

ATTEMPT = """
import socket, urllib.request
for attempt in (
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: urllib.request.urlopen("http://example.org", timeout=1),
):
    try:
        attempt()
    except OSError as error:
        assert "network is off" in str(error), error
    else:
        raise AssertionError("the network is on")
"""


def notebook(tmp_path, *cells: str):
    path = tmp_path / "x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
    return path


@pytest.mark.notebook
def test_no_network_and_the_file_stays_as_it_was(tmp_path) -> None:
    path = notebook(tmp_path, ATTEMPT, "value = 41")
    before = path.read_bytes()
    result = run(path, then="assert value == 41\nimport os; _ = open('pid', 'w').write(str(os.getpid()))")
    assert result.error is None, result.error
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text())), "its kernel lives on, and keeps its memory"
    assert 0 < result.peak_megabytes < 500 and result.seconds > 0
    assert path.read_bytes() == before and len(result.notebook.cells) == 2


@pytest.mark.notebook
def test_peak_memory_is_the_kernels_own(tmp_path) -> None:
    """Not the larger one of the process that starts it, and with what the notebook itself holds."""
    ballast = bytearray(700 * 2**20)
    ballast[::4096] = b"x" * len(ballast[::4096])
    result = run(notebook(tmp_path, "held = bytearray(b'x') * (100 * 2**20)"))
    assert len(ballast) and 150 < result.peak_megabytes < 500


@pytest.mark.notebook
def test_reports_an_error_and_stderr(tmp_path) -> None:
    result = run(notebook(tmp_path, "import sys; print('careful', file=sys.stderr)", "1 / 0"))
    assert result.error.startswith("ZeroDivisionError")
    assert result.stderr() == "careful\n"
