"""An event is written with the change that it tells of, and is raised by that write alone."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from bus.items import to_item
from bus.outbox import ATTRIBUTE, OutboxEntry, entry, held, outbox, raised, stamped
from schemas.catalog import ProductCreated, ProductSnapshot
from schemas.event import Envelope
from schemas.orders import OrderDelivered
from tests.unit.bus.conftest import REQUEST

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at="2030-01-01T00:00:00Z")
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def image(*events: OrderDelivered, sequence: int = 1, **others: Any) -> dict[str, Any]:
    return {**to_item({"orderId": "order-1", **others}), ATTRIBUTE: outbox(*events, sequence=sequence)}


def ids(entries: Iterable[OutboxEntry]) -> list[str]:
    return [entry.event_id for entry in entries]


def test_an_event_is_stamped_with_who_raised_it_in_which_request_because_of_what(
    request_context: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "ecom67-dev-orders-api")

    metadata = stamped(DELIVERED, sequence=3).metadata

    assert (metadata.correlation_id, metadata.causation_id) == (REQUEST.correlation_id, REQUEST.causation_id)
    assert (metadata.aggregate_id, metadata.sequence, metadata.version) == ("order-1", 3, 1)
    assert metadata.producer == "ecom67-dev-orders-api"
    assert metadata.traceparent is None


def test_an_event_without_a_context_is_refused() -> None:
    with pytest.raises(LookupError):
        stamped(DELIVERED, sequence=1)
    with pytest.raises(LookupError):
        outbox(DELIVERED, sequence=1)


def test_an_entry_holds_the_event_as_a_consumer_reads_it(request_context: object) -> None:
    envelope = stamped(DELIVERED, sequence=1)

    written = entry(envelope)

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

    detail = json.loads(entry(stamped(ProductCreated(product_id="mug", product=product), sequence=1)).detail)

    assert "initialStock" not in detail["data"]
    assert "compareAtPrice" not in detail["data"]["product"]
    assert "traceparent" not in detail["metadata"]


def test_the_attribute_is_a_leaf_that_the_streams_filter_can_ask_for(request_context: object) -> None:
    assert outbox(DELIVERED, sequence=1).keys() == {"S"}


def test_an_event_stamped_before_is_held_as_it_is(request_context: object) -> None:
    envelope = stamped(DELIVERED, sequence=1)

    assert raised({}, {ATTRIBUTE: held(envelope)}) == [entry(envelope)]


def test_an_insert_raises_all_its_events_in_order(request_context: object) -> None:
    first, second = stamped(DELIVERED, sequence=1), stamped(DELIVERED, sequence=1)

    assert raised({}, {ATTRIBUTE: held(first, second)}) == [entry(first), entry(second)]
    assert len(raised({}, image(DELIVERED, DELIVERED))) == 2


def test_a_write_that_leaves_the_outbox_alone_raises_nothing(request_context: object) -> None:
    before = image(DELIVERED)

    assert raised(before, {**before, **to_item({"seen": True})}) == []


def test_a_write_that_replaces_the_outbox_raises_the_new_events_only(request_context: object) -> None:
    before, after = image(DELIVERED, sequence=1), image(DELIVERED, sequence=2)

    (new,) = raised(before, after)

    assert ids([new]) == ids(raised({}, after))
    assert json.loads(new.detail)["metadata"]["sequence"] == 2


def test_an_event_that_is_kept_beside_a_new_one_is_not_raised_again(request_context: object) -> None:
    first, second = stamped(DELIVERED, sequence=1), stamped(DELIVERED, sequence=2)

    entries = raised({ATTRIBUTE: held(first)}, {ATTRIBUTE: held(first, second)})

    assert ids(entries) == [second.metadata.event_id]


def test_an_item_that_is_removed_or_never_had_an_outbox_raises_nothing(request_context: object) -> None:
    assert raised(image(DELIVERED), {}) == []
    assert raised({}, to_item({"orderId": "order-1"})) == []
