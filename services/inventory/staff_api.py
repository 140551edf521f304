"""HTTP routes of the shop's staff: what is short, counts and adjustments with a reason, and the ledger."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path, Query
from pydantic import Field, StringConstraints

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found
from bus.optimistic_locking import RetriesExhaustedError
from schemas.contract import Contract, Identifier
from services.inventory.causes import AdjustmentReason
from services.inventory.dependencies import inventory_service, ledger
from services.inventory.domain import OtherAdjustmentError, Stock, SupplyLevel, TooFewUnitsError
from services.inventory.movements import Movement

api = Api()
app = api.app

MAX_ON_HAND = 1_000_000

ProductId = Annotated[str, Path(min_length=1, max_length=128)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=2048)]


class StockCount(Contract):
    """What staff counted in the warehouse."""

    on_hand: int = Field(strict=True, ge=0, le=MAX_ON_HAND, description="Units, reserved ones included.")
    reason: AdjustmentReason | None = None
    note: Note | None = None


class StockAdjustment(Contract):
    """Units that came or went."""

    change: int = Field(strict=True, ge=-MAX_ON_HAND, le=MAX_ON_HAND, description="Units; negative removes them.")
    reason: AdjustmentReason
    note: Note | None = None


class CountedStock(Contract):
    """The stock of a product as staff sees it."""

    product_id: Identifier
    on_hand: int = Field(description="Units in the warehouse, reserved ones included.")
    available: int = Field(ge=0, description="Units on hand that nobody has reserved.")
    level: SupplyLevel

    @classmethod
    def of(cls, stock: Stock) -> "CountedStock":
        """Return a stock as it is told."""
        return cls(
            product_id=stock.product_id,
            on_hand=stock.on_hand,
            available=stock.available,
            level=SupplyLevel.of(stock.available),
        )


class StockPage(Contract):
    """A page of stocks of one level, by product id."""

    items: list[CountedStock]
    next_cursor: str | None = None


class MovementPage(Contract):
    """A page of the ledger of a product, the newest movement first."""

    items: list[Movement]
    next_cursor: str | None = None


@app.put("/api/stock/<product_id>", tags=["inventory"])
@api.for_staff
def put_stock(product_id: ProductId, count: Annotated[StockCount, Body()]) -> CountedStock:
    """Set how many units there are in the warehouse, reserved ones included (staff)."""
    by = api.caller().user_id
    try:
        return _told(inventory_service().set_on_hand(product_id, count.on_hand, by, count.reason, count.note))
    except RetriesExhaustedError:
        raise _busy() from None


@app.get("/api/staff/stock", tags=["inventory"])
@api.for_staff
def list_stock(
    level: Annotated[SupplyLevel, Query()] = SupplyLevel.LOW, limit: Limit = 50, cursor: Cursor = None
) -> StockPage:
    """List the products that are out of stock, low, or enough (staff). The level is that of the last change."""
    try:
        stocks, following = inventory_service().list_level(level, limit, cursor)
    except InvalidCursorError:
        raise _unknown_cursor() from None
    return StockPage(items=[CountedStock.of(stock) for stock in stocks], next_cursor=following)


@app.get("/api/staff/stock/<product_id>", tags=["inventory"])
@api.for_staff
def read_stock(product_id: ProductId) -> CountedStock:
    """Read the stock of a product (staff)."""
    return _told(inventory_service().get_stock(product_id))


@app.post("/api/staff/stock/<product_id>/adjust", tags=["inventory"])
@api.with_idempotency_key
@api.for_staff
def adjust_stock(
    product_id: ProductId,
    adjustment: Annotated[StockAdjustment, Body()],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=128)],
) -> CountedStock:
    """Add units to the warehouse, or remove some, with a reason (staff). The same key again changes nothing more."""
    by = api.caller().user_id
    try:
        return _told(
            inventory_service().adjust(
                product_id, adjustment.change, idempotency_key, by, adjustment.reason, adjustment.note
            )
        )
    except TooFewUnitsError as error:
        sentence = f"There are {error.on_hand} units in the warehouse: no more can be removed."
        raise Problem(409, "TOO_FEW_UNITS", sentence, onHand=error.on_hand) from None
    except OtherAdjustmentError:
        raise Problem(422, "IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used with another change.") from None
    except RetriesExhaustedError:
        raise _busy() from None


@app.get("/api/staff/stock/<product_id>/movements", tags=["inventory"])
@api.for_staff
def list_movements(product_id: ProductId, limit: Limit = 50, cursor: Cursor = None) -> MovementPage:
    """List what has changed the units of a product in the warehouse, and who, the newest first (staff)."""
    try:
        movements, following = ledger().list(product_id, limit, cursor)
    except InvalidCursorError:
        raise _unknown_cursor() from None
    return MovementPage(items=movements, next_cursor=following)


def _told(stock: Stock | None) -> CountedStock:
    if stock is None:
        raise not_found("product")
    return CountedStock.of(stock)


def _busy() -> Problem:
    return Problem(503, "BUSY", "This product is sold at this very moment. Please try again.")


def _unknown_cursor() -> Problem:
    return Problem(422, "VALIDATION", "This cursor is not one of ours.")
