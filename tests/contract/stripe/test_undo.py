"""The stand-in is set back to a moment together with a shop that lost what happened since."""

import sqlite3
import time
from pathlib import Path

import stripe

from ecom67.local.standins.stripe.store import ObjectStore
from ecom67.local.standins.stripe.undo import TABLES, UndoneCharge, set_back
from tests.contract.stripe.standin import CARD_ONLY, Subscriber, client, eventually, serving

PAID: stripe.params.PaymentIntentCreateParams = {**CARD_ONLY, "confirm": True, "payment_method": "pm_card_visa"}


def _a_moment_later() -> float:
    """Return a moment after which SQLite's clock, of milliseconds, moves on."""
    moment = time.time() + 0.002
    eventually(lambda: time.time() > moment + 0.002)
    return moment


def test_what_was_charged_and_refunded_since_is_undone_and_can_be_done_again(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        api = client(first.url)
        kept = api.v1.payment_intents.create({**PAID, "metadata": {"orderId": "kept"}})
        moment = _a_moment_later()
        api.v1.refunds.create({"payment_intent": kept.id})
        lost = api.v1.payment_intents.create({**PAID, "metadata": {"orderId": "lost"}}, {"idempotency_key": "lost"})

    undone = set_back(tmp_path, moment)

    assert undone == [UndoneCharge(order_id="lost", amount=1999, currency="USD")]
    with serving(tmp_path) as second:
        api = client(second.url)
        assert [intent.id for intent in api.v1.payment_intents.list()] == [kept.id]
        assert api.v1.refunds.list().data == []
        assert [charge.refunded for charge in api.v1.charges.list()] == [False]
        assert api.v1.payment_intents.create(PAID, {"idempotency_key": "lost"}).id != lost.id


def test_a_webhook_that_came_to_what_is_lost_is_sent_again(tmp_path: Path) -> None:
    listening = Subscriber()

    def told(times: int) -> None:
        eventually(lambda: listening.types().count("payment_intent.succeeded") >= times)

    with serving(tmp_path) as first:
        client(first.url).v1.payment_intents.create(PAID)
        moment = _a_moment_later()
    # Nobody has listened until now.
    with serving(tmp_path, "--webhook-url", listening.url):
        told(1)

    set_back(tmp_path, moment)

    with serving(tmp_path, "--webhook-url", listening.url):
        told(2)
    listening.close()


def test_setting_back_can_be_repeated_to_an_earlier_moment(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        api = client(first.url)
        moments = [time.time()]
        for _ in range(2):
            api.v1.payment_intents.create(PAID)
            moments.append(_a_moment_later())

    assert len(set_back(tmp_path, moments[1])) == 1
    assert len(set_back(tmp_path, moments[0])) == 1
    assert set_back(tmp_path, moments[0]) == []


def test_nothing_is_undone_where_there_never_was_a_payment(tmp_path: Path) -> None:
    assert set_back(tmp_path, time.time()) == []


def test_each_column_of_each_table_is_undone(tmp_path: Path) -> None:
    ObjectStore(tmp_path).close()
    with sqlite3.connect(tmp_path / "stripe.sqlite3") as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        columns = {
            name: sorted(column[1] for column in connection.execute(f"PRAGMA table_info({name})"))
            for (name,) in tables
            if not name.startswith("sqlite_") and name != "undo"
        }
    connection.close()

    assert {name: sorted((*key, *others)) for name, (key, others) in TABLES.items()} == columns
