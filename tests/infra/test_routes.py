"""The shared API: throttled, logged, and open only where it says so."""

import json
from collections.abc import Mapping

from infra.constructs.asset import ROOT
from tests.infra.synthesis import Shop

OPEN = {
    "GET /api/products",
    "GET /api/products/{productId}",
    "GET /api/categories",
    "GET /api/stock/{productId}",
    "GET /api/search",
    "GET /api/search/suggest",
    "POST /api/payments/webhook",
}
"""Routes that anybody may call: what a visitor sees, and what Stripe signs."""


def test_a_route_wants_a_token_unless_it_is_known_to_be_open(shop: Shop) -> None:
    for _, _, properties in shop.of_type("AWS::ApiGatewayV2::Route"):
        route = properties["RouteKey"]
        if route.startswith("$"):
            continue  # a route of the WebSocket API, whose connection is authorised once
        assert properties["AuthorizationType"] == ("NONE" if route in OPEN else "JWT"), route
        assert ("AuthorizerId" in properties) is (route not in OPEN), route


def test_every_route_is_under_api_and_belongs_to_one_service(shop: Shop) -> None:
    routes = [properties["RouteKey"] for _, _, properties in shop.of_type("AWS::ApiGatewayV2::Route")]
    http = [route for route in routes if not route.startswith("$")]

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


def test_the_published_document_has_every_route_and_says_which_are_open(shop: Shop) -> None:
    published = json.loads((ROOT / "openapi" / "openapi.json").read_text())["paths"]
    told = {
        f"{method.upper()} {path}": operation.get("security") == [{}]
        for path, methods in published.items()
        for method, operation in methods.items()
    }
    routes = {properties["RouteKey"] for _, _, properties in shop.of_type("AWS::ApiGatewayV2::Route")}
    deployed = {route: route in OPEN for route in routes if not route.startswith("$")}

    assert told == deployed
