"""docs/performance.md holds a block for every benchmark, and `bench.record` fills one without touching the others."""

import datetime
from importlib.util import find_spec

import pytest

from bench import record

PAGE = record.PAGE.read_text(encoding="utf-8")


def test_every_benchmark_has_a_block_and_every_block_a_benchmark() -> None:
    files = (record.PAGE.parents[1] / "bench").glob("[!_]*.py")
    modules = {path.stem for path in files if "__main__" in path.read_text(encoding="utf-8")} - {"record"}
    named = {command.split()[2].removeprefix("bench.") for command in record.commands(PAGE).values()}
    assert named == modules
    assert all(find_spec(f"bench.{name}") for name in named)


def test_every_mark_is_read_and_a_name_says_how_to_fill_it() -> None:
    commands = record.commands(PAGE)
    assert len(commands) == PAGE.count("<!-- measured:") == PAGE.count("<!-- /measured -->")
    for name, command in commands.items():
        body = PAGE.split(f"<!-- measured: {command} -->")[1].split("<!-- /measured -->")[0]
        assert f"$ {command}\n" in body or f"`python -m bench.record {name}`" in body


def test_a_block_is_filled_and_the_rest_stays() -> None:
    command = record.commands(PAGE)["gpu"]
    day = datetime.date(2026, 2, 3)
    body = record.block(command, "  device  ratio  \na  1\\1 \n", "a computer, 2 cores", day)
    page = record.replaced(PAGE, command, body)
    assert f"```text\n$ {command}\n  device  ratio\na  1\\1\n```\n\n*3 February 2026; a computer, 2 cores.*" in page
    assert record.commands(page) == record.commands(PAGE)
    start, end = PAGE.index(f"<!-- measured: {command}"), PAGE.index("`import dlcourse` before Keras")
    assert page.startswith(PAGE[:start]) and page.endswith(PAGE[end:])
    assert record.replaced(page, command, body) == page


@pytest.fixture
def page(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """A page with two blocks; what the benchmarks print is typed in, for none is run."""
    path = tmp_path / "performance.md"
    marks = "<!-- measured: python -m bench.{} -->\nnot yet\n<!-- /measured -->\n"
    path.write_text(marks.format("gpu") + marks.format("gpu --size full"), encoding="utf-8")
    monkeypatch.setattr(record, "this_computer", lambda: "here")
    return path


def test_a_benchmark_that_fails_leaves_its_block(page, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def run(command: str) -> str:
        if "full" in command:
            raise RuntimeError(f"{command} ends with 2")
        return "42 images per second\n"

    monkeypatch.setattr(record, "run", run)
    assert record.main(["gpu", "gpu-2"], page) == 1
    text = page.read_text(encoding="utf-8")
    assert "42 images per second" in text and text.count("not yet") == 1
    assert "python -m bench.gpu --size full ends with 2; its block stays" in capsys.readouterr().err
    assert [path.name for path in page.parent.iterdir()] == ["performance.md"]


def test_names_are_listed_and_an_unknown_one_is_refused(page, capsys) -> None:
    assert record.main([], page) == 0
    assert "gpu-2          python -m bench.gpu --size full" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        record.main(["abacus"], page)


def test_a_command_that_ends_badly_is_an_error() -> None:
    with pytest.raises(RuntimeError, match=r"bench\.abacus ends with|bench\.grading --abacus ends with 2"):
        record.run("python -m bench.grading --abacus")
    assert record.this_computer().count(";") == 1
