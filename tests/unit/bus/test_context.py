"""What runs knows in which request it does, and so does the log; outside of any, nothing is made up."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from bus.context import Context, current, use_context
from bus.log import logger

OUTER = Context(correlation_id="outer", causation_id="the-cause")
INNER = Context(correlation_id="inner")


def test_outside_of_any_context_there_is_none() -> None:
    with pytest.raises(LookupError):
        current()


def test_a_context_lasts_as_long_as_its_block() -> None:
    with use_context(OUTER) as begun:
        assert begun is OUTER
        with use_context(INNER):
            assert current() is INNER
        assert current() is OUTER
    with pytest.raises(LookupError):
        current()


def test_a_context_ends_with_an_exception() -> None:
    with pytest.raises(ZeroDivisionError), use_context(OUTER):
        raise ZeroDivisionError
    with pytest.raises(LookupError):
        current()


def test_the_log_carries_the_context_that_is_entered(logged: Callable[[], list[dict[str, Any]]]) -> None:
    with use_context(OUTER):
        logger.info("outside")
        with use_context(INNER):
            logger.info("inside")
        logger.info("outside again")
    logger.info("after it")

    assert [(line["message"], line.get("correlation_id"), line.get("causation_id")) for line in logged()] == [
        ("outside", "outer", "the-cause"),
        ("inside", "inner", None),
        ("outside again", "outer", "the-cause"),
        ("after it", None, None),
    ]


def test_each_beginning_has_an_id_of_its_own() -> None:
    one, other = Context.begin(traceparent="00-a-b-01"), Context.begin()

    assert UUID(one.correlation_id).version == 7
    assert one.correlation_id != other.correlation_id
    assert (one.causation_id, one.traceparent, one.replay_name) == (None, "00-a-b-01", None)


def test_another_cause_keeps_the_rest() -> None:
    assert OUTER.caused_by("event-1") == Context(correlation_id="outer", causation_id="event-1")
    assert OUTER.caused_by(None) is OUTER
