"""Writes the changes of the catalog's Products stream to the SearchProducts table.

A record that cannot be read is parked in a queue with the reason, so that one bad product does not block the
others. If the table does not answer, the stream delivers again from that record on.
"""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from bus.attribute_values import from_attribute
from bus.batch import BatchResponse
from bus.consumer import validation_summary
from bus.log import logger
from schemas.catalog import ProductSnapshot
from services.search.dependencies import parking_queue, search_products
from services.search.store import SearchProductStore


class Projector:
    """Applies changes of the catalog to the SearchProducts table.

    Parameters:
        products: the table.
        park: sends a message with an unreadable record and the reason to an operator.
    """

    def __init__(self, products: SearchProductStore, park: Callable[[dict[str, Any]], None]) -> None:
        self._products = products
        self._park = park

    def project(self, records: Sequence[dict[str, Any]]) -> BatchResponse:
        """Apply the records of a stream in their order.

        Returns:
            The partial batch response: it names the first record that the table did not take, from which the stream
            delivers again.
        """
        for record in records:
            try:
                self._apply(record)
            except (ClientError, BotoCoreError):
                logger.exception("a product is not stored; the stream will deliver it again")
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        return {"batchItemFailures": []}

    def _apply(self, record: dict[str, Any]) -> None:
        image = record["dynamodb"].get("NewImage")
        if image is None:
            # TTL has removed the tombstone of a deleted product; its deletion was applied long before.
            return
        try:
            product_id, sequence = from_attribute(image["productId"]), from_attribute(image["sequence"])
            product = ProductSnapshot.model_validate(from_attribute(image["product"])) if "product" in image else None
        except ValidationError as error:
            self._park_record(record, validation_summary(error))
        except (KeyError, TypeError, ValueError) as error:
            self._park_record(record, f"no item of the catalog: {error!r}")
        else:
            if product and product.status == "ACTIVE":
                self._products.show(product.model_dump(mode="json", exclude_none=True), sequence)
            else:
                self._products.hide(product_id, sequence)

    def _park_record(self, record: dict[str, Any], reason: str) -> None:
        logger.error("a product is parked", reason=reason, keys=record["dynamodb"].get("Keys"))
        self._park({"reason": reason, "record": record})


def handler(event: dict[str, Any], _context: object) -> BatchResponse:
    """Process a batch of the Products stream (the Lambda entry)."""
    return Projector(search_products(), parking_queue().send).project(event["Records"])
