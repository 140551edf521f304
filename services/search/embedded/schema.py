"""The schema of the tantivy index. Its text fields hold finished terms; see ``text_analysis.py``."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from services.search.document import TIE_RANK_BITS, ProductDocument, encode_source
from services.search.engine import OutdatedIndexError

POSITIONED = ("name", "text")
"""Fields in which phrases are looked for."""
TERMS = ("weighted", "stems", "head", "pairs", "codes", "name_words", "words")
KEYS = ("category_key", "brand_key")
LISTS = ("completions", "colours", "synonym_evidence")
NUMBERS = ("price", "price_rank", "newest_rank", "tie_rank", "revision", "sequence")
FLAGS = ("in_stock", "shown")
WHITESPACE = "spaced"
"""Name of the tokenizer. It is stored in the files of an index."""
# The tie orders products of the same score: it changes a score by less than scores differ.
TIE_SHARE = 1 / 1024
_TIE_BITS = 12
"""Bits of a product's rank that a score in single precision has room for."""


@cache
def schema() -> tantivy.Schema:
    """Return the schema."""
    builder = SchemaBuilder()
    for name in POSITIONED:
        builder.add_text_field(name, tokenizer_name=WHITESPACE)
    for name in TERMS:
        builder.add_text_field(name, tokenizer_name=WHITESPACE, index_option="basic")
    for name in (*KEYS, "product_id"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in LISTS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in FLAGS:
        builder.add_boolean_field(name, indexed=True, fast=True)
    builder.add_float_field("tie", fast=True)
    builder.add_bytes_field("source", stored=True)
    return builder.build()


class OpenIndex:
    """An index in a folder, as it was when it was opened.

    Parameters:
        folder: folder of its files; an empty one becomes a new index.

    Attributes:
        index: the tantivy index.
        schema: the schema it was created with.

    Raises:
        OutdatedIndexError: this version of tantivy cannot read the files.
    """

    def __init__(self, folder: Path) -> None:
        is_new = not (folder / "meta.json").exists()
        try:
            self.index = tantivy.Index(schema(), path=str(folder)) if is_new else tantivy.Index.open(str(folder))
        except ValueError as error:
            raise OutdatedIndexError(f"another tantivy has written it: {error}") from error
        self.index.register_tokenizer(WHITESPACE, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        self.index.config_reader(reload_policy="manual")
        self.index.reload()
        self.schema = self.index.schema

    def document(self, document: ProductDocument) -> tantivy.Document:
        """Return the tantivy document of a product."""
        result = tantivy.Document()
        result.add_bytes("source", encode_source(document))
        result.add_boolean("shown", document.product is not None)
        result.add_text("product_id", document.product_id)
        result.add_integer("revision", document.revision)
        result.add_integer("sequence", document.sequence)
        for name, value in document.fields.items():
            if value != "":
                _add(result, name, value)
        return result


def _add(document: tantivy.Document, name: str, value: Any) -> None:
    if name == "tie_rank":
        # The searcher multiplies scores by log2(2 + tie).
        tie = (value >> (TIE_RANK_BITS - _TIE_BITS)) / (1 << _TIE_BITS)
        document.add_float("tie", 2 ** (1 + TIE_SHARE * tie) - 2)
    if isinstance(value, list):
        for text in value:
            document.add_text(name, text)
    elif isinstance(value, bool):
        document.add_boolean(name, value)
    elif isinstance(value, int):
        document.add_integer(name, value)
    else:
        document.add_text(name, value)


def decode_source(document: tantivy.Document) -> dict[str, Any]:
    """Return the source of a product's document."""
    source: dict[str, Any] = json.loads(bytes(document.get_first("source") or b"null"))
    return source
