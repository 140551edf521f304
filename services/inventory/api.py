"""HTTP routes of inventory: the available units for everyone, the count for staff."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from bus.http import ANYONE, Api, not_found
from schemas.contract import Contract, Identifier
from services.inventory.dependencies import inventory_service

api = Api()
app = api.app

MAX_ON_HAND = 1_000_000

ProductId = Annotated[str, Path(min_length=1, max_length=128)]


class StockLevel(Contract):
    """How many units of a product can be had now."""

    product_id: Identifier
    available: int = Field(ge=0, description="Units on hand that nobody has reserved.")


class StockCount(Contract):
    """What staff counted in the warehouse."""

    on_hand: int = Field(strict=True, ge=0, le=MAX_ON_HAND, description="Units, reserved ones included.")


class CountedStock(StockLevel):
    """The stock of a product after a count."""

    on_hand: int


@app.get("/api/stock/<product_id>", tags=["inventory"], security=ANYONE)
def get_stock(product_id: ProductId) -> StockLevel:
    """Read how many units of a product can be had now."""
    available = inventory_service().get_available(product_id)
    if available is None:
        raise not_found("product")
    return StockLevel(product_id=product_id, available=available)


@app.put("/api/stock/<product_id>", tags=["inventory"])
@api.for_staff
def put_stock(product_id: ProductId, count: Annotated[StockCount, Body()]) -> CountedStock:
    """Set how many units there are in the warehouse, reserved ones included (staff)."""
    stock = inventory_service().set_on_hand(product_id, count.on_hand)
    if stock is None:
        raise not_found("product")
    return CountedStock(product_id=product_id, on_hand=stock.on_hand, available=stock.available)
