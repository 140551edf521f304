"""The rules of a checkout: who keeps a cart, which outcome prevails, and what is sent to the order queue."""

import pytest

from services.checkout.domain import (
    CartHold,
    CartHolder,
    Checkout,
    CheckoutOutcome,
    CheckoutStatus,
    Quote,
    decision_after_payment,
)

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("status", "leased", "after_lease", "after_change"),
    [
        (CheckoutStatus.RUNNING, CartHold.ACTIVE, CartHold.ABANDONED, CartHold.ABANDONED),
        (CheckoutStatus.REQUIRES_ACTION, CartHold.ABANDONED, CartHold.ABANDONED, CartHold.ABANDONED),
        (CheckoutStatus.COMPLETING, CartHold.ACTIVE, CartHold.ACTIVE, CartHold.ACTIVE),
        (CheckoutStatus.COMPLETED, CartHold.ACTIVE, CartHold.ACTIVE, CartHold.RELEASED),
        (CheckoutStatus.COMPENSATING, CartHold.ACTIVE, CartHold.ABANDONED, CartHold.ABANDONED),
        (CheckoutStatus.FAILED, CartHold.RELEASED, CartHold.RELEASED, CartHold.RELEASED),
    ],
)
def test_a_checkout_keeps_its_cart_while_it_buys_it_or_has_bought_what_it_still_shows(
    checkout: Checkout, status: CheckoutStatus, leased: CartHold, after_lease: CartHold, after_change: CartHold
) -> None:
    held = checkout.model_copy(update={"status": status, "lease_until": int(NOW) + 1})

    assert held.cart_hold_at(NOW) is leased
    assert held.cart_hold_at(NOW + 1) is after_lease
    assert held.cart_hold_at(NOW + 1, cart_changed=True) is after_change


@pytest.mark.parametrize(("holder", "yields"), [("order-2", True), ("removed", True), ("order-1", False)])
def test_a_cart_is_free_for_its_holder_and_once_it_has_removed_the_holders_lines(
    quote: Quote, holder: str, yields: bool
) -> None:
    quote = quote.model_copy(update={"last_order_id": "removed"})

    assert CartHolder(order_id=holder, sequence=1).yields_to("order-2", quote) is yields


@pytest.mark.parametrize(
    ("status", "prevails"),
    [
        (CheckoutStatus.RUNNING, "REQUIRES_ACTION"),
        (CheckoutStatus.COMPLETING, "CONFIRMED"),
        (CheckoutStatus.COMPENSATING, "FAULT"),
    ],
)
def test_a_decision_prevails_over_the_outcome_of_a_run(
    checkout: Checkout, status: CheckoutStatus, prevails: str
) -> None:
    waits = CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret")

    assert checkout.model_copy(update={"status": status}).final_outcome(waits).outcome == prevails


def test_a_paid_checkout_becomes_an_order_only_where_its_units_are_reserved() -> None:
    assert decision_after_payment(reserved=True) is CheckoutStatus.COMPLETING
    assert decision_after_payment(reserved=False) is CheckoutStatus.COMPENSATING


def test_an_order_is_placed_with_what_was_quoted_and_where_it_goes(checkout: Checkout, quote: Quote) -> None:
    command = checkout.place_order_command("pi_1")

    assert (command.order_id, command.payment_intent_id, command.lines) == (checkout.order_id, "pi_1", quote.lines)
    assert command.shipping_address == checkout.open_request.shipping_address


def test_a_checkout_that_has_ended_places_no_order(checkout: Checkout) -> None:
    with pytest.raises(ValueError, match="has ended"):
        checkout.model_copy(update={"request": None}).place_order_command("pi_1")
