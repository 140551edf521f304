"""The form of an index in OpenSearch's terms. What its fields hold comes as terms already; see ``analysis.py``."""

from typing import Any

from services.search.document import Document

TERMS = ("name", "head", "brand", "category", "tags", "description", "name_words", "words")
KEYS = ("product_id", "category_key", "brand_key", "completions")
NUMBERS = ("price", "price_rank", "newest_rank", "sequence", "revision", "tie")
FLAGS = ("shown", "in_stock")


def index_body(aliases: list[str]) -> dict[str, Any]:
    """Return what an index is made with.

    Parameters:
        aliases: that it has from the beginning.
    """
    fields: dict[str, Any] = {name: {"type": "text", "analyzer": "whitespace", "norms": False} for name in TERMS}
    fields |= {name: {"type": "keyword"} for name in KEYS}
    fields |= {name: {"type": "long"} for name in NUMBERS}
    fields |= {name: {"type": "boolean"} for name in FLAGS}
    # Kept to answer with, and not looked into.
    fields["source"] = {"type": "object", "enabled": False}
    return {
        "settings": {
            # One shard counts facets exactly, and is more than a million products need.
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
        },
        "mappings": {"dynamic": False, "properties": fields},
        "aliases": {alias: {} for alias in aliases},
    }


def body_of(document: Document) -> dict[str, Any]:
    """Return a document as it is written."""
    return {
        **document.fields,
        "product_id": document.product_id,
        "revision": document.revision,
        "sequence": document.sequence,
        "shown": document.product is not None,
        "source": document.source,
    }
