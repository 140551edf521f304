"""How text becomes the terms that both engines index and look up.

The engines are given terms that are ready, so one rule of matching holds whichever of them runs.
A change here changes what an index holds: raise ``VERSION`` in ``document.py`` with it.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

MAX_WORD = 40
"""Characters of a word that count, in the index as in a query."""

_SAY_NOTHING = "a an and are as at by for from in is it of on or s the to with"
STOP_WORDS = frozenset(_SAY_NOTHING.split())
"""Words that say nothing of a product. In a query they are left out unless there is nothing else."""

# Chinese and Japanese put no spaces between words: each character is one.
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|\d+|(?:(?![{_IDEOGRAPH}])[^\W\d_])+")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)+")
_HYPHENS = re.compile(r"[-\u2010\u2011]")
# Half of a pair is no letter, and nothing that could be kept.
_SURROGATES = re.compile("[\ud800-\udfff]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’ʼ]")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_stemmer = Stemmer.Stemmer("english")


def folded(text: str) -> str:
    """Return a text without its case, accents, ligatures and other ways to write the same."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", _SURROGATES.sub(" ", text).casefold())).translate(_LETTERS)
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", plain))


def words(text: str) -> list[str]:
    """Return the words of a text in their order, folded. ``26cm`` is two words, as ``26 cm`` is."""
    return [word[:MAX_WORD] for word in _WORD.findall(folded(text))]


def compounds(text: str) -> list[str]:
    """Return what is hyphenated as one word, folded: ``Pour-Over`` is also ``pourover``."""
    return [_HYPHENS.sub("", found)[:MAX_WORD] for found in _HYPHENATED.findall(folded(text))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word: plural and singular have the same."""
    found: str = _stemmer.stemWord(word)
    return found


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in their order."""
    return [stem(word) for word in words(text)]
