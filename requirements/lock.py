"""Resolve pyproject.toml into exact versions: requirements/*.txt, environment.yml, binder/requirements.txt.

`make lock` runs this. One resolution serves all files: dev.txt is resolved first, the others are constrained by it, so
that they can be installed on top of one another. No file names an index, so all of them work behind a mirror.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
PYTHON = "3.11"  # the oldest Python that the files must resolve for

# file -> (input, options). Participants need course.txt (or gpu.txt), instructors grading.txt besides, or cluster.txt;
# binder.txt is what a hub needs beside course.txt, jax.txt whoever wants the other backend.
FILES = {
    "dev.txt": ("pyproject.toml", ("--extra", "cpu", "--extra", "dev")),
    "course.txt": ("pyproject.toml", ("--extra", "cpu", "-c", "requirements/dev.txt")),
    "grading.txt": ("pyproject.toml", ("--extra", "grading", "-c", "requirements/dev.txt")),
    "cluster.txt": ("pyproject.toml", ("--extra", "cluster", "-c", "requirements/dev.txt")),
    "jax.txt": ("pyproject.toml", ("--extra", "jax", "-c", "requirements/dev.txt")),
    "gpu.txt": ("pyproject.toml", ("--extra", "gpu", "-c", "requirements/dev.txt")),
    "binder.txt": ("requirements/binder.in", ("-c", "requirements/course.txt")),
    "build.txt": ("requirements/build.in", ()),
    "uv.txt": ("requirements/uv.in", ()),
}


def compile_file(name: str, *, upgrade: bool = True) -> None:
    """Run `uv pip compile` for one of FILES. Without `upgrade`, versions already in the file are kept."""
    source, options = FILES[name]
    command = [os.environ.get("UV", "uv"), "pip", "compile", source, *options, "--universal", "--quiet"]
    command += ["--python-version", PYTHON, "--generate-hashes", "--no-emit-index-url", "--no-annotate"]
    command += ["--custom-compile-command", "make lock", "--output-file", f"requirements/{name}"]
    subprocess.run(command + ["--upgrade"] * upgrade, cwd=ROOT, check=True)


def pins(text: str) -> list[str]:
    """The lines `name==version ; marker` of a compiled file, without hashes."""
    return [re.sub(r"\s*\\$", "", line) for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]


def conda_environment(course: str) -> str:
    """environment.yml with the same packages as course.txt. Conda takes no hashes beside a local package."""
    lines = "".join(f"      - {pin!s}\n" for pin in pins(course))
    return (
        "# For conda users; the same packages as requirements/course.txt. Written by `make lock`.\n"
        "#   conda env create -f environment.yml && conda activate deep-learning-course && jupyter lab\n"
        "name: deep-learning-course\n"
        "channels:\n  - conda-forge\n"
        "dependencies:\n"
        f"  - python={PYTHON}\n  - pip\n  - pip:\n{lines}      - -e .\n"
    )


def entries(text: str) -> list[str]:
    """The packages of a compiled file, each with its hashes: several lines."""
    return re.findall(r"^[A-Za-z0-9].*\n(?:[ \t].*\n)*", text, flags=re.MULTILINE)


def binder_requirements(course: str, binder: str) -> str:
    """binder/requirements.txt: mybinder.org installs it before it copies the repository, and so caches it.

    One file, without `-r` and `-c`: with one of these in it, the packages would be installed anew for every commit.
    """
    header = "# The packages of requirements/course.txt and requirements/binder.txt. Written by `make lock`.\n"
    known = {entry.partition("==")[0] for entry in entries(course)}
    added = [entry for entry in entries(binder) if entry.partition("==")[0] not in known]
    return header + "".join(sorted(entries(course) + added, key=lambda entry: entry.partition("==")[0]))


def derived(course: str, binder: str) -> dict[Path, str]:
    """The files that follow from course.txt and binder.txt alone, as path -> text."""
    return {
        ROOT / "environment.yml": conda_environment(course),
        ROOT / "binder" / "requirements.txt": binder_requirements(course, binder),
    }


def main() -> None:
    for name in FILES:
        print(f"requirements/{name}")
        compile_file(name, upgrade="--keep" not in sys.argv)
    for path, text in derived(*((REQUIREMENTS / name).read_text() for name in ("course.txt", "binder.txt"))).items():
        print(path.relative_to(ROOT))
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
