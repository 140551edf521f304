"""From the catalog's stream into the table: order, deletes, what cannot be read, and a table that is away."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError

from bus.attribute_values import to_item
from schemas.catalog import ProductSnapshot
from services.search.document import ProductDocument
from services.search.projector import Projector
from services.search.store import SearchProductStore
from tests.unit.search.conftest import plain, snapshot

Held = Callable[[str], ProductDocument | None]


def record(number: int, product_id: str, sequence: object, product: ProductSnapshot | None) -> dict[str, Any]:
    values = {"productId": product_id, "sequence": sequence}
    if product:
        values["product"] = product.model_dump(mode="json", exclude_none=True)
    return {"dynamodb": {"SequenceNumber": str(number), "Keys": {}, "NewImage": to_item(values)}}


@pytest.fixture
def parked() -> list[str]:
    return []


@pytest.fixture
def projector(products: SearchProductStore, parked: list[str]) -> Projector:
    return Projector(products, lambda message: parked.append(message["reason"]))


def test_a_product_is_shown_changed_and_gone(projector: Projector, held: Held) -> None:
    projector.project([record(1, "mug", 1, snapshot("mug"))])
    assert held("mug") == ProductDocument("mug", 1, plain("mug"), 0, 1)

    projector.project([record(2, "mug", 2, snapshot("mug", name="Cup")), record(3, "mug", 3, None)])
    assert held("mug") == ProductDocument("mug", 3, None, 0, 3)


def test_a_product_that_is_hidden_is_not_shown(projector: Projector, held: Held) -> None:
    projector.project([record(1, "mug", 1, snapshot("mug")), record(2, "mug", 2, snapshot("mug", status="HIDDEN"))])

    assert held("mug") == ProductDocument("mug", 2, None, 0, 2)


def test_the_expiry_of_a_deleted_products_mark_is_nothing(projector: Projector, held: Held) -> None:
    assert projector.project([{"dynamodb": {"SequenceNumber": "1", "OldImage": {}}}]) == {"batchItemFailures": []}
    assert held("mug") is None


def test_what_cannot_be_read_is_parked_and_holds_up_nobody(projector: Projector, parked: list[str], held: Held) -> None:
    bad = record(1, "bad", 1, snapshot("bad"))
    del bad["dynamodb"]["NewImage"]["product"]["M"]["price"]
    worse = record(2, "worse", "three", None)
    del worse["dynamodb"]["NewImage"]["sequence"]

    assert projector.project([bad, worse, record(3, "mug", 1, snapshot("mug"))]) == {"batchItemFailures": []}
    assert [reason.split(":")[0] for reason in parked] == ["price", "no item of the catalog"]
    assert held("mug") is not None


def test_where_the_table_does_not_answer_the_stream_goes_on_from_there(
    projector: Projector, products: SearchProductStore, held: Held
) -> None:
    throttled = ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")
    show = SearchProductStore.show

    def fail_once(self: SearchProductStore, product: dict[str, Any], sequence: int) -> ProductDocument:
        if product["productId"] == "cup":
            raise throttled
        return show(self, product, sequence)

    records = [record(number, name, 1, snapshot(name)) for number, name in enumerate(("mug", "cup", "jug"), start=1)]
    with patch.object(SearchProductStore, "show", fail_once):
        assert projector.project(records) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert (held("mug") is not None, held("jug")) == (True, None)

    assert projector.project(records[1:]) == {"batchItemFailures": []}
    assert held("jug") is not None
