"""HTTP routes of the return slip, a PDF: for whoever has the link of the order, and for its shopper."""

import base64
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from bus.http import ANYONE, Api, not_found
from schemas.commands import ReturnableOrder
from services.returns.dependencies import orders, store
from services.returns.slip import return_slip

api = Api()
app = api.app
PDF: Any = {
    200: {
        "description": "The slip.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
ReturnIdInPath = Annotated[str, Path(min_length=1, max_length=160)]


@app.get("/api/order-links/<token>/returns/<return_id>/slip", tags=["returns"], security=ANYONE, responses=PDF)
def get_slip_of_linked_order(
    token: Annotated[str, Path(min_length=1, max_length=400)], return_id: ReturnIdInPath
) -> Response[Any]:
    """Get the slip for the parcel of a return of the order that a link leads to."""
    return _slip(orders().of_link(token), return_id)


@app.get("/api/orders/<order_id>/returns/<return_id>/slip", tags=["returns"], responses=PDF)
def get_slip(order_id: Annotated[str, Path(min_length=1, max_length=128)], return_id: ReturnIdInPath) -> Response[Any]:
    """Get the slip for the parcel of a return of the caller's order."""
    return _slip(orders().of_shopper(api.caller().user_id, order_id), return_id)


def _slip(order: ReturnableOrder | None, return_id: str) -> Response[Any]:
    returned = store().find(return_id) if order else None
    if order is None or returned is None or returned.order_id != order.order_id:
        raise not_found("return")
    name = f"return-{return_id}.pdf"
    response: Response[Any] = Response(
        status_code=200,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
        # Powertools reads bytes as text where a route has a type.
        body=base64.b64encode(return_slip(returned)).decode(),
    )
    response.base64_encoded = True
    return response
