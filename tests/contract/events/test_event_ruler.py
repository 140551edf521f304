"""The emulator matches the shop's patterns as EventBridge's own matcher does."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ministack.services import eventbridge, lambda_svc

from ecom67.base.errors import CliError
from ecom67.events.event_ruler import engine
from ecom67.events.pattern_matching import Verdict
from tests.contract.events.matchable import (
    PATTERNS,
    REFUSED,
    Json,
    all_events,
    all_records,
    differences_of_docs,
    event_patterns,
    patterns_of_docs,
    stream_filters,
    whole,
)
from tests.infra import synthesis
from tests.infra.synthesis import Shop


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Shop]:
    return synthesis.of_run(tmp_path_factory)


class Judged:
    """Event Ruler's verdicts on patterns and events: one start of Java for all."""

    def __init__(self, patterns: list[Any], events: list[Json]) -> None:
        texts = [json.dumps(event) for event in events]
        self._places = {text: place for place, text in enumerate(texts)}
        judged = [json.dumps(pattern) for pattern in patterns]
        self._verdicts: dict[str, Verdict] = dict(zip(judged, engine.judge(judged, texts), strict=True))

    def error(self, pattern: Any) -> str | None:
        """Return why AWS refuses a pattern, None where it does not."""
        return self._verdicts[json.dumps(pattern)].error

    def matches(self, pattern: Any, event: Json) -> bool:
        """Return whether AWS matches an event with a pattern."""
        return self._verdicts[json.dumps(pattern)].matches[self._places[json.dumps(event)]]


@pytest.fixture(scope="module")
def in_aws(shops: Mapping[str, Shop]) -> Judged:
    if lack := engine.missing():
        pytest.skip(lack)
    try:
        engine.LIBRARIES.fetch()
    except CliError as fault:
        pytest.skip(str(fault))
    differences = differences_of_docs()
    patterns = {**event_patterns(shops), **patterns_of_docs(), **PATTERNS, **REFUSED, **stream_filters(shops)}
    events = [*all_events().values(), *all_records().values(), *(_complete(found.event) for found in differences)]
    return Judged([*patterns.values(), *(found.pattern for found in differences)], events)


def emulated(pattern: Any, event: Json) -> bool:
    """Return whether a rule of the emulator matches."""
    matches: bool = eventbridge._matches_pattern(json.dumps(pattern), eventbridge._event_from_test_payload(event))
    return matches


def emulated_filter(pattern: Json, record: Json) -> bool:
    """Return whether a filter of an event source of the emulator matches."""
    criteria = {"FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]}}
    return bool(lambda_svc._apply_filter_criteria([record], criteria))


def test_the_patterns_of_the_shop_and_of_its_docs_match_the_same_events_in_aws(
    shops: Mapping[str, Shop], in_aws: Judged
) -> None:
    own, events = event_patterns(shops), all_events()
    patterns = {**own, **patterns_of_docs(), **PATTERNS}

    assert [name for name, pattern in patterns.items() if in_aws.error(pattern)] == []
    assert [
        (name, title)
        for name, pattern in patterns.items()
        for title, event in events.items()
        if in_aws.matches(pattern, event) != emulated(pattern, event)
    ] == []
    # Each matches some events and not others, or the comparison would say nothing.
    matched = {
        name: sum(in_aws.matches(pattern, event) for event in events.values()) for name, pattern in patterns.items()
    }
    assert [name for name, count in matched.items() if count == 0] == ["no leaf"]
    assert [name for name, count in matched.items() if count == len(events) and "JournalRule" not in name] == [
        "no such key"
    ]


def test_a_pattern_that_aws_refuses_is_refused_by_the_emulator(in_aws: Judged) -> None:
    assert [name for name, pattern in REFUSED.items() if in_aws.error(pattern) is None] == []
    assert [
        name for name, pattern in REFUSED.items() if eventbridge._event_pattern_error(json.dumps(pattern)) is None
    ] == []


def test_the_filters_of_streams_let_the_same_records_through_in_aws(shops: Mapping[str, Shop], in_aws: Judged) -> None:
    for name, pattern in stream_filters(shops).items():
        matched = {title: in_aws.matches(pattern, record) for title, record in all_records().items()}
        assert matched == {title: emulated_filter(pattern, record) for title, record in all_records().items()}, name
        assert any(matched.values()), name
        assert not all(matched.values()), name


def test_the_docs_list_what_the_emulator_matches_otherwise(in_aws: Judged) -> None:
    differences = differences_of_docs()

    assert len(differences) == 7
    for difference in differences:
        event = _complete(difference.event)
        here = emulated_filter if _is_record(event) else emulated
        assert in_aws.matches(difference.pattern, event) is difference.in_aws, difference
        assert here(difference.pattern, event) is difference.emulated, difference
        assert difference.emulated is not difference.in_aws, difference


def _is_record(event: Json) -> bool:
    return bool({"dynamodb", "eventName"} & event.keys())


def _complete(event: Json) -> Json:
    return event if _is_record(event) else whole(event)
