"""The yardstick: BM25 over one field with an English stemmer, and nothing else.

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with the usual
parameters k1 = 1.2 and b = 0.75.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

from services.search import text_analysis

K1 = 1.2
B = 0.75


class Bm25:
    """An index of texts.

    Parameters:
        texts: text of each document, by its id.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._postings: dict[str, dict[str, int]] = defaultdict(dict)
        self._lengths: dict[str, int] = {}
        for document, text in texts.items():
            terms = text_analysis.stems(text)
            self._lengths[document] = len(terms)
            for term, count in Counter(terms).items():
                self._postings[term][document] = count
        self._mean = sum(self._lengths.values()) / max(1, len(self._lengths))

    def search(self, query: str) -> list[str]:
        """Return the ids of the documents that have any word of a query, best first."""
        words = text_analysis.tokenize(query)
        content = [word for word in words if word not in text_analysis.STOP_WORDS] or words
        scores: dict[str, float] = defaultdict(float)
        for term in map(text_analysis.stem, content):
            found = self._postings.get(term, {})
            weight = math.log(1 + (len(self._lengths) - len(found) + 0.5) / (len(found) + 0.5))
            for document, count in found.items():
                norm = 1 - B + B * self._lengths[document] / self._mean
                scores[document] += weight * count * (K1 + 1) / (count + K1 * norm)
        return sorted(scores, key=lambda document: -scores[document])
