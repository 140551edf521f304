"""From the SearchProducts table's stream into the index.

Where the engine is away the stream delivers again until it is back: nothing is lost for as long as a stream
keeps its records, which is a day. What the engine will never take is parked with the reason.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from bus.batch import BatchAnswer
from bus.clients import client
from bus.log import logger
from bus.settings import Settings
from services.search.document import Document
from services.search.engine import Engine, EngineUnavailableError, RefusedDocumentError
from services.search.store import document_of
from services.search.wiring import engine


class Indexer:
    """Keeps the index as the table is.

    Parameters:
        engine: holds the index.
        park: keeps a document that the engine refused, with the reason, for an operator.
    """

    def __init__(self, engine: Engine, park: Callable[[RefusedDocumentError], None]) -> None:
        self._engine = engine
        self._park = park

    def index(self, records: Sequence[dict[str, Any]]) -> BatchAnswer:
        """Write what the records tell of; all of it comes again where the engine is away."""
        images = [record["dynamodb"]["NewImage"] for record in records if "NewImage" in record["dynamodb"]]
        # Of a product only the last counts.
        documents = {document.product_id: document for document in map(document_of, images)}
        try:
            self._write(documents)
        except EngineUnavailableError as error:
            logger.warning("the engine is away; the stream will deliver again", reason=str(error))
            return {"batchItemFailures": [{"itemIdentifier": records[0]["dynamodb"]["SequenceNumber"]}]}
        return {"batchItemFailures": []}

    def _write(self, documents: dict[str, Document]) -> None:
        left = dict(documents)
        while left:
            try:
                self._engine.write(list(left.values()))
            except RefusedDocumentError as refused:
                logger.error("a document is parked", reason=refused.reason, product_id=refused.product_id)
                self._park(refused)
                del left[refused.product_id]
            else:
                return


class IndexerSettings(Settings):
    """What the stack tells the indexer."""

    parking_queue_url: str


@cache
def _indexer() -> Indexer:
    queue_url = IndexerSettings.load().parking_queue_url

    def park(refused: RefusedDocumentError) -> None:
        body = {"reason": refused.reason, "productId": refused.product_id}
        client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(body))

    return Indexer(engine(), park)


def handler(event: dict[str, Any], _context: object) -> BatchAnswer:
    """Lambda entry: the SearchProducts stream."""
    return _indexer().index(event["Records"])
