"""Which submissions share more than chance, the task and the class explain: by the k-grams of their answers' tokens.

An answer becomes a sequence of tokens: comments and texts are left out, and names that somebody chose are all alike, so
that renaming hides nothing. Fragments of `K` tokens that the task itself brings, or that many write, say nothing and do
not count. All pairs are compared, exactly, in one sparse product: fast enough for thousands, so that winnowing, which
keeps a sample of the fragments, is not needed. After Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for
document fingerprinting" (SIGMOD 2003), without the sampling.
"""

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

K = 8  # tokens in a fragment: a short line of code
COMMON = 0.05  # a fragment that more of the class share than this says nothing
AT_LEAST = 3  # so many may share one in a small class
MIN_SHARED = 20  # fragments: some three lines of code of one's own
MIN_OVERLAP = 0.6

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*)|(?P<text>[rbfRBF]{0,2}(?:\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z)|"(?:\\.|[^"\\\n])*"?"""
    r"""|'(?:\\.|[^'\\\n])*'?))|(?P<attribute>\.\s*[^\W\d]\w*)|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|[^\s\w]""",
    re.DOTALL,
)
_FIXED = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"np", "keras", "self"}


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike."""

    one: str
    other: str
    shared: int
    """Fragments that both have and few others."""
    overlap: float
    """Their share of the fragments of whichever has fewer."""
    questions: tuple[str, ...]
    """Where they are, most first."""


def tokens(code: str, given: frozenset[str] = frozenset()) -> list[str]:
    """Return the tokens of an answer.

    Args:
        code: it need not be valid Python.
        given: names that the task brings, which are not the student's choice.
    """
    found = []
    for match in _TOKEN.finditer(code):
        match match.lastgroup:
            case "skip":
                continue
            case "text":
                found.append("text")
            case "name":
                found.append(match[0] if match[0] in _FIXED or match[0] in given else "name")
            case _:
                found.append(match[0])
    return found


def fragments(code: str, given: frozenset[str] = frozenset()) -> set[str]:
    """Return the k-grams of an answer's tokens."""
    return _grams(tokens(code, given))


def _grams(found: Sequence[str]) -> set[str]:
    return {" ".join(found[i : i + K]) for i in range(len(found) - K + 1)}


def similar_pairs(
    answers: Mapping[str, Mapping[str, str]], template: Mapping[str, str], *, most: int = 20
) -> list[Pair]:
    """Find the pairs of submissions that share most of what is their own.

    Args:
        answers: by student and question.
        template: what each question's cell held when it was handed out.
        most: how many pairs to return at most.

    Returns:
        The pairs, those that share the largest part first.
    """
    from scipy.sparse import csr_array

    students = list(answers)
    if len(students) < 2:
        return []
    names = {question: frozenset(re.findall(r"[^\W\d]\w*", code)) for question, code in template.items()}
    given = {question: fragments(code, names[question]) for question, code in template.items()}
    # Many answers differ in comments and names only: what is the same without them is cut up once.
    answered = [
        [(question, tuple(tokens(code, names.get(question, frozenset())))) for question, code in answers[one].items()]
        for one in students
    ]
    written = Counter(answer for of in answered for answer in of)
    own = {
        (question, found): [(question, part) for part in sorted(_grams(found) - given.get(question, set()))]
        for question, found in written
    }
    counts: Counter[tuple[str, str]] = Counter()
    for answer, n in written.items():
        for fragment in own[answer]:
            counts[fragment] += n
    limit = max(AT_LEAST, int(COMMON * len(students)))
    rare = {fragment: column for column, (fragment, n) in enumerate(counts.items()) if n <= limit}
    columns_of = {answer: [rare[part] for part in parts if part in rare] for answer, parts in own.items()}
    places = [[column for answer in of for column in columns_of[answer]] for of in answered]
    if not any(places):  # nobody has written anything of one's own
        return []
    rows_of = np.repeat(np.arange(len(students)), [len(of) for of in places])
    columns = np.concatenate([np.array(of, np.int64) for of in places])
    matrix = csr_array((np.ones(len(columns), np.int32), (rows_of, columns)), (len(students), len(counts)))
    sizes = matrix.sum(axis=1)
    products = (matrix @ matrix.T).tocoo()
    rows, columns, shared = products.row, products.col, products.data
    keep = (rows < columns) & (shared >= MIN_SHARED)
    rows, columns, shared = rows[keep], columns[keep], shared[keep]
    overlap = shared / np.minimum(sizes[rows], sizes[columns])
    keep = overlap >= MIN_OVERLAP
    found = sorted(
        zip(-overlap[keep], -shared[keep], rows[keep], columns[keep], strict=True),
        key=lambda pair: tuple(map(float, pair)),
    )
    known = list(counts)
    return [
        Pair(students[i], students[j], int(-n), float(-part), _questions(places[i], places[j], known))
        for part, n, i, j in found[:most]
    ]


def _questions(one: Iterable[int], other: Iterable[int], known: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the questions in which two have the same fragments, most first."""
    both = [known[column] for column in set(one).intersection(other)]
    counted = sorted(Counter(question for question, _ in both).items(), key=lambda item: (-item[1], item[0]))
    return tuple(question for question, _ in counted)
