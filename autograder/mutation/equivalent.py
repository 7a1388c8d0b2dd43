"""Changes of a solution that make no difference, listed in the corpus with the reason.

    # %% question: train_pocket
    # %% equivalent: "mistakes are whole numbers"
    # - if mistakes[-1] < fewest:
    # + if mistakes[-1] <= fewest - 1:

Each change is the lines that differ, as `autograder audit --mutate` prints them; several may share a reason. It goes
stale as soon as one of the lines is written differently, or the tests do see the change: the audit then says so.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.corpus import EQUIVALENT, CorpusError, corpus_text, question_of, split_cells
from autograder.mutation.mutants import Mutant


@dataclass(frozen=True)
class Equivalent:
    """A change that makes no difference."""

    question: str
    reason: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    line: int
    """Where it stands in the corpus."""

    def fits(self, mutant: Mutant) -> bool:
        """Whether a mutant is this change."""
        return (self.before, self.after) == (mutant.before, mutant.after)


def read_equivalents(path: Path) -> list[Equivalent]:
    """Read the equivalent changes of a corpus.

    Raises:
        CorpusError: if it cannot be read, or one is malformed.
    """
    return parse_equivalents(corpus_text(path), str(path))


def parse_equivalents(text: str, name: str = "the corpus") -> list[Equivalent]:
    """Find the equivalent changes in a corpus's text.

    Args:
        text: the whole of it.
        name: what to call it in messages.

    Raises:
        CorpusError: with the line, if one is malformed.
    """
    found: list[Equivalent] = []
    question: str | None = None
    for line, marker, body in split_cells(text):
        question = question_of(marker) or question
        if not (match := EQUIVALENT.fullmatch(marker)):
            continue
        where = f"{name}, line {line}"
        if question is None:
            raise CorpusError(f"{where}: no '# %% question: …' above this change")
        reason = ast.literal_eval(match[1])
        if not reason.strip():
            raise CorpusError(f"{where}: say why the change makes no difference")
        changes = list(_changes(body, line, name))
        if not changes:
            raise CorpusError(f"{where}: no change below: '# - line before' and '# + line after'")
        found += [Equivalent(question, reason, *change) for change in changes]
    return found


def _changes(body: str, line: int, name: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], int]]:
    """Yield the lines before, those after, and where they stand, of each change."""
    before: list[str] = []
    after: list[str] = []
    start = line
    for number, text in enumerate(body.splitlines(), start=line + 1):
        match = re.fullmatch(r"#\s*([+-])(?: (.*))?", text.strip())
        if match is None:
            if text.strip().lstrip("#").strip():
                raise CorpusError(f"{name}, line {number}: neither '# - line before' nor '# + line after'")
            continue
        if match[1] == "-":
            if after:
                yield tuple(before), tuple(after), start
                before, after = [], []
            start = start if before else number
            before.append((match[2] or "").strip())
        elif before:
            after.append((match[2] or "").strip())
        else:
            raise CorpusError(f"{name}, line {number}: '# +' without a '# -' above it")
    if before and not after:
        raise CorpusError(f"{name}, line {start}: '# -' without a '# +' below it")
    if before:
        yield tuple(before), tuple(after), start


def stale(equivalents: Sequence[Equivalent], mutants: Sequence[Mutant], survivors: Sequence[Mutant]) -> Iterator[str]:
    """Say which of a question's equivalent changes are no such any more.

    Args:
        equivalents: those of the question.
        mutants: all its mutants.
        survivors: those that the tests did not see.
    """
    for one in equivalents:
        if any(one.fits(mutant) for mutant in survivors):
            continue
        seen = any(one.fits(mutant) for mutant in mutants)
        why = "the tests see it: take it out" if seen else "no mutant is like it any more"
        yield f"line {one.line} of the corpus: {' '.join(one.before)} → {' '.join(one.after)}: {why}"
