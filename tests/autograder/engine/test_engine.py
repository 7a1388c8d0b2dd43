"""The engine from outside: jobs in, outcomes out, whatever the student's code does."""

import inspect
import os
import threading
import time
from collections.abc import Iterator

import pytest

from autograder.engine.engine import Engine, StoppedError
from autograder.engine.errors import SetupError
from autograder.engine.job import Cell, CellRun, Ended, Job, Kind, Outcome
from autograder.engine.limits import Limits

SETUP = "import numpy as np\nfrom dlcourse import checks\nrng = np.random.default_rng(0)"
QUICK = Limits(cell_seconds=3, total_seconds=60)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(["numpy", "matplotlib", "dlcourse.checks"]) as engine:
        yield engine


def cells(*texts: str) -> tuple[Cell, ...]:
    """Make cells: `# set-up` and `# test` in the first line say which are not answers."""
    made = []
    for text in texts:
        text = inspect.cleandoc(text) if text.startswith(("#", "\n")) else text
        kind = Kind.SETUP if text.startswith("# set-up") else Kind.TEST if text.startswith("# test") else Kind.ANSWER
        made.append(Cell(kind, text))
    return tuple(made)


def run(engine: Engine, *texts: str, limits: Limits = QUICK, **job: object) -> Outcome:
    outcome = engine.run(Job(cells(f"# set-up\n{SETUP}", *texts), limits=limits, **job))
    assert len(outcome.cells) == len(texts) + 1
    return outcome


def last(outcome: Outcome) -> CellRun:
    return outcome.cells[-1]


def texts(run: CellRun) -> str:
    """All that stands in the outputs."""
    return "\n".join(
        o.get("text", "") or str(o.get("data", "")) or "\n".join((o.get("evalue", ""), *o.get("traceback", ())))
        for o in run.outputs
    )


def test_a_right_and_a_wrong_answer(engine: Engine) -> None:
    outcome = run(
        engine,
        "def double(x):\n    return 2 * x",
        "# test\nchecks.assert_close(double(np.ones(3)), [2, 2, 2], 'doubled')",
        """# test
        checks.assert_close(double(np.ones(3)), [3, 3, 3], 'doubled', mistakes={'twice is not thrice': [2, 2, 2]})""",
    )
    right, wrong = outcome.cells[-2:]
    assert right.error is None and right.value is None and right.ended is None
    assert wrong.error[0] == "AssertionError" and "twice is not thrice" in wrong.error[1]
    assert "twice is not thrice" in texts(wrong)


def test_partial_credit_and_what_failed(engine: Engine) -> None:
    outcome = run(
        engine,
        "def double(x):\n    print('called')\n    return 2 * x",
        """# test
        parts = checks.Parts(points=3)
        with parts("ones", points=1):
            checks.assert_close(double(1.0), 2.0, "twice one")
        with parts("twos", points=2):
            checks.assert_close(double(2.0), 5.0, "twice two")
        parts.score()""",
    )
    partial = last(outcome)
    assert partial.value == 1.0 and partial.error is None
    assert len(partial.failures) == 1 and "twice two" in partial.failures[0]
    assert partial.printed == "called\ncalled\n"


def test_names_of_the_set_up_and_of_python_are_never_the_students(engine: Engine) -> None:
    outcome = run(
        engine,
        "# set-up\nlimit = 3\nif True:\n    threshold = 7",
        "limit = 100\nthreshold = 0\nnp = checks = None\nall = lambda x: True\nabs = lambda x: 0\n__name__ = 'x'",
        """# test
        assert limit == 3 and threshold == 7
        assert not all([False]) and abs(-1) == 1 and __name__ == '__main__'
        assert np.pi > 3""",
    )
    assert last(outcome).error is None, last(outcome)


def test_what_a_test_defines_is_gone_for_the_next(engine: Engine) -> None:
    outcome = run(
        engine,
        "x = 1\ny = 5",
        "# test\nx = 2\nonly_here = 4\nnp = 3",
        "# test\nassert x == 1 and y == 5\nassert np.pi > 3\nassert only_here == 4",
        "assert x == 1, 'tests do not reach into the answers'",
    )
    assert [cell.error for cell in outcome.cells] == [None] * 5


def test_a_name_that_nobody_defines(engine: Engine) -> None:
    assert last(run(engine, "# test\nnowhere(1)")).error == ("NameError", "name 'nowhere' is not defined")


def test_a_failed_set_up_is_nobody_elses_to_define(engine: Engine) -> None:
    outcome = run(
        engine,
        "def accuracy():\n    raise ValueError('no')",
        "# set-up\nscore = accuracy()",
        "score = 1.0",
        "# test\nassert score > 0.9",
    )
    assert last(outcome).error == ("NameError", "name 'score' is not defined")
    assert any("set-up" in note for note in outcome.notes)


def test_modules_that_the_exercise_imports_are_not_the_students(engine: Engine) -> None:
    fake = "class Fake:\n    def isclose(self, a, b):\n        return True\nmath = Fake()\ndef f(x):\n    return 0.0"
    test = "# test\nassert math.isclose(f(1), 2.0)"
    assert last(run(engine, fake, test)).error is None  # nothing says that `math` is not the student's
    assert last(run(engine, fake, test, imports=("import math", "import nothing_like_it"))).error[0] == "AssertionError"
    gone = last(run(engine, "nothing_like_it = 1", "# test\nnothing_like_it", imports=("import nothing_like_it",)))
    assert gone.error[0] == "NameError"


def test_what_an_answer_does_to_the_set_up_is_undone_for_the_next_test(engine: Engine) -> None:
    outcome = run(
        engine,
        "# set-up\ndata = np.arange(4.0)",
        "def spoil(x):\n    x[:] = 0\n    return 0.0",
        "# test\nassert spoil(data) == 0 and data.sum() == 0",
        "# test\nassert data.sum() == 6",
    )
    assert [cell.error for cell in outcome.cells] == [None] * 5


def test_a_set_up_that_fails_for_everybody(engine: Engine) -> None:
    with pytest.raises(SetupError, match=r"ModuleNotFoundError.*nothing_like_it"):
        run(engine, "# set-up\nimport nothing_like_it", "# test\nassert True")


def test_rich_outputs_stand_in_the_notebook(engine: Engine) -> None:
    outcome = run(
        engine,
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\nprint('said')\n41 + 1",
        "import sys\nprint('careful', file=sys.stderr)\n1 / 0",
    )
    figure, shown, error = outcome.cells[-3:]
    assert any("image/png" in o.get("data", {}) for o in figure.outputs), figure
    assert [o["output_type"] for o in shown.outputs] == ["display_data", "stream", "execute_result"]
    assert shown.outputs[-1]["data"]["text/plain"] == "42"
    assert error.error == ("ZeroDivisionError", "division by zero") and "careful" in texts(error)


def test_answers_may_hold_what_only_ipython_understands(engine: Engine) -> None:
    outcome = run(
        engine, "%matplotlib inline\nx = 3", "%%time\ny = 2 * x", "label = !echo shell", "len?", "(x\n% 2)", "y;", "y"
    )
    assert [run.error for run in outcome.cells] == [None] * 8
    assert "Wall time" in texts(outcome.cells[2]) and "Return the number of items" in texts(outcome.cells[4])
    assert [texts(run) for run in outcome.cells[5:]] == ["{'text/plain': '1'}", "", "{'text/plain': '6'}"]
    broken = last(run(engine, "if True print(1)"))
    assert broken.error[0] == "SyntaxError"


def test_an_engine_is_told_what_more_to_import(engine: Engine) -> None:
    with Engine(["numpy"]) as light:
        light.prepare(["numpy", "colorsys", "no_such_module"])
        light.prepare(["colorsys"])
        seen = last(run(light, "import sys\n'colorsys' in sys.modules"))
    assert texts(seen) == "{'text/plain': 'True'}"


def test_an_endless_loop_costs_only_its_own_cell(engine: Engine) -> None:
    outcome = run(
        engine,
        "a = 1",
        "while True:\n    pass",
        "b = 2",
        "# test\nassert a == 1 and b == 2",
        "def forever():\n    while True:\n        pass",
        "# test\nforever()",
        "# test\nassert a == 1",
        limits=Limits(cell_seconds=1, total_seconds=60),
    )
    loop, after, calls, then = (outcome.cells[n] for n in (2, 4, 6, 7))
    assert loop.ended is Ended.TIMEOUT and after.error is None
    assert calls.ended is Ended.TIMEOUT and then.error is None and then.ended is None


def test_who_catches_the_interruption_is_killed_and_later_cells_are_graded(engine: Engine) -> None:
    stubborn = """
    import signal
    def stubborn():
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
    """
    started = time.monotonic()
    outcome = run(
        engine,
        "a = 1",
        stubborn,
        "# test\nstubborn()",
        "stubborn()",
        "# test\nassert a == 1",
        limits=Limits(cell_seconds=1, total_seconds=60),
    )
    test, cell, then = outcome.cells[-3:]
    assert test.ended is Ended.TIMEOUT and cell.ended is Ended.TIMEOUT and then.error is None
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("how", ["os._exit(0)", "os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"])
def test_a_process_that_ends_itself(engine: Engine, how: str) -> None:
    outcome = run(
        engine,
        "import os\na = 1",
        how,
        "# test\nassert a == 1",
        f"def end():\n    {how}",
        "# test\nend()",
        "# test\nassert a == 1",
    )
    assert [cell.ended for cell in outcome.cells[2:]] == [Ended.KILLED, None, None, Ended.KILLED, None]
    assert outcome.cells[-1].error is None and outcome.cells[3].error is None


def test_too_many_crashes_end_it(engine: Engine) -> None:
    outcome = run(engine, *["import os; os._exit(0)"] * 4, limits=Limits(restarts=2, cell_seconds=3))
    assert [cell.ended for cell in outcome.cells[1:]] == [Ended.KILLED] * 3 + [Ended.NOT_RUN]


def test_memory(engine: Engine) -> None:
    limits = Limits(memory_megabytes=500, cell_seconds=10)
    big = "np.ones(10**10)"
    many = "kept = []\nwhile True:\n    kept.append(np.ones(10**6))"
    outcome = run(engine, "import numpy as np", big, many, "# test\nassert np.pi > 3", limits=limits)
    for cell in outcome.cells[2:4]:
        assert cell.ended is Ended.MEMORY or "MemoryError" in cell.error[0], cell
    assert outcome.cells[-1].error is None


def test_output_is_cut_and_its_flood_stopped(engine: Engine) -> None:
    limits = Limits(output_megabytes=0.1, cell_seconds=20)
    outcome = run(engine, "print('x' * 10**6)", "while True:\n    print('y' * 10**4)", "a = 1", limits=limits)
    cut, flood, after = outcome.cells[1:]
    assert len(texts(cut)) < 200_000 and "left out" in texts(cut)
    assert flood.ended is Ended.KILLED and "MB" in flood.why and len(texts(flood)) < 200_000
    assert after.error is None


def test_files_of_the_exercise_replace_the_students(engine: Engine) -> None:
    outcome = run(
        engine,
        "print(open('data.txt').read(), open('own.txt').read())",
        """# test
        import os
        assert open('data.txt').read() == 'given'
        assert os.listdir() == ['data.txt'], os.listdir()""",
        files={"data.txt": b"forged", "own.txt": b"mine", "numpy.py": b"raise SystemExit"},
        given={"data.txt": b"given"},
    )
    assert "given mine" in texts(outcome.cells[1]), outcome.cells[1]
    assert last(outcome).error is None, last(outcome)


def test_seeds_and_two_runs_alike(engine: Engine) -> None:
    code = "import random\nprint(random.random(), np.random.random(), hash('a'))"
    first, second, other = (texts(last(run(engine, code, seed=seed))) for seed in (0, 0, 1))
    assert first == second != other


def test_many_at_once_and_nothing_left_behind(engine: Engine) -> None:
    outcomes: dict[int, Outcome] = {}

    def one(number: int) -> None:
        outcomes[number] = run(
            engine,
            f"import subprocess\nn = {number}\nsubprocess.Popen(['sleep', '4711{number}'], start_new_session=True)",
            f"# test\nassert n == {number}",
        )

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [last(outcomes[number]).error for number in range(6)] == [None] * 6
    time.sleep(0.3)
    assert not [line for line in _command_lines() if line.startswith("sleep 4711")]


def test_stopping(engine: Engine) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    started = time.monotonic()
    with pytest.raises(StoppedError):
        engine.run(Job(cells("while True:\n    pass"), limits=Limits(cell_seconds=60)), stop=stop)
    assert time.monotonic() - started < 10


def test_closing_does_not_wait_for_imports() -> None:
    engine = Engine(["keras"])
    started = time.monotonic()
    engine.close()
    assert time.monotonic() - started < 4


def test_submissions_leave_no_bytecode_and_collect_garbage(engine: Engine) -> None:
    answer = (
        "import gc, os, sys\nanswer = sys.dont_write_bytecode, os.environ['PYTHONDONTWRITEBYTECODE'], gc.isenabled()"
    )
    assert run(engine, answer, "# test\nassert answer == (True, '1', True), answer").cells[2].error is None


def test_a_job_and_an_outcome_survive_json(engine: Engine) -> None:
    job = Job(
        cells("1", "# test\n2.5"),
        files={"a": b"\xff"},
        given={"b": b""},
        imports=("import math",),
        skip=frozenset({3}),
        limits=QUICK,
    )
    assert Job.from_json(job.to_json()) == job
    outcome = engine.run(job)
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert outcome.cells[1].value == 2.5


def _command_lines() -> Iterator[str]:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                yield file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue


def test_set_up_below_the_last_test_runs_once_in_an_examiner(engine: Engine) -> None:
    """No test could use it; but the first run says what it imports."""
    texts = ("answer = 1", "# test\nassert answer == 1", "# set-up\nshown = str(answer) + 'st'\nshown")
    outcomes = [run(engine, *texts) for _ in range(2)]
    assert all(outcome.cells[-1].outputs[0]["data"]["text/plain"] == "'1st'" for outcome in outcomes)
    assert all(outcome.cells[-1].error is None for outcome in outcomes)
    texts = ("answer = 1", "# test\nassert answer == 1", "# set-up\nimport no_such_module_anywhere")
    with pytest.raises(SetupError):
        run(engine, *texts)


def test_it_learns_what_to_import(engine: Engine) -> None:
    run(engine, "answer = 1", "# test\nimport wsgiref.validate\nassert answer == 1")
    assert "wsgiref.validate" in engine.imported
