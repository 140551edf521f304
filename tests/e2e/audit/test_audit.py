"""The audit of a stage: it finds each damage by its kind and its ids, and nothing where nothing was damaged."""

import json
from contextlib import ExitStack
from typing import Any

import pytest

from ecom67.demo.shopper import Shopper, eventually
from tests.e2e.audit.books import DAMAGES, Books, Damage
from tests.e2e.events.operating import ecom67


def test_nothing_differs_in_a_shop_that_nobody_has_damaged(books: Books) -> None:
    report = books.audited()

    assert report.differences == []
    assert report.orders == 3
    assert report.products == 1


@pytest.mark.parametrize(("kind", "damage"), DAMAGES.values(), ids=[name.replace(" ", "-") for name in DAMAGES])
def test_a_damage_is_found_and_named(books: Books, kind: str, damage: Damage) -> None:
    with damage(books) as named:
        found = books.audited().differences

    sentences = [difference.sentence for difference in found if difference.kind == kind]
    assert sentences, found
    assert any(named in sentence for sentence in sentences), sentences


def test_the_command_names_the_differences_and_fails(books: Books) -> None:
    _, money_kept = DAMAGES["money kept of a cancelled order"]
    since = books.since.isoformat()

    with money_kept(books):
        said = ecom67(books.stage, "audit", "--since", since, "--wait", "0", code=1)
        listed = ecom67(books.stage, "audit", "--since", since, "--wait", "0", "--json", code=1).json()
    clean = ecom67(books.stage, "audit", "--since", since)

    assert f"MONEY_KEPT  Order {books.placed}: it is CANCELLED, and 3099 USD of its money is kept." in said.out
    assert {"MONEY_KEPT"} < {difference["kind"] for difference in listed["differences"]}
    assert "no difference" in clean.out


PLANTED = {
    "RESERVATION_LEFT": DAMAGES["a reservation left"][1],
    "ORDER_MISSING": DAMAGES["a completed checkout without an order"][1],
    "REFUND_OF_ORDER_DIFFERS": DAMAGES["a refund that the order does not know"][1],
    "AMOUNTS_DIFFER": DAMAGES["amounts that differ"][1],
    "MONEY_KEPT": DAMAGES["money kept of a cancelled order"][1],
    "HOLD_LEFT": DAMAGES["a hold of nobody"][1],
    "STOCK_DOES_NOT_ADD_UP": DAMAGES["a hold of nobody"][1],
    "EVENT_MISSING": DAMAGES["an event that is missing"][1],
}
"""What reconciliation has to find at once, by kind."""


@pytest.mark.leaves_differences("releases units of a stock that is put back afterwards")
def test_reconciliation_names_each_damage_and_repairs_what_is_safe(books: Books) -> None:
    staff = books.stage.token("reconciler@ecom67.example", staff=True)
    refunds = books.order(books.refunded)["refunds"]
    with ExitStack() as damaged:
        for damage in set(PLANTED.values()):
            damaged.enter_context(damage(books))

        report = reconcile(books)

        kinds = {found.partition(".")[0] for found in report["found"]}
        assert kinds >= PLANTED.keys(), report
        repaired = {found.partition(".")[0] for found in report["repaired"]}
        assert repaired >= {"RESERVATION_LEFT", "REFUND_OF_ORDER_DIFFERS"}, report
        need_person = {found.partition(".")[0] for found in report["needPerson"]}
        assert need_person >= {"ORDER_MISSING", "AMOUNTS_DIFFER", "HOLD_LEFT", "STOCK_DOES_NOT_ADD_UP", "EVENT_MISSING"}
        assert books.item("Reservations", reservationId=books.declined)["state"] == "RELEASED"
        eventually("the refund is in the order", lambda: books.order(books.refunded)["refunds"] == refunds or None)

    listed = Shopper(books.stage).call("GET /staff/differences?limit=100", token=staff).expect(200).body["items"]
    named = {found["kind"]: found["sentences"] for found in listed}
    assert any(books.placed in sentence for sentence in named["AMOUNTS_DIFFER"])
    again = {found.partition(".")[0] for found in reconcile(books)["resolved"]}
    assert again >= {"ORDER_MISSING", "REFUND_OF_ORDER_DIFFERS", "AMOUNTS_DIFFER", "MONEY_KEPT", "EVENT_MISSING"}


def reconcile(books: Books) -> dict[str, Any]:
    """Run reconciliation now, also of orders that moved a moment ago."""
    answer = books.stage.client("lambda").invoke(
        FunctionName="ecom67-local-operations-reconcile", Payload=json.dumps({"graceSeconds": 0})
    )
    report: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, report
    return report
