"""Routes of a service on the shared HTTP API."""

from enum import Enum

from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_

from infra.constructs.service_stack import ServiceStack


class Access(Enum):
    """Who may call a route. Staff is a group: the handler itself refuses others with 403."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


class Routes:
    """Adds routes to the API that the edge stack owns.

    Parameters:
        stack: the service's stack.
        function: answers all of them.
        authorizer_id: of the JWT authorizer, where the stack owns it; by default identity's is read.
    """

    def __init__(self, stack: ServiceStack, function: lambda_.IFunction, authorizer_id: str | None = None) -> None:
        self._stack = stack
        self._authorizer_id = authorizer_id
        self._api = apigwv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id=stack.read("edge", "api-id"))
        self._integration = integrations.HttpLambdaIntegration("ApiIntegration", function)
        self._authorizer: apigwv2.IHttpRouteAuthorizer | None = None

    def add(self, *routes: str, access: Access) -> "Routes":
        """Add routes such as ``GET /products/{productId}``; the API serves them under ``/api``."""
        for route in routes:
            method, _, path = route.partition(" ")
            apigwv2.HttpRoute(
                self._stack,
                f"Route {method} {path.strip('/').replace('/', ' ')}",
                http_api=self._api,
                route_key=apigwv2.HttpRouteKey.with_(f"/api{path}", apigwv2.HttpMethod(method)),
                integration=self._integration,
                authorizer=self._jwt() if access is Access.SIGNED_IN else None,
            )
        return self

    def _jwt(self) -> apigwv2.IHttpRouteAuthorizer:
        if self._authorizer is None:
            self._authorizer = apigwv2.HttpAuthorizer.from_http_authorizer_attributes(
                self._stack,
                "Jwt",
                authorizer_id=self._authorizer_id or self._stack.read("identity", "authorizer-id"),
                authorizer_type="JWT",
            )
        return self._authorizer
