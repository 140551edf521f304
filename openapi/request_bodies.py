"""Request bodies that a route reads raw, which its signature therefore does not describe."""

from typing import Any


def _json_body(**schema: object) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


RAW_BODIES = {
    "importProducts": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "array",
                    "maxItems": 500,
                    "items": {
                        "type": "object",
                        "description": "One product; the catalog's README has the names of its fields.",
                    },
                }
            },
            "application/octet-stream": {
                "schema": {
                    "type": "string",
                    "format": "binary",
                    "description": "A file with at most 500 products, such as another shop's export.",
                }
            },
        },
    },
    "receiveStripeEvent": _json_body(type="object", description="An event, byte for byte as Stripe has signed it."),
}
"""Descriptions of the bodies by ``operationId``."""
