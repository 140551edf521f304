"""Converts plain values to DynamoDB's attribute values and back.

boto3's own serializer turns every number into a Decimal and imports all of boto3. Here numbers are integers, which is
all that this shop stores: money is in minor units.
"""

from collections.abc import Mapping
from typing import Any

AttributeValue = dict[str, Any]
Item = dict[str, AttributeValue]


def to_attribute(value: object) -> AttributeValue:
    """Return the attribute value of a str, int, bool, None, list or mapping of such.

    Raises TypeError for anything else, floats above all.
    """
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case None:
            return {"NULL": True}
        case list() | tuple():
            return {"L": [to_attribute(entry) for entry in value]}
        case Mapping():
            return {"M": to_item(value)}
    raise TypeError(f"cannot store a {type(value).__name__}: {value!r}")


def to_item(values: Mapping[str, object]) -> Item:
    """Return the item of a mapping of plain values."""
    return {name: to_attribute(value) for name, value in values.items()}


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """Return the plain value of an attribute value; raises TypeError for sets and binaries."""
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value)
        case "NULL":
            return None
        case "L":
            return [from_attribute(entry) for entry in value]
        case "M":
            return from_item(value)
    raise TypeError(f"cannot read an attribute of type {kind}")


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of an item."""
    return {name: from_attribute(attribute) for name, attribute in item.items()}
