"""The checks: they accept what is right, name the mistake, and cannot be talked round by hostile answers."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from dlcourse import checks

ROOT = Path(__file__).resolve().parents[2]
SHAPES = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
DTYPES = st.sampled_from([np.float64, np.float32, np.float16, np.int64, np.uint8, np.bool_, np.complex128])


def message_of(check: Callable[..., object], *args: object, **kwargs: object) -> str:
    """The message with which a check fails; it must do so on one line, with an AssertionError and without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(AssertionError) as caught:
            check(*args, **kwargs)
    message = str(caught.value)
    assert message.isprintable()
    return message


def accepts(check: Callable[..., object], *args: object, **kwargs: object) -> bool:
    """Whether a check passes; anything but an AssertionError is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            check(*args, **kwargs)
        except AssertionError:
            return False
    return True


# --- assert_close: what it accepts ---


@given(data=st.data(), shape=SHAPES, rtol=st.sampled_from([0, 1e-6, 1e-2]), atol=st.sampled_from([0, 1e-9, 0.5]))
def test_close_is_what_numpy_calls_close(data: st.DataObject, shape: tuple, rtol: float, atol: float) -> None:
    actual = data.draw(npst.arrays(data.draw(DTYPES), shape))
    expected = data.draw(npst.arrays(data.draw(DTYPES), shape))
    assume(not np.isnan(expected).any())
    with np.errstate(all="ignore"):
        right = np.allclose(actual, expected, rtol=rtol, atol=atol)
    assert accepts(checks.assert_close, actual, expected, "it", rtol=rtol, atol=atol) == right


@given(expected=npst.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6)), share=st.floats(-2, 2))
def test_the_border_of_close_is_numpy_s(expected: np.ndarray, share: float) -> None:
    actual = expected + share * (1e-9 + 1e-6 * np.abs(expected))
    right = np.allclose(actual, expected, rtol=1e-6, atol=1e-9)
    assert accepts(checks.assert_close, actual, expected, "it") == right


@given(actual=npst.arrays(np.float64, SHAPES), expected=npst.arrays(np.float64, SHAPES, elements=st.floats(-9, 9)))
def test_another_shape_is_never_close(actual: np.ndarray, expected: np.ndarray) -> None:
    assume(actual.shape != expected.shape)  # numpy itself would broadcast
    assert not accepts(checks.assert_close, actual, expected, "it")


@pytest.mark.parametrize(
    "right", [[1, 2], (1.0, 2.0), np.array([1, 2], np.uint8), np.ma.array([1.0, 2.0]), [10**30, 2]]
)
def test_lists_tuples_and_arrays_are_read_alike(right: object) -> None:
    checks.assert_close(right, np.asarray(right, dtype=float), "it")


def test_infinity_can_be_the_right_answer() -> None:
    checks.assert_close([np.inf, -np.inf], [np.inf, -np.inf], "it")
    assert "there is inf at index [0]" in message_of(checks.assert_close, [np.inf], [-np.inf], "it")


def test_a_tensor_is_read_as_its_numbers() -> None:
    class Tensor:
        def __array__(self, dtype=None, copy=None) -> np.ndarray:
            return np.array([1.0, 2.0])

    checks.assert_close(Tensor(), [1, 2], "it")


# --- assert_close: what it says ---


def forgot_brackets() -> float:
    return 1.0


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        (None, 1, "got None instead of a number or an array: did you forget `return`?"),
        ([1, None], [1, 2], "there is None at index [1] instead of a number: did a function forget its `return`?"),
        (forgot_brackets, 1, "got a function instead of its result: did you forget the brackets that call it?"),
        ("1.0", 1, "got text, '1.0', instead of numbers"),
        (["a", "b"], [1, 2], "got text, ['a', 'b'], instead of numbers"),
        ({"w": 1}, 1, "got a dict instead of a number or an array"),
        ((x for x in [1]), [1], "got a generator instead of a number or an array"),
        ([{1}, {2}], [1, 2], "got a list of set objects instead of numbers"),
        (np.array(["2024-01-01"], "M8[D]"), [1], "got an array of datetime64 objects instead of numbers"),
        ([[1, 2], [3]], [1, 2], "got a list of 2 parts that do not make one array of numbers: [[1, 2], [3]]"),
        (([1.0, 2.0], 3.0), [1, 2], "got a tuple of 2 parts that do not make one array of numbers: ([1.0, 2.0], 3.0)"),
        (10**400, 1, "got an int, which cannot be read as numbers (OverflowError: "),
        (np.ones((2, 3)), np.ones((3, 2)), "got shape (2, 3), expected shape (3, 2): it is transposed"),
        (
            [[1], [2]],
            [1, 2],
            "got shape (2, 1) [[1], [2]], expected shape (2,) [1, 2]: a column instead of a flat array",
        ),
        ([[1, 2]], [1, 2], "a row instead of a flat array; `reshape` turns one into the other"),
        ([1, 2], [[1], [2]], "a flat array instead of a column"),
        ([0.5], 0.5, "got shape (1,) [0.5], expected the single number 0.5: the number is wrapped in an array"),
        (0.5, [0.5, 1], "got the single number 0.5, expected shape (2,) [0.5, 1]"),
        (np.ones((3, 3)), np.ones(3), "perhaps a column of shape (3, 1) met an array of shape (3,)"),
        (np.ones((3, 1, 2)), np.ones((3, 2)), "3 axes instead of 2 axes"),
        ([], [1.0], "got shape (0,), expected shape (1,) [1]"),
        (np.nan, 1, "got nan, expected 1; nan comes from 0/0"),
        ([1, np.nan, np.nan], [1, 2, 3], "there is nan at index [1] (2 of 3 numbers), expected 2; nan comes from 0/0"),
        (
            [[1, np.inf]],
            [[1, 2]],
            "there is inf at index [0, 1] (1 of 2 numbers), expected 2; inf comes from a division",
        ),
        (0.25, 0.5, "got 0.25, expected 0.5"),
        (1 + 1e-10, 1, "got 1.0000000001, expected 1"),
        (-0.5, 0.5, "got -0.5, expected 0.5; the sign is the wrong way round"),
        (
            [1, 2, 4],
            [1, 2, 3],
            "got [1, 2, 4], expected [1, 2, 3]: of 3 numbers only the one at index [2] differs, by 1",
        ),
        ([0, 2, 8], [1, 2, 3], ": 2 of 3 numbers differ, first at index [0], by 5 at most"),
        (
            np.zeros(9),
            np.arange(9),
            "at index [1] got 0, expected 1: 8 of 9 numbers differ, first at index [1], by 8 at",
        ),
        ([2, 4, 0], [1, 2, 0], "; each number is 2 times the right one"),
        ([[1, 2], [3, 4]], [[1, 3], [2, 4]], "; it is transposed"),
        ([True, False], [True, True], "got [True, False], expected [True, True]"),
        (2 + 1j, 2, "got 2+1j, expected 2"),
        (np.uint8(1), 2, "got 1, expected 2"),
    ],
)
def test_messages_teach(actual: object, expected: object, said: str) -> None:
    message = message_of(checks.assert_close, actual, expected, "the answer", rtol=1e-12, atol=0)
    assert message.startswith("the answer: ")
    assert said in message


@given(
    data=st.data(),
    expected=npst.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6)),
    others=st.lists(npst.arrays(np.float64, SHAPES), max_size=3),
)
def test_each_known_mistake_is_named(data: st.DataObject, expected: np.ndarray, others: list[np.ndarray]) -> None:
    """Mistakes may have any shape and hold nan; the first that fits is told, and none that equals the right answer."""
    mistakes = {f"mistake {i}": value for i, value in enumerate(others)} | {
        "right": expected,
        "a copy": expected.copy(),
    }
    wrong = data.draw(st.sampled_from([*others, expected + 1]))
    assume(not accepts(checks.assert_close, wrong, expected, "it"))
    message = message_of(checks.assert_close, wrong, expected, "it", mistakes=mistakes)
    fits = [
        name
        for name, value in mistakes.items()
        if value.shape == wrong.shape and np.allclose(wrong, value, rtol=1e-6, atol=1e-9, equal_nan=True)
        if not accepts(checks.assert_close, value, expected, "it")
    ]
    if fits:
        assert message.startswith(f"it: {fits[0]} (")
    else:
        assert "mistake" not in message and "right (" not in message and "a copy" not in message


def test_a_mistake_comes_before_the_shape_and_shows_the_difference() -> None:
    message = message_of(
        checks.assert_close, [3.0, 5.0], 8.0, "the loss", mistakes={"that is one loss per sample: add them up": [3, 5]}
    )
    expected = "got shape (2,) [3, 5], expected the single number 8"
    assert message == f"the loss: that is one loss per sample: add them up ({expected})"


def test_a_mistake_that_is_the_right_answer_does_not_refuse_it() -> None:
    checks.assert_close([2.5, 0.0], [2.5, 0.0], "it", mistakes={"nothing changed": [2.5, 0.0]})


@pytest.mark.parametrize("value", [None, "text", [[1], [2, 3]], object(), {}, np.array(["x"])])
def test_mistakes_that_are_no_numbers_are_passed_over(value: object) -> None:
    assert message_of(checks.assert_close, 1, 2, "it", mistakes={"strange": value}) == "it: got 1, expected 2"


@pytest.mark.parametrize("expected", [None, "text", [1, [2, 3]], [1, np.nan], object()])
def test_an_impossible_right_answer_is_the_test_s_fault(expected: object) -> None:
    with pytest.raises(ValueError, match="the expected value of this check"):
        checks.assert_close(1, expected, "it")


# --- hostile answers ---


class AlwaysEqual:
    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


class EqualArray(np.ndarray):
    """Says yes to every comparison."""

    def __array_ufunc__(self, *args: object, **kwargs: object) -> bool:
        return np.True_

    def __array_function__(self, *args: object, **kwargs: object) -> bool:
        return np.True_

    def __eq__(self, other: object) -> bool:
        return True


class GivesEqualArray:
    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.zeros(2).view(EqualArray)


class ArrayRaises:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        raise self.error


class Meta(type):
    def __eq__(cls, other: object) -> bool:
        return True

    __hash__ = type.__hash__

    @property
    def __name__(cls) -> str:
        raise RuntimeError("no name")


class Nameless(metaclass=Meta):
    def __repr__(self) -> str:
        raise SystemExit

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)


class LyingFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


HOSTILE = {  # made in the test, for pytest itself does not survive the sight of some
    "always equal": AlwaysEqual,
    "list of always equal": lambda: [AlwaysEqual(), AlwaysEqual()],
    "array of always equal": lambda: np.array([AlwaysEqual(), AlwaysEqual()], dtype=object),
    "array that says yes": lambda: np.zeros(2).view(EqualArray),
    "object that gives an array that says yes": GivesEqualArray,
    "exits when read": lambda: ArrayRaises(SystemExit(0)),
    "forges lines when read": lambda: ArrayRaises(ValueError("✗ forged\n✓ forged")),
    "nameless": Nameless,
    "list of nameless": lambda: [Nameless(), 1],
    "lying number": lambda: LyingFloat(7),
    "list of lying numbers": lambda: [LyingFloat(7), LyingFloat(8)],
    "without a class": lambda: type("Strange", (), {"__class__": property(lambda self: 1 / 0)})(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_answers_fail_every_check(kind: str) -> None:
    answer = HOSTILE[kind]()
    message_of(checks.assert_close, answer, [1.0, 2.0], "it", mistakes={"a mistake": [3.0, 4.0]})
    message_of(checks.assert_unchanged, answer, [1.0, 2.0], "it changed")
    message_of(checks.assert_shape, answer, (5,), "it")
    message_of(checks.assert_raises, ValueError, lambda: answer, what="it")


# --- the other checks ---


def test_shapes() -> None:
    checks.assert_shape(np.zeros((4, 2)), (4, 2), "it")
    checks.assert_shape([[1, 2]], (None, 2), "it")
    checks.assert_shape([1, 2, 3], 3, "it")
    checks.assert_shape(1.5, (), "it")
    assert message_of(checks.assert_shape, np.zeros((4, 2)), (2, 4), "W") == (
        "W: got shape (4, 2), expected shape (2, 4): it is transposed"
    )
    assert message_of(checks.assert_shape, np.zeros((4, 2)), (None,), "y").endswith("expected shape (any,)")
    assert "did you forget `return`?" in message_of(checks.assert_shape, None, (2,), "y")


def test_unchanged() -> None:
    w = np.array([0.5, 1.0, np.nan])
    checks.assert_unchanged(w, w.copy(), "w changed")
    checks.assert_unchanged([0.5, 1], np.array([0.5, 1]), "w changed")
    checks.assert_unchanged(["a", "b"], ["a", "b"], "names changed")
    changed = w.copy()
    changed[1] += 1e-12  # not close: the same
    assert message_of(checks.assert_unchanged, changed, w, "step must not change the w it was given") == (
        "step must not change the w it was given (at index [1] it was 1.0 and is now 1.000000000001)"
    )
    assert "(it was 1 and is now 2)" in message_of(checks.assert_unchanged, 2, 1, "n changed")
    assert "(its shape was (3,) and is now (2,))" in message_of(checks.assert_unchanged, w[:2], w, "w changed")
    assert "(it has become a dict)" in message_of(checks.assert_unchanged, {}, w, "w changed")
    assert "is now ['1', '2']" in message_of(checks.assert_unchanged, ["1", "2"], [1, 2], "w changed")
    with pytest.raises(ValueError, match="compares numbers or text, not a dict"):
        checks.assert_unchanged({}, {}, "it changed")


def test_raises() -> None:
    def refuse(value: object, *, times: int = 1) -> None:
        raise ValueError(f"{value} is refused {times} times")

    error = checks.assert_raises(ValueError, refuse, 3, times=2, what="a bad value")
    assert str(error) == "3 is refused 2 times"
    checks.assert_raises((KeyError, ValueError), refuse, 3)
    wrong = message_of(checks.assert_raises, KeyError, refuse, 3, what="a missing name")
    assert wrong == "a missing name: expected a KeyError, but it raised ValueError: 3 is refused 1 times"
    quiet = message_of(checks.assert_raises, ValueError, abs, -3, what="a bad value")
    assert quiet == "a bad value: expected a ValueError, but nothing was raised; it returned 3"
    assert "raised SystemExit" in message_of(checks.assert_raises, ValueError, exit)
    assert "expected a function, got None" in message_of(checks.assert_raises, TypeError, None)
    with pytest.raises(KeyboardInterrupt):
        checks.assert_raises(ValueError, ArrayRaises(KeyboardInterrupt()).__array__)


# --- parts ---


def fails(message: str) -> None:
    raise AssertionError(message)


def test_parts_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    parts = checks.Parts(points=3)
    with parts("the weights after a mistake", points=2):
        checks.assert_close([1.0], [2.0], "weights")
    with parts("arguments unchanged", points=1):
        checks.assert_unchanged([1], [1], "changed")
    score = parts.score()
    assert (type(score), score) == (float, 1.0)
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "✗ the weights after a mistake (0 of 2): weights: got [1], expected [2]",
        "✓ arguments unchanged (1 of 1)",
    ]
    assert err == ""


def test_full_marks_are_a_float() -> None:
    parts = checks.Parts(points=3)
    with parts("a", points=1), parts("b", points=2):
        pass
    assert repr(parts.score()) == "3.0"


def test_tenths_of_points_add_up() -> None:
    parts = checks.Parts(points=1)
    for i in range(10):
        with parts(f"part {i}", points=0.1):
            pass
    assert parts.score() == 1.0


def test_nothing_right_is_a_failure_that_lists_why() -> None:
    parts = checks.Parts(points=2)
    with parts("a", points=1):
        fails("wrong sign")
    with parts("b", points=1):
        fails("wrong shape")
    with pytest.raises(AssertionError) as caught:
        parts.score()
    assert str(caught.value).splitlines() == ["✗ a (0 of 1): wrong sign", "✗ b (0 of 1): wrong shape"]


def student_code(source: str) -> Callable[[], object]:
    """A function `answer` from text, as if it stood in a notebook cell."""
    namespace: dict[str, object] = {}
    exec(compile(source, "/tmp/ipykernel_1/2.py", "exec"), namespace)
    return namespace["answer"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def answer():\n    return undefined", "NameError: name 'undefined' is not defined (in answer, line 2)"),
        ("def answer():\n    exit(3)", "SystemExit: 3 (in answer, line 2)"),
        ("def answer():\n    exec('a = = 1')", "SyntaxError: invalid syntax (<string>, line 1) (in answer, line 2)"),
        (
            "import numpy\ndef answer():\n    return max(0, numpy.array([1, 2]))",
            "(in answer, line 3): `if`, `and` and `max` take one number: sum up (w @ x), or use np.where or np.maximum",
        ),
        (
            "import math, numpy\ndef answer():\n    return math.exp(numpy.array([1, 2]))",
            "(in answer, line 3): math.exp and its like take one number: use numpy's, such as np.exp",
        ),
        (
            "import numpy as np\ndef answer():\n    return np.ones((2, 3)) - np.ones((2, 3)).max(axis=1)",
            "(in answer, line 3): if one is a sum, mean or max over axis=1, `keepdims=True` makes it fit",
        ),
        (
            "def answer():\n    return 0.1 * [1, 2]",
            "(in answer, line 2): numpy multiplies arrays, not lists: take the arrays of a list one by one",
        ),
        (
            "def answer(gradient=lambda theta: theta):\n    return 0.1 * gradient",
            "(in answer, line 2): that is the function, not what it returns: call it, as in gradient(theta)",
        ),
        ("def answer():\n    return [][0]", "IndexError: list index out of range (in answer, line 2)"),
        ("def answer():\n    return answer()", "RecursionError: maximum recursion depth exceeded (in answer, line 2)"),
        ("def answer():\n    assert False", "an assertion failed without a message (in answer, line 2)"),
        ("def answer():\n    raise ValueError", "ValueError (in answer, line 2)"),
        (
            "def answer():\n    raise ValueError('one\\n✓ two \\x1b[31m')",
            "ValueError: one ✓ two [31m (in answer, line 2)",
        ),
        ("def answer():\n    raise ValueError('x' * 10**7)", "ValueError: " + "x" * 600 + "… (in answer, line 2)"),
        (
            "class E(Exception):\n    def __str__(self):\n        raise SystemExit\ndef answer():\n    raise E",
            "E (in answer, line 5)",
        ),
        (
            "import numpy as np\ndef answer():\n    return np.zeros(2) @ np.zeros(3)",
            "(in answer, line 3): the inner lengths of A @ B must be the same: (n, k) @ (k, m)",
        ),
        ("import json\ndef answer():\n    return json.loads('{')", "(in answer, line 3)"),
    ],
)
def test_any_exception_fails_its_part_on_one_line(source: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = student_code(source)
    parts = checks.Parts(points=2)
    with parts("first", points=1):
        answer()
    with parts("second", points=1):
        pass
    assert parts.score() == 1.0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{checks.FAILED} first (0 of 1): ")
    assert first.endswith(said)
    assert second == f"{checks.PASSED} second (1 of 1)"


def test_an_exception_of_another_process_names_its_line_there(capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("no such step")
    error.student_lines = ["line 7, in train: step(w)", "line 4, in step: raise ValueError"]
    part = checks.Parts(points=1)
    with part("a step", points=1):
        raise error
    assert capsys.readouterr().out == "✗ a step (0 of 1): your code raised ValueError: no such step (in step, line 4)\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_an_interrupt_is_not_swallowed(error: type[BaseException]) -> None:
    parts = checks.Parts(points=1)
    with pytest.raises(error), parts("first", points=1):
        raise error


def test_points_that_do_not_add_up_are_the_test_s_fault() -> None:
    parts = checks.Parts(points=3)
    with parts("a", points=1):
        fails("wrong")
    parts("never entered", points=2)
    with pytest.raises(ValueError, match=r"the parts are worth 1 points \(a 1\), but the cell 3"):
        parts.score()
    with pytest.raises(ValueError, match="there are none"):
        checks.Parts(points=3).score()


@pytest.mark.parametrize("points", [0, -1, np.nan, np.inf, "2", True, None])
def test_points_are_positive_numbers(points: object) -> None:
    with pytest.raises(ValueError, match="a test cell must be worth a positive number of points"):
        checks.Parts(points=points)
    with pytest.raises(ValueError, match="the part 'a' must be worth a positive number"):
        checks.Parts(points=1)("a", points=points)


# --- as nbgrader sees it ---


TEST_CELL = """
parts = checks.Parts(points=3)
with parts("the first value", points=2):
    checks.assert_close(answer[0], 1.0, "the first value")
with parts("the second value", points=1):
    checks.assert_close(answer[1], 2.0, "the second value")
parts.score()
"""
ANSWERS = {  # the student's cell -> the points that nbgrader gives
    "answer = [1.0, 2.0]": 3,
    "answer = [1.0, 0.0]": 2,
    "answer = [1.0]": 2,
    "answer = [0.0, 2.0]": 1,
    "answer = [0.0, 0.0]": 0,
    "answer = None": 0,
    "def answer(: pass": 0,
    "raise NotImplementedError": 0,
    "import numpy as np; answer = np.array([1.0, np.inf]) / 0": 0,
}


@pytest.mark.notebook
def test_nbgrader_gives_the_points_that_score_says(tmp_path: Path) -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook
    from nbgrader.utils import determine_grade

    metadata = {"nbgrader": {"grade": True, "solution": False, "grade_id": "t", "locked": True, "points": 3}}
    cells = [new_code_cell(f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom dlcourse import checks")]
    for answer in ANSWERS:
        cells += [
            new_code_cell("answer = None"),
            new_code_cell(answer),
            new_code_cell(TEST_CELL.strip(), metadata=metadata),
        ]
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    tests = notebook.cells[3::3]
    assert {answer: determine_grade(cell) for answer, cell in zip(ANSWERS, tests, strict=True)} == {
        answer: (points, 3) for answer, points in ANSWERS.items()
    }
    for cell in tests:
        streams = {output.name for output in cell.outputs if output.output_type == "stream"}
        assert streams == {"stdout"}
    failed = tests[4].outputs[-1]
    assert failed.ename == "AssertionError"
    assert failed.evalue.splitlines()[0] == "✗ the first value (0 of 2): the first value: got 0, expected 1"
    # Where it was, and why: none of the package's own lines.
    assert failed.traceback == ["line 6 of this cell:  parts.score()", f"AssertionError: {failed.evalue}"]
