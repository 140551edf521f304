"""What events change: each is counted once, however often and in whatever order they arrive."""

import random
from datetime import timedelta
from typing import Any

from bus.outbox import envelope_for
from schemas.cart import CartStarted
from schemas.checkout import CheckoutFailed
from schemas.contract import Money
from schemas.inventory import StockChanged
from schemas.tax import OrderTax, TaxAmount
from services.reporting.domain import DayFigures
from services.reporting.facts import fact_of
from services.reporting.store import FactStore
from tests.unit.reporting.conftest import NOON, TODAY, Reporting, cancelled, message, placed, refunded


def figures(reporting: Reporting) -> DayFigures:
    (found,) = reporting.sales.figures(TODAY, TODAY)
    return found


def test_the_events_of_a_day_are_its_figures(reporting: Reporting) -> None:
    order, other = placed("order-1", mug=2), placed("order-2", cup=1)

    failed = reporting.receive(
        message(CartStarted(user_id="ada", started_at=NOON)),
        message(CartStarted(user_id="ada", started_at=NOON)),
        message(order),
        message(other),
        message(cancelled(other)),
        message(refunded(other, 1599)),
        message(refunded(order, 500)),
        message(refunded(order, 500, in_all=1000)),
    )

    assert failed == []
    found = figures(reporting)
    assert (found.carts, found.checkouts, found.orders, found.units) == (2, 2, 2, 3)
    assert (found.total, found.cancelled_total, found.refunds, found.refunded) == (4198, 1599, 3, 2599)
    assert found.net == 1599


def test_a_failed_checkout_is_counted_on_the_day_it_failed(reporting: Reporting) -> None:
    said = message(CheckoutFailed(order_id="order-1", user_id="ada", reason="DECLINED"))
    said["detail"]["metadata"]["occurredAt"] = "2026-11-23T17:00:00.000Z"

    reporting.receive(said)

    assert (figures(reporting).checkouts, figures(reporting).failed) == (1, {"DECLINED": 1})


def test_events_that_come_again_in_any_order_are_counted_once(reporting: Reporting) -> None:
    orders = [placed(f"order-{number}", mug=1) for number in range(5)]
    said = [message(event) for order in orders for event in (order, cancelled(order), refunded(order, 1599))]
    reporting.receive(*said)
    once = figures(reporting)

    shuffled = said * 3
    random.Random(7).shuffle(shuffled)  # noqa: S311 - any order will do
    reporting.receive(*shuffled)

    assert figures(reporting) == once
    assert (once.orders, once.refunded) == (5, 5 * 1599)


def test_a_fact_that_is_stored_again_later_is_the_same_item(reporting: Reporting) -> None:
    fact = fact_of(envelope_for(placed("order-1", mug=1), 1))
    items = []

    for moment in (NOON, NOON + timedelta(days=2)):
        FactStore(reporting.dynamodb, "SalesFacts", now=moment.timestamp).put(fact)
        items.append(reporting.dynamodb.scan(TableName="SalesFacts")["Items"])

    assert items[0] == items[1]


def test_an_order_costs_one_write_of_one_unit(reporting: Reporting) -> None:
    bought: Any = {f"a-product-with-a-long-name-{number}": 2 for number in range(3)}

    reporting.receive(message(placed(**bought)))
    (item,) = reporting.dynamodb.scan(TableName="SalesFacts")["Items"]

    assert sum(len(name) + len(str(next(iter(value.values())))) for name, value in item.items()) < 1024


def test_no_id_of_a_person_is_stored(reporting: Reporting) -> None:
    order = placed()
    reporting.receive(
        message(CartStarted(user_id="ada", started_at=NOON)),
        message(CheckoutFailed(order_id="order-2", user_id="ada", reason="FAULT")),
        message(order),
        message(cancelled(order)),
        message(refunded(order, 100)),
    )

    assert "ada" not in str(reporting.dynamodb.scan(TableName="SalesFacts")["Items"])


def test_an_amount_in_another_currency_goes_to_quarantine(reporting: Reporting) -> None:
    assert reporting.receive(message(placed(currency="EUR"))) == []

    assert reporting.quarantined() == ["an amount in EUR; the reports are in USD"]
    assert figures(reporting).orders == 0


def test_a_fact_of_a_sealed_day_goes_to_quarantine(reporting: Reporting) -> None:
    reporting.clock.now = NOON + timedelta(days=400)

    reporting.receive(message(placed()))

    assert reporting.quarantined() == ["2026-11-23 was sealed: its facts expire after 400 days"]


def test_a_message_that_fails_is_delivered_again_alone(reporting: Reporting) -> None:
    reporting.dynamodb.delete_table(TableName="StockLevels")

    failed = reporting.receive(
        message(placed("order-1")),
        message(StockChanged(product_id="mug", available=1, on_hand=1)),
        message(placed("order-2")),
    )

    assert failed == ["1"]
    assert figures(reporting).orders == 2


def test_the_tax_of_a_day_is_that_of_its_orders_and_of_its_refunds(reporting: Reporting) -> None:
    gst = TaxAmount(name="GST 5%", rate=5_000, base=Money(amount=2599), amount=Money(amount=130))
    tax = OrderTax.of("EXCLUSIVE", [], [gst], "USD")
    taxed = placed("order-1").model_copy(update={"tax": tax})
    given_back = refunded(taxed, 1050).model_copy(update={"tax": [gst.model_copy(update={"amount": Money(amount=50)})]})

    reporting.receive(message(taxed), message(placed("order-2")), message(given_back))

    assert (figures(reporting).tax, figures(reporting).refunded_tax) == (130, 50)
