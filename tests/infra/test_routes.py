"""The APIs: throttled and logged, and public only for the listed routes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from infra.constructs.paths import ROOT
from tests.infra.synthesis import Shop, reference

PUBLIC = {
    "GET /api/products",
    "GET /api/products/{productId}",
    "GET /api/categories",
    "GET /api/stock/{productId}",
    "GET /api/search",
    "GET /api/search/suggest",
    "POST /api/delivery/quotes",
    "GET /api/address-formats/{country}",
    "POST /api/payments/webhook",
    "GET /api/order-links/{token}",
    "POST /api/order-links/{token}/cancel",
    "GET /api/order-links/{token}/returns",
    "GET /api/order-links/{token}/returns/{returnId}/slip",
    "POST /api/withdrawals",
    "POST /api/withdrawals/{withdrawalId}/confirm",
    "GET /api/mail-preferences/{token}/unsubscribe",
    "POST /api/mail-preferences/{token}/unsubscribe",
}
"""Routes without a token: what visitors may see, the webhook, which Stripe signs, and links, which the shop signs."""


CHAT = {"$connect", "$disconnect", "$default", "ping", "sendMessage", "confirm", "stop", "history"}
"""Routes of the WebSocket API."""


def http_routes(shop: Shop) -> Iterator[dict[str, Any]]:
    """Yield the routes of the shared API, without those of the WebSocket."""
    for template, _, properties in shop.of_type("AWS::ApiGatewayV2::Route"):
        if template.service != "chat" or "/api/" in properties["RouteKey"]:
            yield properties


def test_a_route_requires_a_token_unless_it_is_public(shop: Shop) -> None:
    for properties in http_routes(shop):
        route = properties["RouteKey"]
        assert properties["AuthorizationType"] == ("NONE" if route in PUBLIC else "JWT"), route
        assert ("AuthorizerId" in properties) is (route not in PUBLIC), route


def test_every_route_is_under_api_and_belongs_to_one_service(shop: Shop) -> None:
    http = [properties["RouteKey"] for properties in http_routes(shop)]

    assert len(http) == len(set(http))
    for route in http:
        method, _, path = route.partition(" ")
        assert method in {"GET", "POST", "PUT", "DELETE"}, route
        assert path.startswith("/api/"), route


def test_the_api_is_throttled_and_logged(shops: Mapping[str, Shop]) -> None:
    for stage, shop in shops.items():
        (properties,) = (
            found for _, _, found in shop.of_type("AWS::ApiGatewayV2::Stage") if found["StageName"] == "$default"
        )
        limits = properties["DefaultRouteSettings"]
        assert limits["ThrottlingRateLimit"] > 0, stage
        assert limits["ThrottlingBurstLimit"] >= limits["ThrottlingRateLimit"], stage
        assert "DestinationArn" in properties["AccessLogSettings"], stage


def test_the_openapi_document_has_every_route_and_its_authorization(shop: Shop) -> None:
    published = json.loads((ROOT / "openapi" / "openapi.json").read_text())["paths"]
    documented = {
        f"{method.upper()} {path}": operation.get("security") == [{}]
        for path, methods in published.items()
        for method, operation in methods.items()
    }
    deployed = {properties["RouteKey"]: properties["RouteKey"] in PUBLIC for properties in http_routes(shop)}

    assert documented == deployed


def test_a_connection_of_the_chat_is_authorised_and_its_messages_are_throttled(shop: Shop) -> None:
    template = shop.templates["chat"]
    routes = {
        route["Properties"]["RouteKey"]: route["Properties"]
        for route in template.of_type("AWS::ApiGatewayV2::Route").values()
        if "/api/" not in route["Properties"]["RouteKey"]
    }
    (stage,) = template.of_type("AWS::ApiGatewayV2::Stage").values()

    assert routes.keys() == CHAT
    # API Gateway asks once, for $connect; the other routes cannot have an authorizer.
    assert routes["$connect"]["AuthorizationType"] == "CUSTOM"
    assert reference(routes["$connect"]["AuthorizerId"]) in template.of_type("AWS::ApiGatewayV2::Authorizer")
    assert stage["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0


def test_a_visitor_without_a_token_reaches_the_authorizer_of_the_chat(shop: Shop) -> None:
    (authorizer,) = shop.templates["chat"].of_type("AWS::ApiGatewayV2::Authorizer").values()

    # API Gateway itself refuses a connection that lacks an identity source.
    assert not authorizer["Properties"].get("IdentitySource")
