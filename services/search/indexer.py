"""From the SearchProducts table's stream into the index.

Where the engine is away, or its index of another version than this code, the batch fails and the stream delivers
it again until it is taken: nothing is lost for as long as a stream keeps its records, which is a day. What the engine
will never take is parked with the reason.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from bus.clients import client
from bus.log import logger
from bus.settings import Settings
from services.search.dependencies import engine
from services.search.document import Document
from services.search.engine import Engine, RefusedDocumentError
from services.search.store import document_of


class Indexer:
    """Keeps the index as the table is.

    Parameters:
        engine: holds the index.
        park: keeps a document that the engine refused, with the reason, for an operator.
    """

    def __init__(self, engine: Engine, park: Callable[[RefusedDocumentError], None]) -> None:
        self._engine = engine
        self._park = park

    def index(self, records: Sequence[dict[str, Any]]) -> None:
        """Write what the records tell of, all of it in one call; raises EngineUnavailableError."""
        images = [record["dynamodb"]["NewImage"] for record in records if "NewImage" in record["dynamodb"]]
        # Of a product only the last counts.
        left: dict[str, Document] = {document.product_id: document for document in map(document_of, images)}
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


def handler(event: dict[str, Any], _context: object) -> None:
    """Lambda entry: the SearchProducts stream. Where it fails, all of the batch comes again; nothing counts twice."""
    _indexer().index(event["Records"])
