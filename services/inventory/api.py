"""HTTP routes of inventory that everyone may read; those of staff are in ``staff_api.py``."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from bus.http import ANYONE, Api, not_found
from schemas.contract import Contract, Identifier
from services.inventory.dependencies import inventory_service

api = Api()
app = api.app

ProductId = Annotated[str, Path(min_length=1, max_length=128)]


class StockLevel(Contract):
    """How many units of a product can be had now."""

    product_id: Identifier
    available: int = Field(ge=0, description="Units on hand that nobody has reserved.")


@app.get("/api/stock/<product_id>", tags=["inventory"], security=ANYONE)
def get_stock(product_id: ProductId) -> StockLevel:
    """Read how many units of a product can be had now."""
    available = inventory_service().get_available(product_id)
    if available is None:
        raise not_found("product")
    return StockLevel(product_id=product_id, available=available)
