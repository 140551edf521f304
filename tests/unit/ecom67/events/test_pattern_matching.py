"""A pattern that does not match says which of its keys does not, by a matcher that is asked for each."""

import json
from collections.abc import Sequence

import pytest

from ecom67.events.pattern_matching import OR, TOGETHER, Condition, Verdict, conditions, match
from schemas.exporters.examples import envelope
from schemas.orders import OrderPlaced

ORDER = envelope(OrderPlaced)


def matching(*patterns: object, error: str | None = None) -> object:
    """Return a matcher for which only these patterns match, whatever the event."""
    texts = [json.dumps(pattern) for pattern in patterns]

    def judge(asked: Sequence[str], events: Sequence[str]) -> list[Verdict]:
        return [Verdict(error, [pattern in texts] * len(events) if error is None else []) for pattern in asked]

    return judge


def test_each_key_of_a_pattern_is_a_condition() -> None:
    pattern = {"source": ["a"], "detail": {"data": {"total": {"amount": [1]}, OR: [{"b": ["c"]}, {"d": ["e"]}]}}}

    found = conditions(pattern)

    assert [condition.path for condition in found] == [
        ("source",),
        ("detail", "data", "total", "amount"),
        ("detail", "data", OR),
    ]
    assert found[1].pattern == {"detail": {"data": {"total": {"amount": [1]}}}}
    assert found[2].pattern == {"detail": {"data": {OR: [{"b": ["c"]}, {"d": ["e"]}]}}}


def test_a_pattern_that_matches_needs_no_reason() -> None:
    pattern = {"source": ["ecom67.orders"]}

    (result,) = match(pattern, [ORDER], matching(pattern))  # type: ignore[arg-type]

    assert result.matches
    assert result.reasons == []


def test_a_key_that_does_not_match_is_named_with_what_the_event_has() -> None:
    source, kind = {"source": ["ecom67.orders"]}, {"detail-type": ["OrderShipped"]}

    (result,) = match({**source, **kind}, [ORDER], matching(source))  # type: ignore[arg-type]

    assert not result.matches
    assert result.reasons == ['detail-type is "OrderPlaced"; the pattern allows ["OrderShipped"]']


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (("detail", "data", "total", "amount"), "is 37800; the pattern allows [1]"),
        (("detail", "data", "lines", "quantity"), "is 2; the pattern allows [1]"),
        (("detail", "data", "carrier"), "is missing in the event; the pattern allows [1]"),
        (("source", "deeper"), "is missing in the event; the pattern allows [1]"),
    ],
)
def test_what_the_event_has_is_looked_up_through_objects_and_lists(path: tuple[str, ...], reason: str) -> None:
    assert Condition(path, [1]).reason(ORDER) == f"{'.'.join(path)} {reason}"


def test_of_alternatives_all_are_named() -> None:
    condition = Condition(("detail", OR), [{"a": ["b"]}, {"c": ["d"]}])

    assert condition.reason(ORDER) == 'no alternative of $or below detail matches: [{"a": ["b"]}, {"c": ["d"]}]'


def test_keys_that_match_in_different_elements_of_a_list_are_told() -> None:
    parts = [{"detail": {"lines": {"a": [1]}}}, {"detail": {"lines": {"b": [2]}}}]

    (result,) = match({"detail": {"lines": {"a": [1], "b": [2]}}}, [ORDER], matching(*parts))  # type: ignore[arg-type]

    assert not result.matches
    assert result.reasons == [TOGETHER]


def test_a_pattern_that_the_matcher_refuses_is_an_error_with_its_reason() -> None:
    with pytest.raises(ValueError, match="Unrecognized match type prefx"):
        match({"source": [{"prefx": "a"}]}, [ORDER], matching(error="Unrecognized match type prefx"))  # type: ignore[arg-type]
