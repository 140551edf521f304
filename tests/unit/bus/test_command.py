"""A command answers with data in its caller's context; a queued one comes again until it is done."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from bus.command import command, queued_command
from bus.context import Context, current
from schemas.contract import Contract, Money
from tests.unit.bus.messages import batch, failed


class Charge(Contract):
    order_id: str
    amount: Money


class Outcome(Contract):
    outcome: str
    payment_intent_id: str | None = None


GIVEN = {"orderId": "order-1", "amount": {"amount": 1299, "currency": "USD"}}
CONTEXT = {"correlationId": "the-request", "causationId": "the-cause"}
SEEN = Context(correlation_id="the-request", causation_id="the-cause")


def test_a_command_runs_in_its_callers_context_and_answers_in_camel_case() -> None:
    seen: list[tuple[Charge, Context]] = []

    def run(charge: Charge) -> Outcome:
        seen.append((charge, current()))
        return Outcome(outcome="PAID", payment_intent_id="pi_1")

    answer = command(run, Charge)({"context": CONTEXT, "input": GIVEN}, None)

    assert answer == {"outcome": "PAID", "paymentIntentId": "pi_1"}
    assert seen == [(Charge(order_id="order-1", amount=Money(amount=1299)), SEEN)]


def test_what_is_unset_is_left_out_of_the_answer() -> None:
    handler = command(lambda _: Outcome(outcome="DECLINED"), Charge)

    assert handler({"context": CONTEXT, "input": GIVEN}, None) == {"outcome": "DECLINED"}


def test_a_field_that_the_command_does_not_know_is_ignored_wherever_it_is() -> None:
    handler = command(lambda charge: Outcome(outcome=charge.order_id), Charge)
    given = {**GIVEN, "amount": {"amount": 1, "new": 1}, "new": 1}

    answer = handler({"context": {**CONTEXT, "new": 1}, "input": given, "new": 1}, None)

    assert answer == {"outcome": "order-1"}


@pytest.mark.parametrize("event", [{}, {"input": GIVEN}, {"context": CONTEXT}, {"context": CONTEXT, "input": {}}])
def test_an_input_of_another_shape_is_a_fault(event: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        command(lambda _: Outcome(outcome="PAID"), Charge)(event, None)


def test_an_exception_is_a_fault_and_ends_the_context() -> None:
    def run(_: Charge) -> Outcome:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        command(run, Charge)({"context": CONTEXT, "input": GIVEN}, None)
    with pytest.raises(LookupError):
        current()


def test_of_a_queue_only_the_messages_that_failed_come_again() -> None:
    seen: list[tuple[str, Context]] = []

    def run(charge: Charge) -> None:
        seen.append((charge.order_id, current()))
        if charge.order_id == "order-2":
            raise ConnectionError

    bodies = [{"context": CONTEXT, "input": {**GIVEN, "orderId": f"order-{number}"}} for number in (1, 2, 3)]

    answer = queued_command(run, Charge)(batch(*bodies), None)

    assert failed(answer) == ["m1"]
    assert seen == [("order-1", SEEN), ("order-2", SEEN), ("order-3", SEEN)]


@pytest.mark.parametrize("body", ["", "{", "{}", {"context": CONTEXT, "input": {"orderId": "order-1"}}])
def test_a_queued_message_of_another_shape_is_never_lost(body: object) -> None:
    done: list[Charge] = []
    good = {"context": {**CONTEXT, "new": 1}, "input": {**GIVEN, "new": 1}}

    answer = queued_command(done.append, Charge)(batch(body, good), None)

    assert failed(answer) == ["m0"]
    assert [charge.order_id for charge in done] == ["order-1"]


def test_each_delivery_of_a_queued_command_is_one_line_in_the_log(logged: Callable[[], list[dict[str, Any]]]) -> None:
    def charge(given: Charge) -> None:
        if given.order_id == "order-2":
            raise RuntimeError("the bank does not answer")

    context = {**CONTEXT, "replayName": "r"}
    bodies = [{"context": context, "input": {**GIVEN, "orderId": f"order-{number}"}} for number in (1, 2)]

    queued_command(charge, Charge)(batch(*bodies), None)

    done, not_done = logged()
    assert (done["outcome"], done["handler"], done["event_id"]) == ("HANDLED", "charge", "the-cause")
    assert (done["replay"], done["correlation_id"], done["attempt"]) == ("r", "the-request", 1)
    assert (not_done["outcome"], not_done["event_id"]) == ("FAILED", "the-cause")
