"""Large pages: a process keeps what it had, and has it in fewer pages."""

import re
import subprocess
import sys

import pytest

CODE = """
import re
from autograder.engine.pages import LARGE, enlarge
def in_large_pages():
    return 1024 * int(re.search(r"AnonHugePages:\\s+(\\d+)", open("/proc/self/smaps_rollup").read())[1])
words = [str(number) for number in range(600_000)]  # small objects, in Python's own small arenas
before = in_large_pages()
enlarged = enlarge()
assert words == [str(number) for number in range(600_000)]
print(before, in_large_pages(), enlarged * LARGE)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has the call")
def test_memory_moves_into_large_pages_and_stays_as_it_is() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    before, after, enlarged = map(int, re.findall(r"\d+", done.stdout))
    assert after >= enlarged and after >= before
