"""Reads a feed of products in XML, RSS or Atom, one item at a time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from services.catalog.product_file.rows import Record, UnreadableFileError, plain_name

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ITEMS = ("item", "entry")


def feed_records(stream: BinaryIO) -> Iterator[Record]:
    """Yield the items of a feed by their places, from 1; an element that comes again is a list, separated by bars.

    Raises UnreadableFileError where it is no feed.
    """
    # Imported late: few files are XML.
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    stream.seek(0)
    number = 0
    try:
        for _, element in iterparse(stream, forbid_dtd=True):
            if _local(element) in _ITEMS:
                number += 1
                yield Record(number, _cells(element))
                element.clear()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableFileError(f"it is not XML that can be read: {error}") from None
    if not number:
        raise UnreadableFileError("it is XML without items of a product feed")


def _cells(item: "Element") -> dict[str, str]:
    cells: dict[str, str] = {}
    for child in item:
        if value := (child.text or "").strip():
            name = plain_name(_local(child))
            cells[name] = f"{cells[name]}|{value}" if name in cells else value
    return cells


def _local(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2]
