"""The mapping of the OpenSearch index. Its text fields hold finished terms; see ``text_analysis.py``."""

from typing import Any

from services.search.document import ProductDocument

POSITIONED = ("name", "text")
"""Fields in which phrases are looked for."""
TERMS = ("weighted", "stems", "head", "pairs", "codes", "name_words", "words")
KEYS = ("product_id", "category_key", "brand_key", "completions", "colours", "synonym_evidence")
NUMBERS = ("price", "price_rank", "newest_rank", "sequence", "revision", "tie_rank")
FLAGS = ("shown", "in_stock")


def index_body(aliases: list[str]) -> dict[str, Any]:
    """Return the body that creates an index.

    Parameters:
        aliases: aliases of the new index.
    """
    text = {"type": "text", "analyzer": "whitespace", "norms": False}
    fields: dict[str, Any] = dict.fromkeys(POSITIONED, text)
    fields |= {name: {**text, "index_options": "docs"} for name in TERMS}
    fields |= {name: {"type": "keyword"} for name in KEYS}
    fields |= {name: {"type": "long"} for name in NUMBERS}
    fields |= {name: {"type": "boolean"} for name in FLAGS}
    # Stored for results, and neither indexed nor searched.
    fields["source"] = {"type": "object", "enabled": False}
    return {
        "settings": {
            # One shard counts facets exactly, and suffices for more than a million products.
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
        },
        "mappings": {"dynamic": False, "properties": fields},
        "aliases": {alias: {} for alias in aliases},
    }


def document_body(document: ProductDocument) -> dict[str, Any]:
    """Return the body that indexes a document."""
    return {
        **document.fields,
        "product_id": document.product_id,
        "revision": document.revision,
        "sequence": document.sequence,
        "shown": document.product is not None,
        "source": document.source,
    }
