"""Reading a corpus, and saying where it is malformed."""

from pathlib import Path

import pytest

from autograder.corpus import CorpusError, Solution, check_corpus, parse_corpus, read_corpus
from autograder.notebook import questions
from tests.autograder.small_course import CORPUS, make_solution

QUESTIONS = questions(make_solution())


def test_reads_solutions() -> None:
    solutions = parse_corpus(CORPUS)
    assert [(s.question, s.wrong) for s in solutions] == (
        [("add", True)] * 4 + [("add", False)] * 2
        + [("double", True)] * 4 + [("double", False)] * 2
        + [("biggest", True)] * 4 + [("biggest", False)] * 2
    )  # fmt: skip
    assert solutions[0] == Solution(
        "add", "subtracts", "def add(a, b):\n    return a - b", line=4, expects="that is the difference", loses=None
    )
    assert solutions[6].loses == 1
    check_corpus(solutions, QUESTIONS, "the corpus")


def test_options_come_in_any_order_and_texts_may_hold_quotes() -> None:
    (one,) = parse_corpus('# %% question: q\n#%%wrong: "a \\"b\\""  loses: 0.5  expects: "say: \\"x\\""\nx = 1\n')
    assert (one.name, one.loses, one.expects) == ('a "b"', 0.5, 'say: "x"')


Q = "# %% question: q\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "line 1: there is code above"),
        ('# %% wrong: "a" expects: "b"\nx = 1\n', "line 1: no '# %% question"),
        ("# %% question: q\nx = 1\n", "line 1: code below '# %% question:'"),
        ("# %% question: q\n\n# %% wrnog: \"a\"\nx = 1\n", "line 3: .*is none of"),
        ("# %% question: a b\n", "line 1: .*is none of"),
        (Q + "# %% wrong: unquoted\n", "line 2: .*is none of"),
        (Q + '# %% wrong: "a"\nx = 1\n', "line 2: wrong solution 'a' needs  expects"),
        (Q + '# %% wrong: "a" expects: " "\nx = 1\n', "line 2: wrong solution 'a' needs  expects"),
        (Q + '# %% right: "a" expects: "b"\nx = 1\n', "line 2: a right solution takes no 'expects'"),
        (Q + '# %% wrong: "a" expects: "b" costs: 2\nx = 1\n', "line 2: a wrong solution takes no 'costs'"),
        (Q + '# %% wrong: "a" expects: "b" expects: "c"\nx = 1\n', "line 2: 'expects' stands twice"),
        (Q + '# %% wrong: "a" expects: not quoted\nx = 1\n', "line 2: cannot read 'quoted'"),
        (Q + '# %% wrong: "a" expects: "b" loses: two\nx = 1\n', "line 2: loses must be a positive number"),
        (Q + '# %% wrong: "a" expects: "b" loses: 0\nx = 1\n', "line 2: loses must be a positive number"),
        (Q + '# %% right: "a"\n# nothing\n\n# %% right: "b"\nx = 1\n', "line 2: solution 'a' has no code"),
        (Q + '# %% right: "a"\n', "line 2: solution 'a' has no code"),
        (Q + '# %% right: " "\nx = 1\n', "line 2: the solution has no name"),
        (Q + '# %% right: "a"\nx = 1\n# %% right: "a"\nx = 2\n', "line 4: question q has another solution"),
        (Q + '# %% right: "a"\n\nx = 1\ndef f(:\n', "line 5: invalid syntax"),
    ],
)  # fmt: skip
def test_says_where_it_is_malformed(text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=f"the corpus, {message}"):
        parse_corpus(text)


def test_a_name_may_stand_in_two_questions() -> None:
    text = '# %% question: q\n# %% right: "a"\nx = 1\n# %% question: r\n# %% right: "a"\nx = 2\n'
    assert len(parse_corpus(text)) == 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (CORPUS.replace("question: double", "question: dubble"), "no tested question 'dubble'; did you mean double?"),
        (CORPUS.replace("question: double", "question: why"), "no tested question 'why'"),
        (CORPUS.replace("loses: 2", "loses: 4"), "loses 4, but double has only 3 points"),
        (CORPUS[: CORPUS.index('# %% right: "sorts"')], "question biggest has 0 right solutions and needs 1"),
        (CORPUS[: CORPUS.index("# %% question: biggest")], "question biggest has 0 wrong solutions and needs 1"),
    ],
)
def test_says_how_it_does_not_fit_the_exercise(changed: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message.replace("?", r"\?")):
        check_corpus(parse_corpus(changed), QUESTIONS, "the corpus")


def test_a_minimum_of_solutions() -> None:
    with pytest.raises(CorpusError, match="question add has 4 wrong solutions and needs 5"):
        check_corpus(parse_corpus(CORPUS), QUESTIONS, "the corpus", min_wrong=5)


def test_file_that_is_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is missing"):
        read_corpus(tmp_path / "x.corpus.py")
    (tmp_path / "x.corpus.py").write_bytes(b"\xff")
    with pytest.raises(CorpusError, match="cannot be read"):
        read_corpus(tmp_path / "x.corpus.py")
