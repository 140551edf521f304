"""From the table's stream into the engine: the last of each product, again where it is away, refused ones set aside."""

from collections.abc import Sequence
from typing import Any, cast

import pytest

from bus.attribute_values import to_item
from services.search.document import ProductDocument
from services.search.engine import DocumentRejectedError, Engine, EngineUnavailableError
from services.search.indexer import Indexer
from tests.unit.search.conftest import document


class Writes:
    """An engine that is only written to."""

    def __init__(self, *, away: bool = False, refused: Sequence[str] = ()) -> None:
        self.away = away
        self.refused = refused
        self.written: list[list[ProductDocument]] = []

    def write(self, documents: Sequence[ProductDocument]) -> None:
        if self.away:
            raise EngineUnavailableError("no answer")
        for each in documents:
            if each.product_id in self.refused:
                raise DocumentRejectedError(each.product_id, "too long")
        self.written.append(list(documents))


def record(number: int, each: ProductDocument) -> dict[str, Any]:
    values = {"productId": each.product_id, "revision": each.revision, "productSequence": each.sequence}
    image = {**values, "available": each.available, **({"product": each.product} if each.product else {})}
    return {"dynamodb": {"SequenceNumber": str(number), "NewImage": to_item(image)}}


def indexer(engine: Writes, parked: list[str]) -> Indexer:
    return Indexer(cast("Engine", engine), lambda message: parked.append(message["productId"]))


def test_of_each_product_the_last_is_written_in_one_call() -> None:
    engine = Writes()
    changes = [document("mug", revision=1), document("cup", revision=4), document("mug", revision=2)]

    indexer(engine, []).index([record(number, each) for number, each in enumerate(changes)])

    assert engine.written == [[changes[2], changes[1]]]


def test_where_the_engine_is_away_the_whole_batch_fails_and_comes_again() -> None:
    engine = Writes(away=True)
    records = [record(7, document("mug")), record(8, document("cup"))]

    with pytest.raises(EngineUnavailableError):
        indexer(engine, []).index(records)

    engine.away = False
    indexer(engine, []).index(records)
    assert len(engine.written[0]) == 2


def test_what_the_engine_refuses_is_parked_and_holds_up_nobody() -> None:
    engine, parked = Writes(refused=["bad", "worse"]), list[str]()
    records = [record(number, document(name)) for number, name in enumerate(("bad", "mug", "worse"))]

    indexer(engine, parked).index(records)

    assert parked == ["bad", "worse"]
    assert [each.product_id for each in engine.written[0]] == ["mug"]


def test_a_batch_of_removals_writes_nothing() -> None:
    engine = Writes()

    indexer(engine, []).index([{"dynamodb": {"SequenceNumber": "1"}}])

    assert engine.written == []
