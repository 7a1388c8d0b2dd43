"""Run benchmarks and put what they print into docs/performance.md: `python -m bench.record imports notebooks`.

The page names each command between two marks, and says when and on which computer it ran:

    <!-- measured: python -m bench.imports -->
    …
    <!-- /measured -->

Without names it lists them; `--all` runs all, one after the other. Each block is written as soon as its command has
ended, so that nothing is lost if a later one fails; a command that fails leaves its block as it was. Exits with 1 then.
"""

import argparse
import datetime
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from dlcourse.device import available_cores
from dlcourse.gpu import nvidia_smi, parse_nvidia_smi

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
_BLOCK = re.compile(
    r"<!-- measured: (?P<command>python -m bench\.(?P<name>\w+)[^\n]*?) -->\n(?P<body>.*?)<!-- /measured -->", re.S
)
_PACKAGES = ("keras", "tensorflow-cpu", "tensorflow", "jax", "nbgrader")


def commands(page: str) -> dict[str, str]:
    """The command of each block of a page, by the name of its module; where two share one, a number follows."""
    found: dict[str, str] = {}
    for match in _BLOCK.finditer(page):
        name, number = match["name"], 2
        while name in found:
            name, number = f"{match['name']}-{number}", number + 1
        found[name] = match["command"]
    return found


def replaced(page: str, command: str, body: str) -> str:
    """The page with another body in the block of a command."""

    def fill(match: re.Match) -> str:
        if match["command"] != command:
            return match[0]
        return f"<!-- measured: {command} -->\n{body.strip()}\n<!-- /measured -->"

    return _BLOCK.sub(fill, page)


def block(command: str, output: str, computer: str, day: datetime.date) -> str:
    """What stands between the marks."""
    lines = "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
    return f"\n```text\n$ {command}\n{lines}\n```\n\n*{day:%-d %B %Y}; {computer}.*\n\n"


def this_computer() -> str:
    """Processor, cores, memory, GPUs and versions, as a page says them."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (match := re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())):
        model = match[1].strip()
    memory = psutil.virtual_memory().total / 2**30
    gpus = ", ".join(name for name, _ in parse_nvidia_smi(nvidia_smi())) or "no GPU"
    versions = []
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    cores = available_cores()
    return (
        f"{model}, {cores} core{'s' * (cores != 1)}, {memory:.0f} GiB, {gpus}; "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def run(command: str) -> str:
    """Run a benchmark and return what it prints.

    Raises:
        RuntimeError: if it fails. That it misses its target (exit status 1 after its table) is a result, no failure.
    """
    words = shlex.split(command)
    root = str(PAGE.parent.parent)
    environment = os.environ | {"PYTHONPATH": root, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    done = subprocess.run(
        [sys.executable, *words[1:]], stdout=subprocess.PIPE, text=True, env=environment, cwd=root
    )  # what it says on stderr is for whoever waits
    if done.returncode not in (0, 1) or not done.stdout.strip():
        raise RuntimeError(f"{command} ends with {done.returncode}")
    return done.stdout


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
    os.chmod(file.name, path.stat().st_mode)
    os.replace(file.name, path)


def main(arguments: Sequence[str] | None = None, path: Path = PAGE) -> int:
    known = commands(path.read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*known, []], help=f"of {', '.join(known)}")
    parser.add_argument("--all", action="store_true", help="all of them, which takes over an hour")
    options = parser.parse_args(arguments)
    names = list(known) if options.all else options.names
    if not names:
        print("\n".join(f"{name:14} {command}" for name, command in known.items()))
    failed = False
    for name in names:
        print(f"{name}: {known[name]}", file=sys.stderr, flush=True)
        try:
            output = run(known[name])
        except RuntimeError as error:
            print(f"record: {error}; its block stays as it was", file=sys.stderr)
            failed = True
            continue
        body = block(known[name], output, this_computer(), datetime.date.today())
        write(path, replaced(path.read_text(encoding="utf-8"), known[name], body))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
