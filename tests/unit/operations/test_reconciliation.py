"""A run remembers what differs, repairs what is safe, and closes what differs no more."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from audit.difference import Difference
from audit.ledger import Ledger
from audit.reader import LedgerReader
from schemas.contract import Line, Money
from schemas.orders import OrderCancelled
from services.operations.domain import MAX_REPAIRS, FindingState, RepairStep
from services.operations.reconciliation import Reconciliation, RunReport
from services.operations.repairs import Repairer
from tests.unit.bus.messages import message_of
from tests.unit.operations.conftest import NOW, Operations

LEFT = Difference("RESERVATION_LEFT", "Order one: its hold has expired.", order_id="one")
KEPT = Difference("MONEY_KEPT", "Order two: 3099 USD are kept.", order_id="two")
AMOUNTS = Difference("AMOUNTS_DIFFER", "Order three: 1 USD, 2 USD.", order_id="three")
OVERSOLD = Difference("OVERSOLD", "Product mug: -1 units.", product_id="mug")


@dataclass
class Records:
    """A reader of records in which a test says what differs, and in which periods."""

    unreadable: list[Difference] = field(default_factory=list)
    read: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    now: datetime = NOW

    def read_since(self, since: datetime, until: datetime | None = None) -> Ledger:
        self.read.append((since, until))
        return Ledger(read_at=self.now, journal_since=self.now)


class Lambda:
    """Invocations of commands."""

    def __init__(self) -> None:
        self.invoked: list[tuple[str, dict[str, Any]]] = []
        self.fails = False

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has them
        self.invoked.append((FunctionName, json.loads(Payload)["input"]))
        answer: dict[str, Any] = {"Payload": _Body(b'{"outcome": "RELEASED"}')}
        return answer | ({"FunctionError": "Unhandled"} if self.fails else {})


@dataclass
class _Body:
    text: bytes

    def read(self) -> bytes:
        return self.text


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def commands() -> Lambda:
    return Lambda()


Run = Callable[[], RunReport]


@pytest.fixture
def run(operations: Operations, records: Records, commands: Lambda, context: None) -> Run:
    arns = {RepairStep.RELEASE_STOCK: "release", RepairStep.CONFIRM_PAYMENT: "confirm"}
    repairer = Repairer(operations.journal, operations.queues, commands, arns)  # type: ignore[arg-type]

    def new_reader() -> LedgerReader:
        return records  # type: ignore[return-value]

    service = Reconciliation(new_reader, operations.store, repairer, now=lambda: records.now)

    def run() -> RunReport:
        report = service.run(timedelta(), lambda: 120)
        records.now += timedelta(hours=1)
        return report

    return run


@pytest.fixture
def context() -> Any:
    from bus.context import Context, use_context

    with use_context(Context.begin()):
        yield


def test_what_differs_is_remembered_named_and_counted(
    run: Run, records: Records, operations: Operations, capsys: pytest.CaptureFixture[str]
) -> None:
    records.unreadable = [AMOUNTS, OVERSOLD]

    report = run()

    assert sorted(report.need_person) == ["AMOUNTS_DIFFER.three", "OVERSOLD.mug"]
    remembered = {sentence for found in operations.store.open() for sentence in found.sentences}
    assert remembered == {AMOUNTS.sentence, OVERSOLD.sentence}
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "RecordsDiffer" in line]
    assert sorted(line["kind"] for line in counted) == ["AMOUNTS_DIFFER", "OVERSOLD"]


def test_a_hold_left_is_released_and_alarms_nobody(run: Run, records: Records, commands: Lambda) -> None:
    records.unreadable = [LEFT]

    report = run()

    assert commands.invoked == [("release", {"reservationId": "one"})]
    assert (report.repaired, report.need_person) == (["RESERVATION_LEFT.one"], [])


def test_money_that_is_owed_is_requested_again_by_the_event_of_the_cancellation(
    run: Run, records: Records, operations: Operations
) -> None:
    cancelled = OrderCancelled(
        order_id="two",
        user_id="ada",
        lines=[Line(product_id="mug", name="Mug", quantity=1, unit_price=Money(amount=3099))],
        total=Money(amount=3099),
        cancelled_by="SHOPPER",
        reason="shopper's request",
        cancelled_at=NOW,
    )
    operations.journalled(message_of(cancelled))
    records.unreadable = [KEPT]

    run()

    (message,) = operations.received("payment-events")
    assert json.loads(message["Body"])["detail"]["data"]["orderId"] == "two"
    assert message["MessageAttributes"]["sent-again"]["StringValue"] == "reconciled"


def test_what_three_repairs_did_not_mend_needs_a_person(run: Run, records: Records, commands: Lambda) -> None:
    records.unreadable = [LEFT]

    reports = [run() for _ in range(MAX_REPAIRS + 2)]

    assert len(commands.invoked) == MAX_REPAIRS
    assert [len(report.need_person) for report in reports] == [0, 0, 0, 1, 1]


def test_a_repair_that_fails_is_tried_again_and_keeps_no_other_from_being_handled(
    run: Run, records: Records, commands: Lambda
) -> None:
    commands.fails = True
    records.unreadable = [LEFT, AMOUNTS]

    report = run()

    assert report.repaired == []
    assert sorted(report.found) == ["AMOUNTS_DIFFER.three", "RESERVATION_LEFT.one"]
    assert len(commands.invoked) == 1


def test_what_differs_no_more_is_closed_by_a_run_that_compares_its_period_again(
    run: Run, records: Records, operations: Operations
) -> None:
    records.unreadable = [AMOUNTS]
    run()
    records.unreadable, records.now = [], records.now + timedelta(days=3)

    report = run()

    assert report.resolved == ["AMOUNTS_DIFFER.three"]
    found = operations.store.get("AMOUNTS_DIFFER.three")
    assert found is not None
    assert found.state is FindingState.RESOLVED
    assert list(operations.store.open()) == []


def test_what_staff_has_accepted_is_counted_no_more(
    run: Run, records: Records, operations: Operations, capsys: pytest.CaptureFixture[str]
) -> None:
    records.unreadable = [AMOUNTS]
    run()
    (found,) = operations.store.open()
    operations.store.save(found.accepted("staff-1", "given away"), found)
    capsys.readouterr()

    report = run()

    assert report.need_person == []
    assert "RecordsDiffer" not in capsys.readouterr().out


def test_a_run_without_time_leaves_periods_out_and_says_so(
    operations: Operations, records: Records, capsys: pytest.CaptureFixture[str], context: None
) -> None:
    repairer = Repairer(operations.journal, operations.queues, Lambda(), {})  # type: ignore[arg-type]
    service = Reconciliation(lambda: records, operations.store, repairer, now=lambda: NOW)  # type: ignore[arg-type, return-value]
    left = iter([120, 30, 30, 30])

    report = service.run(timedelta(), lambda: next(left))

    assert report.left_out == 3
    assert len(records.read) == 1
    assert "ReconciliationIncomplete" in capsys.readouterr().out
