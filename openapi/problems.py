"""Parts of the document that all routes share: problem details (RFC 9457), and the security scheme."""

from typing import Any

SECURITY_SCHEMES: dict[str, Any] = {
    "idToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An ID token of the shop's user pool. Routes for the shop's staff want the group `staff`.",
    }
}
SECURITY: list[dict[str, list[str]]] = [{"idToken": []}]
"""The requirement of every route without one of its own."""

GATEWAY_MESSAGE: dict[str, Any] = {
    "type": "object",
    "description": "What the API gateway itself answers; no code of the shop has run.",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}


def _gateway_response(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/GatewayMessage"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


UNAUTHORIZED_RESPONSE = _gateway_response("The token is missing, expired or not one of the shop's.")
TOO_MANY_REQUESTS_RESPONSE = _gateway_response("More requests than the API takes; try again in some seconds.")

PROBLEM_RESPONSE = {
    "description": "It was not done; `code` says why.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _lines(**properties: object) -> dict[str, object]:
    return {"type": "array", "items": {"type": "object", "required": ["productId"], "properties": properties}}


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details of RFC 9457. Clients branch on `code`; some codes come with further members.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "description": "A URN of the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable name of the problem, such as `OUT_OF_STOCK`."},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {
            "type": "array",
            "description": "With `VALIDATION`: each fault, with the path of the field.",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "lines": {
            "description": "With `OUT_OF_STOCK` or `UNAVAILABLE` of an order: what cannot be had.",
            **_lines(
                productId={"type": "string"},
                name={"type": "string"},
                requested={"type": "integer"},
                available={"type": "integer"},
            ),
        },
        "cart": {
            "description": "With `PRICE_CHANGED`: the cart at today's prices.",
            "$ref": "#/components/schemas/PricedCart",
        },
        "declineCode": {
            "type": "string",
            "description": "With `PAYMENT_DECLINED`: Stripe's reason, where it gave one.",
        },
        "orderId": {"type": "string", "description": "With `CHECKOUT_UNRESOLVED`: of the order that may still come."},
        "productId": {"type": "string", "description": "With `OUT_OF_STOCK` of a cart, and `PRODUCT_EXISTS`."},
        "requested": {"type": "integer", "description": "With `OUT_OF_STOCK` of a cart."},
        "available": {"type": "integer", "description": "With `OUT_OF_STOCK` of a cart."},
        "limit": {"type": "integer", "description": "With `QUANTITY_LIMIT` and `CART_FULL`."},
        "orders": {
            "type": "array",
            "description": "With `OPEN_ORDERS`: the newest orders that are paid and not sent yet.",
            "items": {
                "type": "object",
                "required": ["orderId", "orderNumber", "total", "placedAt"],
                "properties": {
                    "orderId": {"type": "string"},
                    "orderNumber": {"type": "string"},
                    "total": {"$ref": "#/components/schemas/Money"},
                    "placedAt": {"type": "string", "format": "date-time"},
                },
            },
        },
        "orderCount": {"type": "integer", "description": "With `OPEN_ORDERS`: how many they are in all."},
        "orderStatus": {"type": "string", "description": "With `WRONG_STATUS`: where the order stands."},
        "refundable": {
            "description": "With `NOT_REFUNDABLE`: what can still be given back.",
            "$ref": "#/components/schemas/Money",
        },
    },
    "additionalProperties": True,
}
