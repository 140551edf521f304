"""Writes the changes of the SearchProducts stream to the index.

If the engine is unavailable, or its index has another version than this code, the batch fails and the stream delivers
it again until it is taken: nothing is lost while a stream keeps its records, which is 24 hours. A document that
the engine rejects for good is parked with the reason.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bus.log import logger
from services.search.dependencies import engine, parking_queue
from services.search.document import ProductDocument
from services.search.engine import DocumentRejectedError, Engine
from services.search.store import document_from_item


class Indexer:
    """Applies changes of the SearchProducts table to the index.

    Parameters:
        engine: the engine with the index.
        park: sends a message about a rejected document, with the reason, to an operator.
    """

    def __init__(self, engine: Engine, park: Callable[[dict[str, Any]], None]) -> None:
        self._engine = engine
        self._park = park

    def index(self, records: Sequence[dict[str, Any]]) -> None:
        """Write the documents of a batch in one call, of each product the last.

        Raises:
            EngineUnavailableError: nothing was written; the batch can be repeated.
        """
        images = [record["dynamodb"]["NewImage"] for record in records if "NewImage" in record["dynamodb"]]
        pending: dict[str, ProductDocument] = {
            document.product_id: document for document in map(document_from_item, images)
        }
        while pending:
            try:
                self._engine.write(list(pending.values()))
            except DocumentRejectedError as rejected:
                logger.error("a document is parked", reason=rejected.reason, product_id=rejected.product_id)
                self._park({"reason": rejected.reason, "productId": rejected.product_id})
                del pending[rejected.product_id]
            else:
                return


def handler(event: dict[str, Any], _context: object) -> None:
    """Process a batch of the SearchProducts stream (the Lambda entry). A failure repeats the whole batch."""
    Indexer(engine(), parking_queue().send).index(event["Records"])
