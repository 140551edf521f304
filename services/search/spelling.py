"""What a shopper probably meant, by the words of the products that come nearest to what was typed."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.search import text_analysis as analysis
from services.search.typos import nearest


def corrected(text: str, products: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the text with its unknown words replaced by the nearest of the products', or left out.

    Parameters:
        text: as it was typed.
        products: the best of what fits in spite of typos.

    None where nothing is left of it, or nothing changes.
    """
    typed = analysis.words(text)
    known = dict.fromkeys(word for product in products for word in analysis.words(_named(product)))
    stems = {analysis.stem(word) for word in known}
    kept = [word if analysis.stem(word) in stems else nearest(word, known) for word in typed]
    meant = [word for word in kept if word]
    return " ".join(meant) if meant and meant != typed else None


def _named(product: Mapping[str, Any]) -> str:
    return " ".join([product["name"], product["brand"], product["category"].replace("-", " "), *product["tags"]])
