"""Objects of classes that a student wrote: what a test can do with them, and what they cannot do to it."""

import copy
import operator
import pickle
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.engine.handles import Handle
from autograder.engine.peer import Peer
from dlcourse.checks import assert_close
from tests.autograder.engine.link import process

ANSWER = '''
import dataclasses
import enum
import numpy as np
from collections import namedtuple

class Value:
    """A number that remembers where it came from."""
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self._parents = ()
    def __add__(self, other):
        return Value(self.data + getattr(other, "data", other))
    __radd__ = __add__
    def __mul__(self, other):
        return Value(self.data * getattr(other, "data", other))
    def __rsub__(self, other):
        return Value(other - self.data)
    def __neg__(self):
        return Value(-self.data)
    def __pow__(self, n):
        return Value(self.data**n)
    def __matmul__(self, other):
        return self.data * other.data
    def relu(self):
        return Value(max(self.data, 0))
    def __repr__(self):
        return f"Value({self.data})"

class Vector:
    def __init__(self, *items):
        self.items = list(items)
    def __len__(self):
        return len(self.items)
    def __getitem__(self, i):
        return self.items[i]
    def __setitem__(self, i, value):
        self.items[i] = value
    def __delitem__(self, i):
        del self.items[i]
    def __contains__(self, x):
        return True
    def __array__(self, dtype=None, copy=None):
        return np.array(self.items, float)

class Timer:
    def __enter__(self):
        self.log = ["in"]
        return self
    def __exit__(self, kind, error, trace):
        self.log.append(None if kind is None else str(error))
        return True

class Number:
    def __float__(self): return 2.5
    def __int__(self): return 2
    def __index__(self): return 2
    def __bool__(self): return False
    def __complex__(self): return 1j
    def __str__(self): return "two"

class Liar:
    """Whatever a test wants to hear."""
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 3
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __sub__(self, other): seen.append(other); return self
    __rsub__ = __add__ = __radd__ = __mul__ = __truediv__ = __sub__
    def __abs__(self): return self
    __neg__ = __pos__ = __abs__
    def __pow__(self, n): return 0.0
    def __contains__(self, x): return True
    def __iter__(self): return iter(())
    def __float__(self): return 0.0
    def __int__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 10**18
    def __array__(self, dtype=None, copy=None): return np.zeros(1)
    def __getattr__(self, name): return lambda *a, **k: 0.0
    def __getitem__(self, key): return 0.0
    __array_ufunc__ = None
    __class__ = float

seen = []
def lie(*args):
    return Liar()

Pair = namedtuple("Pair", "mean std")
def pair():
    return Pair(1.0, 2.0)

class Colour(enum.IntEnum):
    RED = 1
def colour():
    return Colour.RED

class MyList(list):
    pass
def my_list():
    return MyList([1, 2])

class MyFloat(float):
    def __eq__(self, other): return True
    __hash__ = None
def my_float():
    return MyFloat(3)

@dataclasses.dataclass
class Config:
    units: int = 3
def config():
    return Config()

class Proxy:
    def __init__(self): object.__setattr__(self, "calls", [])
    def __getattr__(self, name): self.calls.append(name); return name

one = Value(1)
def same(): return one
class Strange:
    def __init__(self): self.__dict__["__state"] = 1
    def __repr__(self): raise ValueError("no")
Bad = type("<script>" * 30, (), {})
def lots(): return [Value(i) for i in range(3)], {"k": Value(9)}
'''


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with process(ANSWER) as peer:
        yield peer


def test_attributes(peer: Peer) -> None:
    value = peer.fetch("Value")(2.0)
    assert value.data == 2.0 and value._parents == ()
    value.grad = 3.0
    assert value.grad == 3.0
    value.extra = np.ones(2)
    value.extra[0] = 5  # as in one process, the attribute is that array
    assert np.array_equal(value.extra, [5, 1])
    del value.extra
    assert not hasattr(value, "extra") and hasattr(value, "grad")


def test_operators_give_objects_of_the_answer(peer: Peer) -> None:
    Value = peer.fetch("Value")
    a, b = Value(2.0), Value(3.0)
    assert (a + b).data == 5 and (a + 1).data == 3 and (1 + a).data == 3 and (a * b + 1).data == 7
    assert (5 - a).data == 3 and (-a).data == -2 and (a**2).data == 4
    assert ((a * b).relu() * 2).data == 12
    a += 1
    assert a.data == 3
    with pytest.raises(TypeError):
        a / b
    with pytest.raises(TypeError, match="must give such an object again"):
        a @ b


def test_items_and_iteration(peer: Peer) -> None:
    vector = peer.fetch("Vector")(1.0, 2.0, 3.0)
    assert len(vector) == 3 and vector[1] == 2.0 and vector[-1] == 3.0 and list(vector) == [1, 2, 3]
    vector[0] = 7.0
    del vector[1]
    assert list(vector) == [7, 3] and [*map(float, vector)] == [7, 3]
    with pytest.raises(IndexError):
        vector[9]
    assert np.array_equal(np.asarray(vector), [7, 3]) and np.asarray(vector, dtype=np.float32).dtype == np.float32
    assert_close(vector, [7, 3], "the vector")
    assert np.allclose(np.sqrt(peer.fetch("Vector")(4.0, 9.0)), [2, 3])


def test_whether_something_is_in_it_is_compared_here(peer: Peer) -> None:
    vector = peer.fetch("Vector")(1.0, 2.0)
    assert 2.0 in vector and 5.0 not in vector


def test_numbers_and_texts(peer: Peer) -> None:
    number = peer.fetch("Number")()
    assert float(number) == 2.5 and int(number) == 2 and operator.index(number) == 2 and complex(number) == 1j
    assert not number and str(number) == "two" and f"{number}" == "two" and [0, 1, 2][number] == 2
    assert repr(peer.fetch("Value")(2)) == "Value(2)" and repr(number) == "<Number of the answer>"
    assert repr(peer.fetch("Strange")()) == "<Strange of the answer>"
    with pytest.raises(TypeError):
        f"{number:.3f}"


def test_identity_is_kept(peer: Peer) -> None:
    assert peer.fetch("one") is peer.fetch("same")() and peer.fetch("one") == peer.fetch("same")()
    assert peer.fetch("one") != peer.fetch("Value")(1)
    assert len({peer.fetch("one"), peer.fetch("same")()}) == 1
    values, table = peer.fetch("lots")()
    assert [value.data for value in values] == [0, 1, 2] and table["k"].data == 9


def test_a_with_block_swallows_nothing(peer: Peer) -> None:
    with peer.fetch("Timer")() as timer:
        pass
    assert timer.log == ["in", None]
    for error in (AssertionError("secret"), TypeError("x"), KeyboardInterrupt()):
        with pytest.raises(type(error)), timer:
            raise error
        assert timer.log[1] == f"{type(error).__name__} in the test"


def test_other_classes_come_as_handles(peer: Peer) -> None:
    mean, std = pair = peer.fetch("pair")()
    assert (mean, std) == (1.0, 2.0) and pair.mean == 1.0 and pair[1] == 2.0 and isinstance(pair, Handle)
    assert isinstance(peer.fetch("colour")(), Handle) and int(peer.fetch("colour")()) == 1
    assert np.array_equal(np.asarray(peer.fetch("my_list")()), [1, 2])
    assert isinstance(peer.fetch("my_float")(), Handle) and peer.fetch("my_float")() != 4
    assert peer.fetch("config")().units == 3


def test_dunders_and_displays_are_not_forwarded(peer: Peer) -> None:
    proxy = peer.fetch("Proxy")()
    for name in ("__wrapped__", "__array_interface__", "_repr_html_", "_ipython_display_", "__deepcopy__"):
        with pytest.raises(AttributeError):
            getattr(proxy, name)
    assert proxy.calls == [] and proxy.__class__ is Handle and not hasattr(proxy, "__dict__")
    for forbidden in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            forbidden(proxy)
    with pytest.raises(AttributeError):
        proxy.__class__ = int
    with pytest.raises(AttributeError):
        proxy.__wrapped__ = 1


def test_names_of_types_are_cleaned(peer: Peer) -> None:
    assert repr(peer.fetch("Bad")()) == "<" + ("script" * 30)[:60] + " of the answer>"


@pytest.mark.parametrize(
    "trick",
    [
        lambda lie: operator.eq(lie(), 3),
        lambda lie: operator.eq(3, lie()),
        lambda lie: not operator.ne(3, lie()) and not operator.ne(lie(), 3),
        lambda lie: np.array([3.0]) == lie(),
        lambda lie: bool((np.arange(3) == lie()).all()),
        lambda lie: np.array_equal(lie(), [3.0]),
        lambda lie: np.allclose(lie(), 3.0),
        lambda lie: lie() > 2,
        lambda lie: lie() > 2,
        lambda lie: np.float64(2) < lie(),
        lambda lie: bool(np.all(np.array([2.0]) < lie())),
        lambda lie: abs(lie() - 3) < 1e-9,
        lambda lie: abs(3 - lie()) < 1e-9,
        lambda lie: abs(np.float64(3) - lie()) < 1e-9,
        lambda lie: np.abs(lie() - np.array([3.0])).max() < 1e-9,
        lambda lie: np.abs(np.array([3.0]) - lie()).max() < 1e-9,
        lambda lie: np.max(np.abs(lie() - 3)) < 1e-9,
        lambda lie: ((lie() - np.array([3.0])) ** 2).mean() < 1e-9,
        lambda lie: (lie() - 3).max() < 1e-9,
        lambda lie: (lie() - 3).sum() < 1e-9,
        lambda lie: float(lie() - 3) == 0,
        lambda lie: not int(lie() - 3),
        lambda lie: np.linalg.norm(lie() - np.array([3.0])) < 1e-9,
        lambda lie: all(abs(x) < 1e-9 for x in lie() - np.array([3.0])) and len(lie() - np.array([3.0])) == 1,
        lambda lie: (lie() - 3)[0] == 0,
        lambda lie: lie() / 3 - 1 == 0,
        lambda lie: (lie() - 3) ** 2 < 1e-9,
        lambda lie: np.isclose(lie(), 3),
        lambda lie: round(lie()) == 3,
        lambda lie: [lie()] == [3],
        lambda lie: (lie(), 1) == (3, 1),
        lambda lie: lie() in [3],
        lambda lie: 3 in lie(),
        lambda lie: {3: True}.get(lie(), False),
        lambda lie: len(lie()) == 10**18,
        lambda lie: isinstance(lie(), float),
        lambda lie: sum([lie(), lie()]) == 0,
        lambda lie: max(lie(), 3) == 3 and min(lie(), 3) != 3,
        lambda lie: sorted([3, lie()])[1] == 3,
        lambda lie: f"{lie() - 3:.1f}" == "0.0",
    ],
)
def test_no_lie_is_believed(peer: Peer, trick: Callable[[Callable[[], object]], object]) -> None:
    """Each expression holds of a function that returns 3, or of a list of it, and must not of one that lies."""
    try:
        believed = bool(trick(peer.fetch("lie")))
    except (TypeError, ValueError, OverflowError, AttributeError):
        believed = False
    assert not believed
