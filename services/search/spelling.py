"""Spelling suggestions ("did you mean"), from the words of the best matching products."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.search import text_analysis
from services.search.typos import nearest_word


def spelling_suggestion(text: str, products: Iterable[Mapping[str, Any]]) -> str | None:
    """Return a text whose unknown words are replaced by the nearest word of the products, or left out.

    Parameters:
        text: the text as typed.
        products: the products that match best in spite of typos.

    Returns:
        The suggestion; None if it would be empty or the same words.
    """
    typed = text_analysis.units(text)
    vocabulary = dict.fromkeys(word for product in products for word in text_analysis.tokenize(_label(product)))
    stems = {text_analysis.stem(word) for word in vocabulary}
    # Numbers and codes are never misspelt: another one is another thing.
    corrected = [
        word if text_analysis.stem(word) in stems or not word.isalpha() else nearest_word(word, vocabulary)
        for word in typed
    ]
    suggested = [word for word in corrected if word]
    return " ".join(suggested) if suggested and suggested != typed else None


def _label(product: Mapping[str, Any]) -> str:
    return " ".join([product["name"], product["brand"], product["category"].replace("-", " "), *product["tags"]])
