"""The command: each mistake that a person can make is one clear line and exit code 2."""

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner, Result

from autograder.cli import app
from autograder.course import Course, find_course
from autograder.engine.parent import WarmParent
from autograder.engine.sandbox.probe import probe
from autograder.notebook import read_notebook
from tests.autograder.small_course import ASSIGNMENT, CORPUS, find, make_solution, solved, submit, write_notebook

COMMANDS = ("release", "sample", "collect", "grade", "export", "report", "marks", "audit", "doctor", "check")


def invoke(course: Course | None, *arguments: str | Path) -> Result:
    where = [] if course is None else ["--course", str(course.root)]
    return CliRunner().invoke(app, [*where, *map(str, arguments)], env={"COLUMNS": "300"})


def refused(result: Result) -> str:
    """The one line on stderr of a command that was refused."""
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("autograder: ")
    return line


def test_help_and_version() -> None:
    text = invoke(None, "--help").stdout
    assert all(command in text for command in COMMANDS)
    for command in COMMANDS:
        assert invoke(None, command, "-h").exit_code == 0
    assert re.fullmatch(r"autograder \d+\.\d+\.\d+\S*\n", invoke(None, "--version").stdout)


def test_help_is_quick() -> None:
    """It imports neither nbgrader nor nbformat, which take seconds."""
    code = "import sys, autograder.cli; sys.exit(any(m in sys.modules for m in ('nbgrader', 'nbformat', 'IPython')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_not_in_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("release", "sample", "grade", "export", "audit"):
        assert "is in no course" in refused(invoke(None, command))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["release", "01-number"], "Did you mean '01-numbers'?"),
        (["sample", "01-number"], "Did you mean '01-numbers'?"),
        (["grade", "01-number"], "Did you mean '01-numbers'?"),
        (["audit", "01-number"], "Did you mean '01-numbers'?"),
        (["report", "01-number"], "Did you mean '01-numbers'?"),
        (["marks", "01-number"], "Did you mean '01-numbers'?"),
        (["report"], "Nobody's 01-numbers has been graded yet"),
        (["marks"], "Nobody's 01-numbers has been graded yet"),
        (["collect", ".", "-a", "01-number"], "Did you mean '01-numbers'?"),
        (["collect", "nowhere"], "There is no folder nowhere"),
        (["grade", "--limit", "cell_secnods=3"], "There is no limit 'cell_secnods'. Did you mean 'cell_seconds'?"),
        (["grade", "--limit", "memory_megabytes=much"], "memory_megabytes must be a positive number, not 'much'"),
        (["grade", "--limit", "cell_seconds"], "write NAME=VALUE"),
        (["grade", "--timeout", "-3"], "The limit cell_seconds must be a positive number"),
        (["export", "--format", "excel"], "--format is canvas, moodle, gradescope, csv, not 'excel'"),
        (["grade", "--sandbox", "some"], "--sandbox is full or none, not 'some'"),
        (["check", "nowhere.ipynb"], "nowhere.ipynb cannot be read: No such file"),
        (["grade"], "No submissions in grading/submitted/<student>/01-numbers/"),
        (["grade", "--all"], "Nobody has handed in anything"),
        (["grade", "--all", "01-numbers"], "leave out either it or 01-numbers"),
        (["grade", "01-numbers", "02-word"], "02-word"),
    ],
)
def test_mistakes(course: Course, arguments: list[str], message: str) -> None:
    assert message in refused(invoke(course, *arguments))


def test_which_assignment(course: Course) -> None:
    (course.solutions / "02-words").mkdir()
    (course.solutions / "02-words" / "words.ipynb").write_text("{}")
    assert "Say which assignment: 01-numbers, 02-words." in refused(invoke(course, "grade"))


def test_sample_does_not_write_over_other_things(course: Course) -> None:
    assert "holds no sample class" in refused(invoke(course, "sample", "--into", course.solutions))


def test_release(course: Course) -> None:
    assert invoke(course, "release").stdout == "01-numbers: up to date in exercises/01-numbers/\n"
    (course.exercises / ASSIGNMENT / "numbers.ipynb").unlink()
    result = invoke(course, "release", ASSIGNMENT, "--forget-marks")
    assert (result.stdout, result.exit_code) == ("01-numbers: 1 file changed in exercises/01-numbers/\n", 0)


def test_collect_says_what_was_refused(course: Course, tmp_path: Path) -> None:
    for student in ("ann", "a*b"):
        write_notebook(tmp_path / "class" / student / "numbers.ipynb", solved(course))
    (tmp_path / "class" / "ann" / "numbers.ipynb").write_text("{")
    result = invoke(course, "collect", tmp_path / "class")
    assert result.exit_code == 1
    assert "a*b: refused: 'a*b' cannot be a student's name" in result.stdout
    assert "ann: new: numbers.ipynb is not a notebook" in result.stdout
    assert result.stdout.endswith("01-numbers: 1 refused, 1 new in grading/submitted/\n")


def test_audit_prints_its_summary_last(course: Course) -> None:
    result = invoke(course, "audit")
    assert result.exit_code == 0
    assert result.stdout == "audit: 3 questions, 12/12 wrong solutions caught, 6/6 right solutions kept\n"
    course.corpus(course.solutions / ASSIGNMENT / "numbers.ipynb").write_text(CORPUS.replace("difference", "product"))
    result = invoke(course, "audit", ASSIGNMENT, "--jobs", "1")
    assert result.exit_code == 1
    assert "should say 'that is the product'" in result.stdout
    last = result.stdout.splitlines()[-1]
    assert last == "audit: 3 questions, 11/12 wrong solutions caught, 6/6 right solutions kept"


@pytest.mark.slow
def test_the_usual_way_from_a_shell(course: Course) -> None:
    """sample, release, collect, grade, as `make grade` calls them."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "autograder", *arguments],
            cwd=course.root / "solutions",  # anywhere in the course will do
            env={**os.environ, "COLUMNS": "160"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run("sample").returncode == 0
    assert run("release").returncode == 0
    collected = run("collect", "../grading/sample")
    assert collected.returncode == 0 and "1 missing" in collected.stdout
    result = run("grade", ASSIGNMENT, "--timeout", "2")
    assert result.returncode == 1
    assert result.stderr.splitlines()[0].startswith("not graded: ines: numbers.ipynb is not a notebook")
    assert result.stderr.splitlines()[1:] == ["not graded: jonas: no numbers.ipynb was handed in"]
    assert "10/10 " in result.stdout  # plain lines, as this is no terminal
    scores = dict(re.findall(r"^│ (\w+)\s*│\s+(\S+/8) │", result.stdout, flags=re.MULTILINE))
    assert scores == {
        "amara": "6/8", "bjorn": "4/8", "chiara": "4/8", "dmitri": "0/8", "elif": "4/8",
        "farid": "5/8", "greta": "6/8", "hugo": "6/8", "ines": "0/8", "jonas": "0/8",
    }  # fmt: skip
    for words in (
        "that is the difference",
        "not answered",
        "not valid Python",
        "never ends",
        "stands twice",
        "restored",
    ):
        assert words in " ".join(result.stdout.split())
    table = (course.grading / "report" / f"{ASSIGNMENT}.csv").read_text()
    assert "farid,biggest,0,1,timeout,stopped after 2 s" in table
    assert (course.feedback / "amara" / ASSIGNMENT / "numbers.html").exists()
    again = run("grade", ASSIGNMENT, "--student", "ines", "--exit-zero")
    assert again.returncode == 0 and "not graded: ines" in again.stderr
    assert (course.grading / "report" / f"{ASSIGNMENT}.csv").read_text() == table


def test_grade_one_student(course: Course) -> None:
    submit(course, "ann", lambda notebook: setattr(find(notebook, "add"), "source", "add = lambda a, b: a - b"))
    submit(course, "bob")
    result = invoke(course, "grade", "-s", "ann")
    assert result.exit_code == 0
    assert "that is the difference" in result.stdout and "bob" not in result.stdout


def test_several_assignments_share_an_engine(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the second imports is imported beside what the first has imported."""
    more = read_notebook(course.solutions / ASSIGNMENT / "numbers.ipynb")
    find(more, "setup").source += "\nimport fractions"
    write_notebook(course.solutions / "02-more" / "numbers.ipynb", more)
    assert invoke(course, "release", "02-more").exit_code == 0
    submit(course, "ann")
    shutil.copytree(course.submitted / "ann" / ASSIGNMENT, course.submitted / "ann" / "02-more")
    submit(course, "bob", lambda notebook: setattr(find(notebook, "add"), "source", "add = lambda a, b: a - b"))
    started: list[tuple[str, ...]] = []
    asked: list[tuple[str, ...]] = []

    class Counted(WarmParent):
        def __init__(self, modules: Sequence[str], **settings: int) -> None:
            started.append(tuple(modules))
            super().__init__(modules, **settings)

        def import_more(self, modules: Sequence[str]) -> None:
            asked.append(tuple(modules))
            super().import_more(modules)

    monkeypatch.setattr("autograder.engine.engine.WarmParent", Counted)
    result = invoke(course, "grade", "--all", "--no-feedback")
    assert result.exit_code == 0, result.output
    assert len(started) == 1 and "fractions" not in started[0] and any("fractions" in names for names in asked)
    first, second = (csv_scores(course, name) for name in (ASSIGNMENT, "02-more"))
    assert first == {"ann": 6, "bob": 4} and second == {"ann": 6}
    assert result.stdout.index(ASSIGNMENT) < result.stdout.index("02-more")
    again = invoke(course, "grade", "02-more", ASSIGNMENT, "02-more", "--no-feedback")
    assert again.exit_code == 0 and len(started) == 1, "nothing has changed, so no engine is started"


def csv_scores(course: Course, assignment: str) -> dict[str, float]:
    """Each student's points, from the table that `grade` writes."""
    with open(course.grading / "report" / f"{assignment}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: sum(float(row["points"] or 0) for row in rows if row["student"] == name) for name in
            dict.fromkeys(row["student"] for row in rows)}  # fmt: skip


def test_a_folder_that_cannot_be_written_to(course: Course) -> None:
    submit(course, "ann")
    (course.grading / "report").write_text("in the way")
    assert "grading/report" in refused(invoke(course, "grade"))


def grading(course: Course, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", *options],
        cwd=course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping(course: Course, number: signal.Signals) -> None:
    """One line, what was finished counts, no process left, and the next run goes on."""
    submit(course, "ann")
    submit(course, "bob", lambda notebook: setattr(find(notebook, "add"), "source", "import time; time.sleep(600)"))
    options = ("--workers", "1", "--limit", "cell_seconds=500", "--limit", "total_seconds=500")
    running = grading(course, *options)
    process = psutil.Process(running.pid)
    for line in running.stdout:
        if line.startswith("1/2 ann: 6/8"):
            break
    deadline = time.monotonic() + 60
    while len(children := process.children(recursive=True)) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)  # the loop is running
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said == "autograder: stopped: 1 of 2 graded; run the same command to go on\n"
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    submit(course, "bob", lambda notebook: setattr(find(notebook, "why"), "source", "Another reason."))
    result = invoke(course, "grade", *options)
    assert "2/2 bob: 6/8" in result.stdout and "1 graded, 1 unchanged" in result.stdout


@pytest.mark.slow
def test_a_set_up_that_fails_for_everybody(course: Course) -> None:
    solution = course.solutions / ASSIGNMENT / "numbers.ipynb"
    notebook = make_solution()
    find(notebook, "setup").source = "import no_such_module"
    write_notebook(solution, notebook)
    for student in ("ann", "bob"):
        submit(course, student)
    result = invoke(course, "grade")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "no_such_module" in line and "not what was handed in: grading stops" in line
    assert not (course.autograded / "ann").exists()


@pytest.mark.slow
def test_without_a_sandbox(course: Course) -> None:
    submit(course, "ann")
    result = invoke(course, "grade", "--sandbox", "none", "--no-feedback", "--limit", "cell_seconds=7")
    assert result.exit_code == 0 and "1/1 ann: 6/8" in result.stdout
    assert "sandbox: none. Submissions ran as you" in result.stdout and "cell seconds 7" in result.stdout
    assert "feedback:" not in result.stdout and not course.feedback.exists()


def test_limits_from_the_settings(course: Course) -> None:
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Autograder.limits = {"memory_megabytes": 512}\n')
    limits = find_course(course.root).limits
    assert (limits.memory_megabytes, limits.cell_seconds) == (512, 30)
    config.write_text(config.read_text() + '\nc.Autograder.limits = {"memory": 512}\n')
    submit(course, "ann")
    line = refused(invoke(course, "grade"))
    assert "c.Autograder.limits in nbgrader_config.py: There is no limit 'memory'. Did you mean" in line


def test_doctor() -> None:
    result = invoke(None, "doctor")
    layers = probe()
    assert result.exit_code == (0 if all(layer.active for layer in layers if layer.required) else 1)
    assert all(layer.name in result.stdout for layer in layers) and "python" in result.stdout


def test_doctor_without_a_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = [
        replace(one, active=False, detail="refused", fix="Ask for it.") if one.required else one for one in probe()
    ]
    monkeypatch.setattr("autograder.doctor.probe", lambda: layers)
    result = invoke(None, "doctor")
    assert result.exit_code == 1
    assert "✗" in result.stdout and "Ask for it." in result.stdout and "--sandbox none only" in result.stdout


def test_participants_have_one_command(course: Course, tmp_path: Path) -> None:
    """Without the packages that instructors need: `check`, and a clear word about the others."""
    hide = "import sys; sys.modules['typer'] = None\nfrom autograder.cli import app\n"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = f"{hide}sys.argv[1:] = {list(arguments)!r}\napp()"
        return subprocess.run(
            [sys.executable, "-c", code], cwd=course.root, capture_output=True, text=True, check=False
        )

    refused_ = run("grade")
    assert refused_.returncode == 2 and "is for instructors and needs more packages" in refused_.stderr
    assert "Traceback" not in refused_.stderr
    mine = write_notebook(tmp_path / "my numbers (1).ipynb", solved(course))
    checked = run("check", str(mine))
    assert checked.returncode == 0, checked.stderr
    assert "✓ add" in checked.stdout and "6 of 6 points in the tests that you can see" in checked.stdout
    assert run("check", str(tmp_path / "none.ipynb")).stderr.startswith("autograder: ")
