"""Numbers about a class: how hard each question was, how well it tells students apart, how the points are spread."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEW = 10  # of fewer submissions a correlation says nothing
HARD, EASY = 0.3, 0.95
WEAK = 0.1  # below that, a question tells nobody apart


@dataclass(frozen=True)
class QuestionStatistics:
    """How one question went."""

    question: str
    max_points: float
    n: int
    """Submissions in which it has a mark."""
    waiting: int
    """Those in which a person has yet to give one."""
    full: int
    none: int
    difficulty: float
    """The mean share of its points that was earned: 1 is easy. Not a number where nobody has a mark."""
    discrimination: float
    """Pearson's correlation of its points with those of all other questions together (item-rest correlation). Not a
    number for few submissions, or where all have the same points."""

    @property
    def partial(self) -> int:
        """Submissions with some of its points."""
        return self.n - self.full - self.none

    @property
    def remark(self) -> str:
        """What an instructor should look at; "" if all is as usual."""
        if self.n < FEW:
            return ""
        if self.discrimination < -2 / math.sqrt(self.n):  # below what chance gives: two standard errors
            return "those who do well elsewhere do worse here: is the question, or its test, misleading?"
        if self.difficulty < HARD:
            return "hard: few have got its points"
        if self.discrimination < WEAK:
            return "tells hardly anybody apart"
        return "easy: nearly all have got its points" if self.difficulty > EASY else ""


@dataclass(frozen=True)
class Bin:
    """One bar of a histogram."""

    start: float
    end: float
    count: int


def question_statistics(points: np.ndarray, questions: Mapping[str, float]) -> list[QuestionStatistics]:
    """Say how each question went.

    Args:
        points: shape (n_submissions, n_questions); nan where a person has yet to give a mark.
        questions: how many points each is worth, in the order of the columns.
    """
    found = []
    for column, (question, most) in enumerate(questions.items()):
        given = points[:, column]
        marked = ~np.isnan(given)
        earned = given[marked]
        rest = np.nansum(np.delete(points, column, axis=1), axis=1)[marked]
        found.append(
            QuestionStatistics(
                question=question,
                max_points=most,
                n=int(marked.sum()),
                waiting=int((~marked).sum()),
                full=int((earned >= most - 1e-9).sum()),
                none=int((earned <= 1e-9).sum()) if most else 0,
                difficulty=float(earned.mean() / most) if earned.size and most else math.nan,
                discrimination=correlation(earned, rest),
            )
        )
    return found


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return Pearson's correlation; not a number for few values, or values that are all the same."""
    if len(x) < FEW or np.ptp(x) < 1e-9 or np.ptp(y) < 1e-9:
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])


def cronbach_alpha(points: np.ndarray) -> float:
    """Return how well the questions measure the same thing (Cronbach, 1951), of those that all have a mark in.

    Args:
        points: see `question_statistics`.
    """
    complete = points[:, ~np.isnan(points).any(axis=0)]
    n, k = complete.shape
    total = complete.sum(axis=1)
    if n < FEW or k < 2 or np.ptp(total) < 1e-9:
        return math.nan
    return float(k / (k - 1) * (1 - complete.var(axis=0, ddof=1).sum() / total.var(ddof=1)))


def histogram(values: Sequence[float], end: float, bars: int = 12) -> list[Bin]:
    """Count values in bars of the same round width, from 0 to `end` or a little above.

    Args:
        values: none of them below 0.
        end: the largest that there could be.
        bars: about how many.
    """
    width = _round_up(max(end, 1e-9) / bars)
    n_bars = max(1, math.ceil(end / width - 1e-9))
    edges = width * np.arange(n_bars + 1)
    counts, _ = np.histogram(np.minimum(values, edges[-1]), edges)
    return [Bin(float(edges[i]), float(edges[i + 1]), int(count)) for i, count in enumerate(counts)]


def _round_up(width: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width - 1e-12)
