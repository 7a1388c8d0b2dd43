"""CSV that spreadsheet programs open: what students write is no formula there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run
_PLAIN = re.compile(r"[+-]?\d+([.,]\d+)?|[- ]+")  # a number, or the dash that platforms write for nothing


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; numbers and dashes stay."""
    return f"'{text}" if text.startswith(_FORMULA) and not _PLAIN.fullmatch(text) else text


def unprotected(text: str) -> str:
    """Undo what `harmless` did."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def to_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as CSV, quoted where needed and harmless."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
