"""From the catalog's stream into the SearchProducts table: what is shown, and what is not any more.

A record that cannot be read is parked in a queue with the reason, so that one bad product does not
hold up the others. Where the table does not answer, the stream delivers again from that record on.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from bus.attribute_values import from_attribute
from bus.batch import BatchResponse
from bus.clients import client
from bus.consumer import validation_summary
from bus.log import logger
from bus.settings import Settings
from schemas.catalog import ProductSnapshot
from services.search.dependencies import search_products
from services.search.store import SearchProducts

Park = Callable[[dict[str, Any], str], None]


class Projector:
    """Keeps the table as the catalog is.

    Parameters:
        products: the table.
        park: keeps a record that cannot be read, with the reason, for an operator.
    """

    def __init__(self, products: SearchProducts, park: Park) -> None:
        self._products = products
        self._park = park

    def project(self, records: Sequence[dict[str, Any]]) -> BatchResponse:
        """Carry the records over, in their order; name the first that has to come again."""
        for record in records:
            try:
                self._carry(record)
            except (ClientError, BotoCoreError):
                logger.exception("a product is not noted; the stream will deliver it again")
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        return {"batchItemFailures": []}

    def _carry(self, record: dict[str, Any]) -> None:
        image = record["dynamodb"].get("NewImage")
        if image is None:
            # The mark of a deleted product has expired. Its deletion came long before.
            return
        try:
            product_id, sequence = from_attribute(image["productId"]), from_attribute(image["sequence"])
            product = ProductSnapshot.model_validate(from_attribute(image["product"])) if "product" in image else None
        except ValidationError as error:
            self._set_aside(record, validation_summary(error))
        except (KeyError, TypeError, ValueError) as error:
            self._set_aside(record, f"no item of the catalog: {error!r}")
        else:
            if product and product.status == "ACTIVE":
                self._products.show(product.model_dump(mode="json", exclude_none=True), sequence)
            else:
                self._products.hide(product_id, sequence)

    def _set_aside(self, record: dict[str, Any], reason: str) -> None:
        logger.error("a product is parked", reason=reason, keys=record["dynamodb"].get("Keys"))
        self._park(record, reason)


class ProjectorSettings(Settings):
    """What the stack tells the projector."""

    parking_queue_url: str


@cache
def _projector() -> Projector:
    queue_url = ProjectorSettings.load().parking_queue_url

    def park(record: dict[str, Any], reason: str) -> None:
        client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps({"reason": reason, "record": record}))

    return Projector(search_products(), park)


def handler(event: dict[str, Any], _context: object) -> BatchResponse:
    """Lambda entry: the Products stream."""
    return _projector().project(event["Records"])
