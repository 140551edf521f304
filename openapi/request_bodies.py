"""Bodies that a route reads as they came, so that its signature does not tell of them."""

from typing import Any


def _json(**schema: object) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


BODIES = {
    "importProducts": _json(
        type="array",
        maxItems=500,
        items={"type": "object", "description": "One product; the catalog's README has the names of its fields."},
    ),
    "receiveStripeEvent": _json(type="object", description="An event, byte for byte as Stripe has signed it."),
}
"""By the route's ``operationId``."""
