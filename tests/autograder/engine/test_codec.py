"""Values cross as what they are; words that no truthful writer would write are refused."""

import collections
import dataclasses
import json
import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.engine.codec import Decoder, Encoder
from autograder.engine.containers import weigh
from autograder.engine.shared import Table
from autograder.engine.wire import WireError
from dlcourse.data import Dataset


class Side:
    """As much of a `Peer` as the codec needs."""

    def __init__(self, *, trusted: bool) -> None:
        self.trusted = trusted
        self.table = Table()

    def write_other(self, value: object, encoder: Encoder) -> Any:
        raise TypeError(f"a {type(value).__name__}")

    def read_handle(self, decoder: Decoder, *words: Any) -> object:
        raise WireError("no handles here")

    read_other = read_handle


def cross(value: Any, *, to_answer: bool = False) -> Any:
    """Send a value from one side to the other: from the answer to the examiner, or the other way round."""
    encoder = Encoder(Side(trusted=not to_answer), [])
    coded = json.loads(json.dumps(encoder.encode(value)))
    decoder = Decoder(Side(trusted=to_answer), [bytearray(blob) for blob in encoder.blobs], [])
    arrived = decoder.decode(coded)
    decoder.finish()
    return arrived


def read(words: Any, *blobs: bytes) -> Any:
    """What the examiner makes of these words."""
    decoder = Decoder(Side(trusted=False), [bytearray(blob) for blob in blobs], [])
    value = decoder.decode(words)
    decoder.finish()
    return value


def same(a: Any, b: Any) -> bool:
    """Whether two values are of the same types and equal, NaN being equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        equal = a == b if a.dtype == np.longdouble else a.tobytes() == b.tobytes()  # a long double has unused bytes
        return a.dtype == b.dtype and a.shape == b.shape and bool(np.all(equal))
    if isinstance(a, list | tuple | collections.deque):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(*pair) for pair in zip(a.items(), b.items(), strict=True))
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    return a == b


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**300), 10**300)
    | st.floats()
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary()
    | st.just(...)
)
FEW = SCALARS.filter(lambda value: value == value)  # no NaN, of which a set may hold many
HASHABLE = FEW | st.tuples(FEW, FEW) | st.frozensets(FEW, max_size=3)
DTYPES = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes(endianness="?")
    | hnp.floating_dtypes(endianness="?")
    | hnp.complex_number_dtypes(endianness="?")
    | hnp.unicode_string_dtypes(min_len=1, endianness="?")
    | hnp.byte_string_dtypes(min_len=1)
    | hnp.datetime64_dtypes(endianness="?")
)
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
VALUES = st.recursive(
    SCALARS | ARRAYS | st.builds(slice, st.integers(), st.none()) | st.builds(range, st.integers(-5, 5)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.sets(HASHABLE, max_size=4)
        | st.lists(inner, max_size=4).map(collections.deque)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES, st.booleans())
def test_values_cross(value: Any, to_answer: bool) -> None:
    assert same(cross(value, to_answer=to_answer), value)


@pytest.mark.parametrize(
    "value",
    [
        np.float32(1.5),
        np.int64(-3),
        np.bool_(True),
        np.str_("ü"),
        np.str_(""),
        np.bytes_(b""),
        np.datetime64("2020-01-01T10", "s"),
        np.longdouble("1.1"),
        np.complex64(1j),
        np.dtype("<f4"),
        np.dtype("U7"),
        np.float64,
        np.int8,
        bool,
        dict,
        -0.0,
        10**9000,
        bytearray(b"abc"),
        collections.OrderedDict(b=1, a=2),
        collections.Counter("hello"),
        collections.deque([1, 2], maxlen=3),
        slice(None, (1, 2), 3),
        NotImplemented,
    ],
    ids=lambda value: type(value).__name__,
)
def test_rarer_values_cross(value: Any) -> None:
    for to_answer in (False, True):
        assert same(cross(value, to_answer=to_answer), value)
    if isinstance(value, collections.deque):
        assert cross(value).maxlen == value.maxlen


def test_arrays_keep_their_order_and_whether_they_can_be_changed() -> None:
    a = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    a.flags.writeable = False
    b = cross(a)
    assert b.flags.f_contiguous and not b.flags.c_contiguous and not b.flags.writeable and np.array_equal(a, b)
    assert np.array_equal(cross(np.arange(20).reshape(4, 5)[::2, 1::2]), [[1, 3], [11, 13]])
    assert cross(np.broadcast_to(1.5, (3, 4))).shape == (3, 4)


def test_arrays_of_objects_cross_item_by_item() -> None:
    a = np.empty((1, 2), object)
    a[0, 0], a[0, 1] = np.ones(3), "text"
    b = cross(a)
    assert b.dtype == object and b.shape == (1, 2) and same(b[0, 0], np.ones(3)) and b[0, 1] == "text"


def test_bfloat16_crosses() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    a = np.array([[1.5, 2]], ml_dtypes.bfloat16)
    assert same(cross(a), a) and same(cross(a[0, 0]), a[0, 0])


def test_subclasses_of_arrays_cross_as_arrays() -> None:
    masked = np.ma.array([1, 2, 3], mask=[0, 1, 0], fill_value=9)
    assert same(cross(masked), np.array([1, 9, 3]))
    assert same(cross(np.asmatrix([[1, 2]])), np.array([[1, 2]]))


@pytest.mark.parametrize("bits", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_generators_cross_with_their_state(bits: str) -> None:
    rng = np.random.Generator(getattr(np.random, bits)(7))
    rng.normal(size=3)
    there = cross(rng)
    assert isinstance(there, np.random.Generator)
    assert np.array_equal(there.normal(size=5), rng.normal(size=5))


def test_old_generators_cross_with_their_state() -> None:
    rng = np.random.RandomState(3)
    rng.normal()  # leaves a second one behind
    there = cross(rng)
    assert isinstance(there, np.random.RandomState)
    assert np.array_equal(there.normal(size=5), rng.normal(size=5))


def test_dataclasses_of_the_course_cross() -> None:
    data = Dataset("x", np.ones((2, 1)), np.zeros(2, int), ("a",), ("b",), "here", "none")
    there = cross(data)
    assert type(there) is Dataset and all(
        same(getattr(there, field.name), getattr(data, field.name)) for field in dataclasses.fields(data)
    )


def test_what_is_one_object_stays_one() -> None:
    a, inner = np.ones(2), [1]
    b = cross([a, a, inner, {"k": inner}])
    assert b[0] is b[1] and b[2] is b[3]["k"]


def test_a_list_that_contains_itself_crosses_only_to_the_answer() -> None:
    a: list[Any] = [1]
    a.append(a)
    b = cross(a, to_answer=True)
    assert b[1] is b
    with pytest.raises(ValueError, match="contains itself"):
        cross(a)


def test_what_cannot_cross_says_so() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    for value in (deep, 10**10_200, range(10**12)):
        with pytest.raises(ValueError, match="cannot be passed"):
            cross(value)
    with pytest.raises(TypeError):
        cross(object())


STATE = [
    ["bit_generator", "MT19937"],
    ["state", [["key", ["array", "<u4", [624], "C", True]], ["pos", ["int", "271"]]]],
]
HUGE = [
    ["bit_generator", "PCG64"],
    ["state", [["state", ["int", "f" * 40]], ["inc", ["int", "1"]]]],
    ["has_uint32", ["int", "0"]],
    ["uinteger", ["int", "0"]],
]

HOSTILE = {
    "unknown kind": ["eval", "1"],
    "no list": {"class_name": "Lambda"},
    "empty": [],
    "kind is a list": [["tuple"], []],
    "too few": ["tuple"],
    "too many": ["tuple", [], []],
    "unhashable key": ["dict", [[["list", []], 1]]],
    "dict of threes": ["dict", [[1, 2, 3]]],
    "huge range": ["range", 0, 10**15, 1],
    "range beyond the machine": ["range", 0, ["int", "f" * 60], 1],
    "range of texts": ["range", "a", "b", "c"],
    "integer of a million digits": ["int", "f" * 1_000_000],
    "integer with words": ["int", "1_000"],
    "complex of lists": ["complex", [], []],
    "place that is not there": ["place", 0],
    "place below zero": ["list", [["place", -1]]],
    "place that contains itself": ["list", [["place", 0]]],
    "never given": ["yours", 1],
    "never received": ["mine", 1],
    "number is true": ["mine", True],
    "object dtype": ["array", None, "|O", [1], "C", True],
    "object dtype in words": ["array", None, "O", [1], "C", True],
    "record dtype": ["array", None, "f8,f8", [1], "C", True],
    "void dtype": ["array", None, "|V8", [1], "C", True],
    "dtype as list": ["array", None, [["a", "<f8"]], [1], "C", True],
    "dtype of no size": ["array", None, "<U0", [10**9], "C", True],
    "overflowing shape": ["array", None, "<f8", [2**32, 2**32], "C", True],
    "overflowing empty shape": ["array", None, "<f8", [0, 2**62], "C", True],
    "negative shape": ["array", None, "<f8", [-1, -1], "C", True],
    "shape of true": ["array", None, "<f8", [True], "C", True],
    "ten gigabytes": ["array", None, "<f8", [10, 2**27], "C", True],
    "many axes": ["array", None, "<f8", [1] * 65, "C", True],
    "strange order": ["array", None, "<f8", [1], "K", True],
    "strange number": ["array", "1", "<f8", [1], "C", True],
    "zero": ["array", 0, "<f8", [1], "C", True],
    "datetime of no unit": ["array", None, "<M8[nonsense]", [1], "C", True],
    "scalar that is longer": ["scalar", "<f8", "00" * 16],
    "scalar of no hex": ["scalar", "<f8", "zz"],
    "dtype": ["dtype", "O"],
    "type": ["type", "numpy.testing"],
    "type of a module": ["type", "os"],
    "type object": ["type", "numpy.object_ "],
    "objects of another shape": ["objects", [2, 2], [1]],
    "objects of a huge shape": ["objects", [0, 2**62, 2**62], []],
    "dataclass of another package": ["data", "dataclasses", "Field", []],
    "dataclass that is a function": ["data", "dlcourse.data", "load", []],
    "dataclass with too few": ["data", "dlcourse.data", "Dataset", [["name", "x"]]],
    "dataclass to import": ["data", "dlcourse.lab", "Lab", []],
    "dataclass by a path": ["data", "dlcourse.data.np", "Dataset", []],
    "generator of another kind": ["generator", 1, [["bit_generator", "os"]]],
    "generator without state": ["generator", 1, [["bit_generator", "PCG64"]]],
    "generator with a huge state": ["generator", 1, HUGE],
    "generator that reads behind its table": ["generator", 1, STATE],
    "library": ["other", "library", "os", "system"],
    "handle": ["handle"],
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_are_refused(words: Any) -> None:
    loaded = set(sys.modules)
    with pytest.raises(WireError):
        read(words, bytes(2496) if "MT19937" in str(words) else bytes(8))
    assert set(sys.modules) == loaded


@pytest.mark.parametrize(
    ("words", "blob"),
    [
        (["array", None, "|b1", [2], "C", True], b"\x01\x02"),
        (["array", None, "<U1", [1], "C", True], b"\xff\xff\xff\xff"),
        (["array", None, "<f8", [1], "C", True], bytes(16)),
        (["array", None, "<f8", [2], "C", True], bytes(8)),
    ],
)
def test_bytes_that_are_no_values_are_refused(words: Any, blob: bytes) -> None:
    with pytest.raises(WireError):
        read(words, blob)


def test_bytes_are_used_once() -> None:
    with pytest.raises(WireError):
        read(["tuple", [["bytes"], ["bytes"]]], b"x")
    with pytest.raises(WireError):
        read(["tuple", []], b"x")


def test_nesting_is_bounded_whatever_the_reader_was_told() -> None:
    words: Any = 1
    for _ in range(150):
        words = ["tuple", [words]]
    with pytest.raises(WireError):
        read(words)


def test_lists_that_hold_each_other_are_weighed() -> None:
    words: Any = ["list", [0] * 10]
    for number in range(8):
        words = ["list", [words, *([["place", 8 - number]] * 9)]]
    value = read(words)
    with pytest.raises(WireError, match="too often"):
        weigh([value], {}, 2**28)
    a: list[Any] = []
    with pytest.raises(WireError, match="contains itself"):
        weigh([a], {id(a): [a]}, 2**28)
    weigh([[np.ones(3)] * 5], {}, 2**28)


ATOMS = st.sampled_from(["<f8", "|b1", "C", "F", "a", "PCG64", None, True, False]) | st.integers(-3, 300) | st.floats()
KINDS = """array list dict tuple int range slice place mine yours generator deque objects scalar dtype type data set
    frozenset bytes complex OrderedDict"""
WORDS = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(st.sampled_from(KINDS.split()), inner, inner).map(list),
    max_leaves=20,
)
PLACES = ("builtins", "numpy", "collections", "numpy.dtypes", "autograder.engine.generators")


@settings(deadline=None, max_examples=300)
@given(WORDS, st.lists(st.binary(max_size=40), max_size=3))
def test_random_words_are_a_value_or_refused(words: Any, blobs: list[bytes]) -> None:
    try:
        value = read(words, *blobs)
    except WireError:
        return
    assert type(value).__module__ in (
        "builtins",
        "numpy",
        "collections",
        "numpy.dtypes",
        "autograder.engine.generators",
    )
