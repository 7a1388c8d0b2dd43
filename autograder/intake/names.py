"""Names as people write them, made comparable."""

import unicodedata
from functools import lru_cache

# Letters that are no letter with an accent, and how they are written without.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ß": "ss"}
)
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def fold(text: str) -> tuple[str, ...]:
    """Split a text into words, without case, accents and punctuation: "Müller, Zoë" gives ("muller", "zoe")."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().translate(_PLAIN))
    return tuple("".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c)).split())


@lru_cache(maxsize=20_000)
def spellings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name without accents, and as they are spelt where a keyboard has none: "mueller"."""
    plain = fold(text)
    spelt_out = fold(unicodedata.normalize("NFC", text).casefold().translate(_SPELT_OUT))
    return (plain,) if plain == spelt_out else (plain, spelt_out)


@lru_cache(maxsize=20_000)
def in_any_order(text: str) -> frozenset[tuple[str, ...]]:
    """Return the words of a name in each spelling, sorted: the same for "Ada Lovelace" and "Lovelace, Ada"."""
    return frozenset(tuple(sorted(words)) for words in spellings(text) if words)


@lru_cache(maxsize=20_000)
def run_together(text: str) -> frozenset[str]:
    """Return a name without spaces, beginning with any of its words: "van der Berg, Jan" is also "janvanderberg"."""
    return frozenset("".join(words[n:] + words[:n]) for words in spellings(text) for n in range(len(words)))
