"""How near texts are to a question, from 0 to 1: by meaning where the embedding is there, by words elsewhere."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ecom67.local.standins.bedrock.embedding import Embedding, embedding

_WORD = re.compile(r"[^\W_]{2,}")
_COMMON = frozenset(
    _WORD.findall(
        "an and any are as at be but by can could do does for from has have how if in is it its me my of on or our "
        "so that the their them there they this to was we what when where which who will with would you your"
    )
)
K1, B = 1.2, 0.6
SATURATION = 6.0
"""The BM25 score that counts as one half."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """What a score means, which is not the same by meaning and by words.

    Attributes:
        floor: below it a text says nothing about a question.
        likely: from here on it does, where the question looked for something else first.
        certain: from here on it does, whatever else the question may mean.
    """

    floor: float
    likely: float
    certain: float


class Ranking(Protocol):
    """Compares questions with texts. Those that it has seen it knows by heart."""

    by_meaning: bool
    nearness: Nearness

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how near each text is to the question."""


def ranking() -> Ranking:
    """Return the best ranking that this machine has."""
    model = embedding()
    return ByMeaning(model) if model else ByWords()


class ByMeaning:
    """By the angle between vectors.

    Parameters:
        model: makes them.
    """

    by_meaning = True
    nearness = Nearness(floor=0.36, likely=0.46, certain=0.58)

    def __init__(self, model: Embedding) -> None:
        self._model = model
        self._known: dict[str, object] = {}

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how near each text is to the question."""
        import numpy as np

        if not texts:
            return []
        for text in texts:
            if text not in self._known:
                self._known[text] = self._model([text])[0]
        rows = np.stack([np.asarray(self._known[text]) for text in texts])
        near = rows @ self._model([question])[0]
        return [max(0.0, float(value)) for value in near]


class ByWords:
    """By BM25, brought into the range of the other."""

    by_meaning = False
    nearness = Nearness(floor=0.42, likely=0.5, certain=0.6)

    def __init__(self) -> None:
        # How rare a word is, is known from the most texts that were ever compared at once: all documents.
        self._texts = 0
        self._having = Counter[str]()
        self._average = 1.0

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how near each text is to the question."""
        documents = [Counter(words_of(text)) for text in texts]
        if not documents:
            return []
        if len(documents) > self._texts:
            self._texts = len(documents)
            self._having = Counter(word for document in documents for word in document)
            self._average = sum(document.total() for document in documents) / len(documents) or 1.0
        asked = set(words_of(question))

        def score(document: Counter[str]) -> float:
            total = 0.0
            for word in asked & document.keys():
                having = self._having[word]
                rarity = math.log(1 + (self._texts - having + 0.5) / (having + 0.5))
                times = document[word]
                total += rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * document.total() / self._average))
            return total

        return [value / (value + SATURATION) for value in map(score, documents)]


def words_of(text: str) -> list[str]:
    """Return the words of a text that say something, in small letters and without the commonest endings."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _COMMON]


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
