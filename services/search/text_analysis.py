"""Text analysis: turns text into the terms that both engines index and look up.

The engines are given finished terms, so that both match by the same rules.
A change here changes the content of an index: raise ``VERSION`` in ``document.py`` with it.
"""

import re
import unicodedata
from functools import lru_cache

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
_stemmer = Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """Return a text without case, accents, ligatures and apostrophes."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", _SURROGATES.sub(" ", text).casefold())).translate(_LETTERS)
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", plain))


def tokenize(text: str) -> list[str]:
    """Return the folded words of a text in their order. ``26cm`` is two words, as ``26 cm`` is."""
    return [word[:MAX_WORD] for word in _WORD.findall(fold(text))]


def compounds(text: str) -> list[str]:
    """Return the hyphenated words of a text written together, folded: ``Pour-Over`` gives ``pourover``."""
    return [_HYPHENS.sub("", found)[:MAX_WORD] for found in _HYPHENATED.findall(fold(text))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word, which its singular and plural share."""
    found: str = _stemmer.stemWord(word)
    return found


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in their order."""
    return [stem(word) for word in tokenize(text)]
