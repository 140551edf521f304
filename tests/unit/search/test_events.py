"""StockChanged, as it comes over the bus."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from schemas.event import Envelope, Metadata
from schemas.inventory import StockChanged
from services.search import events
from services.search.document import ProductDocument
from services.search.store import SearchProductStore


def message(sequence: int, available: int) -> dict[str, object]:
    data = StockChanged(product_id="mug", available=available, on_hand=available)
    metadata = Metadata(
        event_id=f"event-{sequence}",
        version=1,
        occurred_at=datetime.now(UTC),
        producer="inventory",
        correlation_id="the-request",
        aggregate_id="mug",
        sequence=sequence,
    )
    detail = Envelope[StockChanged](metadata=metadata, data=data)
    body = {"source": data.source(), "detail-type": data.detail_type(), "detail": json.loads(detail.to_json())}
    return {"messageId": str(sequence), "body": json.dumps(body)}


def test_the_newest_stock_counts(
    products: SearchProductStore, held: Callable[[str], ProductDocument | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "search_products", lambda: products)

    answer = events.consumer({"Records": [message(2, 4), message(1, 9), message(2, 4)]}, None)

    found = held("mug")
    assert answer == {"batchItemFailures": []}
    assert found is not None
    assert (found.available, found.product, found.revision) == (4, None, 1)
