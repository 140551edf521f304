"""Plain values survive DynamoDB; what cannot, is refused before it gets there."""

from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, cast

import pytest
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import given
from hypothesis import strategies as st

from bus.attribute_values import from_attribute, from_item, to_attribute, to_item

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**38) + 1, 10**38 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


class Status(StrEnum):
    """A status as services have them."""

    SHIPPED = "SHIPPED"


@given(st.dictionaries(st.text(max_size=5), plain_values, max_size=3))
def test_an_item_is_read_as_it_was_written(values: dict[str, Any]) -> None:
    assert from_item(to_item(values)) == values


@given(plain_values)
def test_it_is_written_as_the_official_library_reads_it(value: Any) -> None:
    assert TypeDeserializer().deserialize(cast("Any", to_attribute(value))) == value


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        ("", {"S": ""}),
        (True, {"BOOL": True}),
        (1, {"N": "1"}),
        (None, {"NULL": True}),
        ((1, "a"), {"L": [{"N": "1"}, {"S": "a"}]}),
        (Status.SHIPPED, {"S": "SHIPPED"}),
        (MappingProxyType({"a": []}), {"M": {"a": {"L": []}}}),
    ],
)
def test_each_kind_has_its_own_attribute(value: object, attribute: dict[str, Any]) -> None:
    assert to_attribute(value) == attribute


def test_true_and_one_stay_apart() -> None:
    assert from_item(to_item({"flag": True, "count": 1})) == {"flag": True, "count": 1}
    assert from_attribute(to_attribute(True)) is True
    assert type(from_attribute(to_attribute(1))) is int


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), Decimal(1), b"bytes", {1, 2}, object()], ids=lambda value: type(value).__name__
)
def test_anything_else_is_refused_wherever_it_is(value: object) -> None:
    with pytest.raises(TypeError, match="cannot store"):
        to_item({"outer": [{"inner": value}]})


@pytest.mark.parametrize("attribute", [{"SS": ["a"]}, {"NS": ["1"]}, {"B": b""}])
def test_sets_and_binaries_are_not_read(attribute: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="cannot read"):
        from_attribute(attribute)


def test_a_fraction_is_not_read_as_an_integer() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        from_attribute({"N": "1.5"})
