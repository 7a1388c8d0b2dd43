"""docs/instructors.md: every command in it exists with the options that it is given, and every setting is one."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from click.testing import CliRunner

from autograder.cli import app

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "instructors.md").read_text()
LINES = [
    line.strip()
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", GUIDE, flags=re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    if line.strip()
]
INLINE = [text for text in re.findall(r"`((?:autograder|nbgrader|make) [^`]+)`", GUIDE) if len(text.split()) > 2]
COMMANDS = [shlex.split(line, comments=True) for line in [*LINES, *INLINE]]
NOT_OURS = {"cd", "export", "rm", "mkdir", "git", "grep", "createuser", "createdb", "pg_dump", "pip", "psql"}


def of(program: str) -> list[list[str]]:
    return [command[1:] for command in COMMANDS if command[0] == program]


def ids(commands: list[list[str]]) -> list[str]:
    return [" ".join(command) for command in commands]


def test_the_guide_has_commands_of_known_programs() -> None:
    assert {command[0] for command in COMMANDS} == {"autograder", "nbgrader", "make", "dask"} | NOT_OURS
    assert {command[0] for command in of("autograder")} >= {"doctor", "release", "collect", "grade", "export", "audit"}


@pytest.mark.parametrize("arguments", of("autograder"), ids=ids(of("autograder")))
def test_commands_of_autograder(arguments: list[str]) -> None:
    command = typer.main.get_command(app).get_command(None, arguments[0])
    assert command is not None, f"there is no command {arguments[0]}"
    command.make_context(arguments[0], arguments[1:])  # refuses what it has not


@pytest.mark.parametrize("arguments", of("dask"), ids=ids(of("dask")))
def test_commands_of_dask(arguments: list[str]) -> None:
    from importlib.metadata import entry_points

    from dask.cli import _register_command_ep, cli

    for entry in entry_points(group="dask_cli", name=arguments[0]):
        _register_command_ep(cli, entry)
    text = CliRunner().invoke(cli, [arguments[0], "--help"]).output
    assert all(option in text for option in arguments if option.startswith("--"))


@pytest.mark.parametrize("arguments", of("nbgrader"), ids=ids(of("nbgrader")))
def test_commands_of_nbgrader(arguments: list[str]) -> None:
    from nbgrader.apps.nbgraderapp import NbGraderApp

    program, words = NbGraderApp(), list(arguments)
    while words and words[0] in program.subcommands:
        program = program.subcommands[words.pop(0)][0]()
    assert not isinstance(program, NbGraderApp), f"there is no command {arguments[0]}"
    names = [*program.aliases, *program.flags]
    known = {f"--{name}" for of in names for name in ([of] if isinstance(of, str) else of)}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("arguments", of("make"), ids=ids(of("make")))
def test_targets_of_make(arguments: list[str]) -> None:
    assert re.search(rf"^{arguments[0]}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def test_settings() -> None:
    from nbgrader.apps.nbgraderapp import NbGraderApp
    from nbgrader.exchange.default import Exchange

    classes = {c.__name__: c for c in NbGraderApp().classes} | {"Exchange": Exchange}
    settings = set(re.findall(r"\bc\.(\w+)\.(\w+)", GUIDE))
    assert len(settings) >= 4
    for name, trait in settings:
        assert name in classes, f"there is no class {name}"
        assert trait in classes[name].class_traits(config=True), f"{name} has no setting {trait}"


def test_what_keeps_solutions_private_leaves_them_out() -> None:
    excluded = re.findall(r"':!([^']+)'", GUIDE)
    assert {"solutions", "sources/solutions"} <= set(excluded)
    assert all((ROOT / folder).is_dir() for folder in excluded)
