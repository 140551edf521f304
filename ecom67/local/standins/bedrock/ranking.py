"""Similarity of texts to a question, from 0 to 1: by embeddings where they are installed, else by words."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from ecom67.local.standins.bedrock.embedding import Embedding, embedding

_WORD = re.compile(r"[^\W_]{2,}")
_STOP_WORDS = frozenset(
    _WORD.findall(
        "an and any are as at be but by can could do does for from has have how if in is it its me my of on or our "
        "so that the their them there they this to was we what when where which who will with would you your"
    )
)
K1, B = 1.2, 0.6
SATURATION = 6.0
"""The BM25 score that is mapped to one half."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The meaning of a ranking's scores.

    Attributes:
        floor: a text with a lower score does not answer the question.
        likely: a text from this score on answers the question if a product search has found nothing.
        certain: a text from this score on answers the question in any case.
    """

    floor: float
    likely: float
    certain: float


class Ranking(Protocol):
    """Compares questions with texts, with a cache of known texts."""

    is_semantic: bool
    thresholds: Thresholds

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the similarity of each text to the question."""


def ranking() -> Ranking:
    """Return the best ranking that is installed."""
    model = embedding()
    return SemanticRanking(model) if model else LexicalRanking()


class SemanticRanking:
    """Ranking by the cosine similarity of embeddings.

    Parameters:
        model: computes the embeddings.
    """

    is_semantic = True
    thresholds = Thresholds(floor=0.36, likely=0.46, certain=0.58)

    def __init__(self, model: Embedding) -> None:
        self._model = model
        self._embeddings: dict[str, object] = {}
        # The demo model compares the same question with several sets of texts.
        self._embed_question = lru_cache(maxsize=64)(lambda question: self._model([question])[0])

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the similarity of each text to the question."""
        import numpy as np

        if not texts:
            return []
        for text in texts:
            if text not in self._embeddings:
                self._embeddings[text] = self._model([text])[0]
        rows = np.stack([np.asarray(self._embeddings[text]) for text in texts])
        similarities = rows @ self._embed_question(question)
        return [max(0.0, float(value)) for value in similarities]


class LexicalRanking:
    """Ranking by BM25, with scores mapped to the range 0 to 1."""

    is_semantic = False
    thresholds = Thresholds(floor=0.42, likely=0.5, certain=0.6)

    def __init__(self) -> None:
        # Word frequencies are those of the largest set of texts so far: all documents.
        self._document_count = 0
        self._document_frequency = Counter[str]()
        self._average_length = 1.0

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the similarity of each text to the question."""
        documents = [Counter(words_of(text)) for text in texts]
        if not documents:
            return []
        if len(documents) > self._document_count:
            self._document_count = len(documents)
            self._document_frequency = Counter(word for document in documents for word in document)
            self._average_length = sum(document.total() for document in documents) / len(documents) or 1.0
        question_words = set(words_of(question))

        def score(document: Counter[str]) -> float:
            total = 0.0
            for word in question_words & document.keys():
                documents_with_word = self._document_frequency[word]
                rarity = math.log(1 + (self._document_count - documents_with_word + 0.5) / (documents_with_word + 0.5))
                count = document[word]
                total += (
                    rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * document.total() / self._average_length))
                )
            return total

        return [value / (value + SATURATION) for value in map(score, documents)]


def words_of(text: str) -> list[str]:
    """Return the stemmed words of a text in lower case, without stop words."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
