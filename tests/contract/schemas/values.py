"""Values for the fields of events, valid and invalid ones, and how to put them there."""

import copy
from collections.abc import Iterator
from typing import Any

VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 5, 1.5, 1.0, 1099.0, -0.0, 1e300, "", "x", "5", [], {}, [None], {"": ""}),
    *("USD", "USD\n", "\nUSD", "USD\r", "usd", "USD ", "US\u0130", "x" * 128, "x" * 129, "\U0001f600" * 128),
    *(999, 1000, 2**53 - 1, 2**53, 2**63, -(2**63) - 1, 10**40),
    *("2030-01-01", "2030-01-01T00:00:00", "20300101T000000Z", "2030-01-01T00:00:00Z\n", "2030-02-30T00:00:00Z"),
    *("2030-01-01T00:00:60Z", "2030-01-01T00:00:00+24:00", "2030-01-01T00:00:00.1234567Z", "0000-01-01T00:00:00Z"),
    *("2030-01-01 00:00:00", "2030-01-01T00:00:00,5Z", "2030-01-01T24:00:00Z", 1_900_000_000, "1900000000"),
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each value of a detail is, those that hold others included."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from leaves(child, (*path, key))


def with_value(detail: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    holder = copied = copy.deepcopy(detail)
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return copied
