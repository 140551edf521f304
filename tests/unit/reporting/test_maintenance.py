"""A rebuild from the journal's events equals the live reports, names what differs, and repairs what they lack."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from schemas.cart import CartStarted
from schemas.inventory import StockChanged
from schemas.notifications import NotificationSent
from services.reporting.maintenance import MAX_LISTED, maintain
from tests.unit.reporting.conftest import NOON, TODAY, Reporting, cancelled, message, placed, refunded

Run = Callable[..., dict[str, Any]]
REBUILT = "rebuilt-1"


@pytest.fixture
def run(reporting: Reporting) -> Run:
    def run(action: str, generation: str = REBUILT, **given: Any) -> dict[str, Any]:
        step = {"action": action, "generation": generation, **given}
        return maintain({"context": {"correlationId": "the-rebuild"}, "input": step}, None)

    return run


def day_of_trade(seed: int) -> list[dict[str, Any]]:
    """Return the events of two days, in the order in which they happened."""
    chance = random.Random(seed)  # noqa: S311 - a sample
    said = []
    for number in range(30):
        at = NOON - timedelta(hours=chance.randrange(0, 30))
        order = placed(f"order-{number}", at, mug=chance.randrange(1, 4))
        said += [
            message(CartStarted(user_id="ada", started_at=at)),
            message(StockChanged(product_id="mug", available=40 - number, on_hand=50 - number), number + 1),
            message(order),
        ]
        if chance.random() < 0.3:
            said += [message(cancelled(order)), message(refunded(order, order.total.amount))]
        elif chance.random() < 0.3:
            said += [message(refunded(order, 300)), message(refunded(order, 200, in_all=500))]
    return said


@pytest.mark.parametrize("seed", range(3))
def test_reports_rebuilt_from_the_journal_equal_those_built_live(reporting: Reporting, run: Run, seed: int) -> None:
    said = day_of_trade(seed)
    live = random.Random(seed).sample(said * 2, 2 * len(said))  # noqa: S311 - delivered twice, in any order
    reporting.receive(*live)

    assert run("count", events=said)["counted"] == len(said)

    for day in (TODAY, TODAY - timedelta(days=1)):
        found = run("compare-day", day=day.isoformat())
        assert found["counted"] > 0
        assert found["figuresAgree"]
        assert [found["missing"], found["surplus"], found["different"]] == [[], [], []]
    stock = run("compare-stock")
    assert (stock["counted"], stock["missing"], stock["different"]) == (1, [], [])


def test_events_that_nobody_counts_are_passed_over(run: Run) -> None:
    other = message(NotificationSent(notification_id="n", user_id="ada", template="t", subject_id="s"))

    assert run("count", events=[other])["counted"] == 0


def test_what_differs_is_named(reporting: Reporting, run: Run) -> None:
    same, lost, made_up, changed = (placed(name) for name in ("same", "lost", "made-up", "changed"))
    reporting.receive(message(same), message(made_up), message(changed))
    anew = changed.model_copy(update={"total": changed.subtotal})
    run("count", events=[message(same), message(lost), message(anew)])

    found = run("compare-day", day=TODAY.isoformat())

    assert found["missing"] == ["ORDER_PLACED#lost"]
    assert found["surplus"] == ["ORDER_PLACED#made-up"]
    assert found["different"] == ["ORDER_PLACED#changed"]
    assert not found["figuresAgree"]


def test_many_differences_are_listed_in_part(run: Run) -> None:
    run("count", events=[message(placed(f"order-{number}")) for number in range(30)])

    assert len(run("compare-day", day=TODAY.isoformat())["missing"]) == MAX_LISTED


def test_stored_sums_that_are_wrong_are_found(reporting: Reporting, run: Run) -> None:
    reporting.receive(message(placed()))
    run("count", events=[message(placed())])
    reporting.clock.now = NOON + timedelta(days=1)
    stored = reporting.days.between(TODAY, TODAY)
    (figures,) = reporting.sales.figures(TODAY, TODAY)
    assert run("compare-day", day=TODAY.isoformat())["figuresAgree"]

    assert not stored
    damaged = reporting.days.between(TODAY, TODAY)[TODAY]
    reporting.days.save(damaged, figures.model_copy(update={"total": 1}))

    found = run("compare-day", day=TODAY.isoformat())
    assert (found["figuresAgree"], found["missing"]) == (False, [])


def test_counting_into_the_live_generation_repairs_what_it_lacks(reporting: Reporting, run: Run) -> None:
    said = day_of_trade(1)
    reporting.receive(*said[::3])
    reporting.clock.now = NOON + timedelta(days=2)
    reporting.sales.figures(TODAY - timedelta(days=1), TODAY)
    run("count", events=said)
    assert run("compare-day", day=TODAY.isoformat())["missing"]

    run("count", "live", events=said)

    for day in (TODAY, TODAY - timedelta(days=1)):
        found = run("compare-day", day=day.isoformat())
        assert (found["missing"], found["figuresAgree"]) == ([], True)


def test_a_rebuilt_generation_expires_and_is_in_no_report(reporting: Reporting, run: Run) -> None:
    run("count", events=[message(placed()), message(StockChanged(product_id="mug", available=1, on_hand=1))])

    (fact,) = reporting.dynamodb.scan(TableName="SalesFacts")["Items"]
    (level,) = reporting.dynamodb.scan(TableName="StockLevels")["Items"]
    assert int(fact["expiresAt"]["N"]) == pytest.approx(int(level["expiresAt"]["N"]), abs=60)
    assert reporting.sales.figures(TODAY, TODAY)[0].orders == 0
    assert reporting.levels.low(10, 10, None) == ([], None)


def test_an_event_that_cannot_be_counted_is_named(run: Run) -> None:
    foreign = message(placed(currency="EUR"))

    rejected = run("count", events=[foreign])["rejected"]

    assert rejected == {foreign["detail"]["metadata"]["eventId"]: "an amount in EUR; the reports are in USD"}
