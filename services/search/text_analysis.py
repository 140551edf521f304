"""Text analysis: turns text into the terms that both engines index and look up.

The engines are given finished terms, so that both match by the same rules.
A change here changes the content of an index: raise ``VERSION`` in ``document.py`` with it.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import Stemmer

MAX_WORD = 40
"""Characters of a word that count, in the index and in a query."""

_STOP_WORDS = "a an and are as at by for from in is it of on or s the to with"
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words left out of a query unless it has no others."""

# Chinese and Japanese put no spaces between words: each character is a word.
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|\d+|(?:(?![{_IDEOGRAPH}])[^\W\d_])+")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)+")
_HYPHENS = re.compile(r"[-\u2010\u2011]")
# A lone surrogate is no character and cannot be encoded.
_SURROGATES = re.compile("[\ud800-\udfff]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’ʼ]")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# Letters and digits in one piece, or joined by hyphens and dots: a model or part number, or a measure.
_CHUNK = re.compile(r"[^\W_]+(?:[-.\u2010\u2011][^\W_]+)*")
_SEPARATORS = re.compile(r"[-.\u2010\u2011]")
# Its dot is part of it: 2.0 is not 20.
_DECIMAL = re.compile(r"\d+(?:\.\d+)+")
_stemmer = Stemmer.Stemmer("english")

_IRREGULAR_PLURALS = {
    "mice": "mouse", "dormice": "dormouse", "lice": "louse", "men": "man", "women": "woman", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "oxen": "ox", "elves": "elf", "hooves": "hoof", "dwarves": "dwarf",
}  # fmt: skip
# Endings, so that compounds have them too: bookshelves, grandchildren. Most words in -ves are regular: gloves, olives.
_IRREGULAR_ENDINGS = {
    "shelves": "shelf", "knives": "knife", "wives": "wife", "loaves": "loaf", "scarves": "scarf", "leaves": "leaf",
    "halves": "half", "calves": "calf", "wolves": "wolf", "thieves": "thief", "children": "child",
}  # fmt: skip
_IRREGULAR_ENDING = re.compile(f"(?:{'|'.join(_IRREGULAR_ENDINGS)})$")


def fold(text: str) -> str:
    """Return a text without case, accents, ligatures and apostrophes."""
    if text.isascii():
        return text.lower().replace("'", "")
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", _SURROGATES.sub(" ", text).casefold())).translate(_LETTERS)
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", plain))


def tokenize(text: str) -> list[str]:
    """Return the folded words of a text in their order. ``26cm`` is two words, as ``26 cm`` is."""
    return [word[:MAX_WORD] for word in _WORD.findall(fold(text))]


def compounds(text: str) -> list[str]:
    """Return the hyphenated words of a text written together, folded: ``Pour-Over`` gives ``pourover``."""
    return [_HYPHENS.sub("", found)[:MAX_WORD] for found in _HYPHENATED.findall(fold(text))]


def joined_pairs(words: Sequence[str]) -> list[str]:
    """Return neighbouring words written together: ``salt cellar`` gives ``saltcellar``. Numbers are not joined."""
    return [(one + other)[:MAX_WORD] for one, other in pairwise(words) if one.isalpha() and other.isalpha()]


def codes(text: str) -> list[str]:
    """Return the model and part numbers of a text, and its measures, each as one folded term without hyphens.

    ``DCS-8325LH`` gives ``dcs8325lh``. A code has digits, and letters or a dot; a plain number is a word.
    """
    return [code for chunk in _CHUNK.findall(fold(text)) if (code := _code(chunk))]


def units(text: str) -> list[str]:
    """Return the pieces of a text that a search looks for as a whole: codes, and the words of all that is no code."""
    found: list[str] = []
    for chunk in _CHUNK.findall(fold(text)):
        code = _code(chunk)
        found += [code] if code else [word[:MAX_WORD] for word in _WORD.findall(chunk)]
    return found


def _code(chunk: str) -> str:
    code = (chunk if _DECIMAL.fullmatch(chunk) else _SEPARATORS.sub("", chunk))[:MAX_WORD]
    return code if any(map(str.isdigit, code)) and not code.isdigit() else ""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word, which its singular and plural share."""
    singular = _IRREGULAR_PLURALS.get(word) or _IRREGULAR_ENDING.sub(lambda end: _IRREGULAR_ENDINGS[end[0]], word)
    found: str = _stemmer.stemWord(singular)
    return found


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in their order."""
    return [stem(word) for word in tokenize(text)]
