"""Changes that make no difference, as a corpus lists them."""

import pytest

from autograder.corpus import CorpusError, parse_corpus
from autograder.mutation.equivalent import parse_equivalents, stale
from autograder.mutation.mutants import make_mutants
from tests.autograder.small_course import CORPUS

Q = "# %% question: add\n"
LISTED = """
# %% question: add

# %% equivalent: "a sum has no order"
# - return a - b
# + return b - a
#
# - x = 1
# - y = 2
# + x = 2
# + y = 1
"""


def test_reads_changes_and_leaves_the_solutions_alone() -> None:
    assert parse_corpus(CORPUS + LISTED) == parse_corpus(CORPUS)
    one, two = parse_equivalents(LISTED)
    assert (one.question, one.reason, one.before, one.after) == (
        "add",
        "a sum has no order",
        ("return a - b",),
        ("return b - a",),
    )
    assert (two.before, two.after, one.line, two.line) == (("x = 1", "y = 2"), ("x = 2", "y = 1"), 5, 8)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('# %% equivalent: "a"\n# - x\n# + y\n', "line 1: no '# %% question"),
        (Q + '# %% equivalent: " "\n# - x\n# + y\n', "line 2: say why"),
        (Q + '# %% equivalent: "a"\n', "line 2: no change below"),
        (Q + '# %% equivalent: "a"\n# + y\n', r"line 3: '# \+' without a '# -'"),
        (Q + '# %% equivalent: "a"\n# - x\n\n', r"line 3: '# -' without a '# \+'"),
        (Q + '# %% equivalent: "a"\n# - x\n# y\n', "line 4: neither '# - line before'"),
    ],
)
def test_says_where_it_is_malformed(text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        parse_equivalents(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (Q + '# %% equivalent: "a"\nx = 1\n', "line 2: below '# %% equivalent:'"),
        (Q + "# %% equivalent: unquoted\n", "line 2: .*is none of"),
    ],
)
def test_a_corpus_with_code_below_it(text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        parse_corpus(text)


def test_goes_stale_loudly() -> None:
    listed = parse_equivalents(LISTED)[:1]
    mutants = make_mutants("def add(a, b):\n    return a - b")
    turned = [mutant for mutant in mutants if mutant.after == ("return b - a",)]
    assert list(stale(listed, mutants, turned)) == []
    assert list(stale(listed, mutants, [])) == [
        "line 5 of the corpus: return a - b → return b - a: the tests see it: take it out"
    ]
    assert list(stale(listed, make_mutants("def add(a, b):\n    return a + b"), [])) == [
        "line 5 of the corpus: return a - b → return b - a: no mutant is like it any more"
    ]
