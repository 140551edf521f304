"""HTTP routes of orders for staff: the list of all orders, with filter and search, and one with who did what."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found
from schemas.contract import Timestamp
from services.orders.dependencies import order_search, store
from services.orders.order_list import OrderList, Wanted
from services.orders.staff_models import StaffOrderPage, StaffOrderView
from services.orders.statuses import OrderStatus

api = Api()
app = api.app
DayOrMoment = date | Timestamp


@app.get("/api/staff/orders", tags=["staff"])
@api.for_staff
def find_orders(
    status: OrderStatus | None = None,
    q: Annotated[
        str | None, Query(min_length=1, max_length=254, description="A number, an e-mail address or words of a name.")
    ] = None,
    from_: Annotated[
        DayOrMoment | None, Query(alias="from", description="Placed on that day (UTC), or at that moment, or later.")
    ] = None,
    to: Annotated[
        DayOrMoment | None, Query(description="Placed on that day (UTC) or before, or before that moment.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=2048)] = None,
) -> StaffOrderPage:
    """List orders, newest first; with `q`, those whose number, e-mail address or name begins with it (staff).

    A page may have fewer orders than `limit`, or none, and yet a `nextCursor`.
    """
    wanted = Wanted(status=status, text=q, from_ms=_first_ms(from_), to_ms=_last_ms(to))
    try:
        page = OrderList(store(), order_search()).page(wanted, limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return StaffOrderPage(items=[StaffOrderView.of(order) for order in page.orders], next_cursor=page.next_cursor)


@app.get("/api/staff/orders/<order_id>", tags=["staff"])
@api.for_staff
def get_staff_order(order_id: Annotated[str, Path(max_length=128)]) -> StaffOrderView:
    """Read an order with its customer, its refunds, and who did what (staff)."""
    order = store().find(order_id)
    if order is None:
        raise not_found("order")
    return StaffOrderView.of(order)


def _first_ms(value: DayOrMoment | None) -> int | None:
    return None if value is None else _ms(value)


def _last_ms(value: DayOrMoment | None) -> int | None:
    if value is None:
        return None
    return _ms(value) - 1 if isinstance(value, datetime) else _ms(datetime.combine(value, time.max, UTC))


def _ms(value: DayOrMoment) -> int:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)
    return int(moment.timestamp() * 1000)
