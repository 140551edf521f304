"""An event is stored with the change that raised it, and published by that write alone."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from bus.attribute_values import to_item
from bus.outbox import ATTRIBUTE, OutboxEntry, envelope_for, new_entries, outbox, outbox_attribute, outbox_entry
from schemas.catalog import ProductCreated, ProductSnapshot
from schemas.event import Envelope
from schemas.orders import OrderDelivered
from tests.unit.bus.conftest import REQUEST

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at="2030-01-01T00:00:00Z")
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def image(*events: OrderDelivered, sequence: int = 1, **others: Any) -> dict[str, Any]:
    return {**to_item({"orderId": "order-1", **others}), ATTRIBUTE: outbox(*events, sequence=sequence)}


def ids(entries: Iterable[OutboxEntry]) -> list[str]:
    return [outbox_entry.event_id for outbox_entry in entries]


def test_an_event_is_stamped_with_who_raised_it_in_which_request_because_of_what(
    request_context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "ecom67-dev-orders-api")

    metadata = envelope_for(DELIVERED, sequence=3).metadata

    assert (metadata.correlation_id, metadata.causation_id) == (REQUEST.correlation_id, REQUEST.causation_id)
    assert (metadata.aggregate_id, metadata.sequence, metadata.version) == ("order-1", 3, 1)
    assert metadata.producer == "ecom67-dev-orders-api"
    assert metadata.traceparent is None


def test_an_event_without_a_context_is_refused() -> None:
    with pytest.raises(LookupError):
        envelope_for(DELIVERED, sequence=1)
    with pytest.raises(LookupError):
        outbox(DELIVERED, sequence=1)


def test_an_entry_holds_the_event_as_a_consumer_reads_it(request_context: object) -> None:
    envelope = envelope_for(DELIVERED, sequence=1)

    written = outbox_entry(envelope)

    assert (written.source, written.detail_type) == ("ecom67.orders", "OrderDelivered")
    assert written.event_id == envelope.metadata.event_id
    read = Envelope[OrderDelivered].read(json.loads(written.detail))
    assert read.data == DELIVERED
    assert read.metadata.event_id == written.event_id
    assert json.loads(written.detail)["data"] == {
        "orderId": "order-1",
        "userId": "ada",
        "deliveredAt": "2030-01-01T00:00:00.000Z",
    }


def test_what_is_unset_is_left_out(request_context: object) -> None:
    product = ProductSnapshot(
        product_id="mug",
        name="Mug",
        description="",
        category="kitchen",
        brand="",
        price={"amount": 1},
        image_url="",
        status="ACTIVE",
        created_at="2030-01-01T00:00:00Z",
        updated_at="2030-01-01T00:00:00Z",
    )

    detail = json.loads(
        outbox_entry(envelope_for(ProductCreated(product_id="mug", product=product), sequence=1)).detail
    )

    assert "initialStock" not in detail["data"]
    assert "compareAtPrice" not in detail["data"]["product"]
    assert "traceparent" not in detail["metadata"]


def test_the_attribute_is_a_leaf_that_the_streams_filter_can_ask_for(request_context: object) -> None:
    assert outbox(DELIVERED, sequence=1).keys() == {"S"}


def test_an_event_stamped_before_is_held_as_it_is(request_context: object) -> None:
    envelope = envelope_for(DELIVERED, sequence=1)

    assert new_entries({}, {ATTRIBUTE: outbox_attribute(envelope)}) == [outbox_entry(envelope)]


def test_an_insert_raises_all_its_events_in_order(request_context: object) -> None:
    first, second = envelope_for(DELIVERED, sequence=1), envelope_for(DELIVERED, sequence=1)

    assert new_entries({}, {ATTRIBUTE: outbox_attribute(first, second)}) == [outbox_entry(first), outbox_entry(second)]
    assert len(new_entries({}, image(DELIVERED, DELIVERED))) == 2


def test_a_write_that_leaves_the_outbox_alone_raises_nothing(request_context: object) -> None:
    before = image(DELIVERED)

    assert new_entries(before, {**before, **to_item({"seen": True})}) == []


def test_a_write_that_replaces_the_outbox_raises_the_new_events_only(request_context: object) -> None:
    before, after = image(DELIVERED, sequence=1), image(DELIVERED, sequence=2)

    (new,) = new_entries(before, after)

    assert ids([new]) == ids(new_entries({}, after))
    assert json.loads(new.detail)["metadata"]["sequence"] == 2


def test_an_event_that_is_kept_beside_a_new_one_is_not_raised_again(request_context: object) -> None:
    first, second = envelope_for(DELIVERED, sequence=1), envelope_for(DELIVERED, sequence=2)

    entries = new_entries({ATTRIBUTE: outbox_attribute(first)}, {ATTRIBUTE: outbox_attribute(first, second)})

    assert ids(entries) == [second.metadata.event_id]


def test_an_item_that_is_removed_or_never_had_an_outbox_raises_nothing(request_context: object) -> None:
    assert new_entries(image(DELIVERED), {}) == []
    assert new_entries({}, to_item({"orderId": "order-1"})) == []
