"""Messages that give nothing away: made of Python's and numpy's own words, the student's own, and numbers."""

import builtins
import keyword
import re
from collections.abc import Iterable
from functools import lru_cache

# The words of what Python and numpy say most often to beginners.
_SAID = """
a all ambiguous an and any are argument arguments array arrays assigned associated assignment at attribute axes axis
be before between boolean bounds broadcast but by call callable can cannot concatenate convert converted core could
defined dimension dimensional dimensions division do does element elements empty enough error expected file for format
found from get given got gufunc has have homogeneous if in index indices infinity inhomogeneous input integer integers
into invalid is it item iterable iterating its item items iteration k key keyword length line list literal local m
match matmul mismatch missing module more multiple must n name nan negative no non None not number numbers object of
on one only operand operands operate operation or out outside overflow part positional range remapped required reshape
return returned scalar scalars sequence set setting several shape shapes should signature size sizes slice slices
string subscriptable supported than that the their there this through to together too truth tuple two type types
unexpected unhashable unknown unpack unpacked unsupported use value values variable was were when where which with
without work wrong x y X you zero zeros add subtract multiply divide power true_divide floor_divide remainder matmul
ndarray dtype UFuncTypeError ufunc loop LinAlgError AxisError Singular matrix float64 float32 int64 int32 bool_ str_
numpy keras tensorflow Tensor EagerTensor not answered stopped after s NoneType function method
builtin_function_or_method
"""
_WORD = re.compile(r"[^\W\d]\w*")
_KNOWN = frozenset(_SAID.split()) | frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_LONGEST = 400
_MOST_NUMBERS = 12


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return all words of some texts."""
    return frozenset().union(*map(_words, texts))


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def is_ordinary(message: str, own: frozenset[str]) -> bool:
    """Whether a message holds no word but those that Python and numpy use, and one's own.

    Args:
        message: of an exception.
        own: the words of the student's cells.
    """
    if len(message) > _LONGEST or not message.isprintable():
        return False
    # Letters may end in digits, as in float64; digits that end in letters are nothing that anybody says.
    if re.search(r"\d[^\W\d_]{2}|\d{17}", message):
        return False
    if len(re.findall(r"\d+", message)) > _MOST_NUMBERS:
        return False
    return all(word in _KNOWN or word in own for word in _WORD.findall(message))
