"""HTTP routes of a service on the shared API."""

from enum import Enum

from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_

from infra.constructs.erased_users import grant_erased_users
from infra.constructs.service_stack import ServiceStack


class Access(Enum):
    """Callers that API Gateway lets through to a route.

    Staff are not told apart here, because a JWT authorizer knows no groups: the handler answers others with 403.
    """

    PUBLIC = "public"
    AUTHENTICATED = "authenticated"


class HttpRoutes:
    """Adds routes to the HTTP API that the edge stack owns.

    Parameters:
        stack: the service's stack.
        function: handles the routes, unless another one is named for some.
        authorizer_id: id of the JWT authorizer if the stack owns it; by default, the parameter of identity is read.
    """

    def __init__(self, stack: ServiceStack, function: lambda_.Function, authorizer_id: str | None = None) -> None:
        self._stack = stack
        self._authorizer_id = authorizer_id
        self._api = apigwv2.HttpApi.from_http_api_attributes(
            stack, "Api", http_api_id=stack.read_parameter("edge", "api-id")
        )
        self._function = function
        self._integration = integrations.HttpLambdaIntegration("ApiIntegration", function)
        self._imported_authorizer: apigwv2.IHttpRouteAuthorizer | None = None

    def add(self, *routes: str, access: Access, function: lambda_.Function | None = None) -> None:
        """Add routes. A function of routes that require a token may consult the table of erased users.

        Parameters:
            routes: method and path below ``/api``, such as ``GET /products/{productId}``.
            access: who may call them.
            function: handles these routes; None is the function of all.
        """
        integration = self._integration
        if function is not None:
            integration = integrations.HttpLambdaIntegration(f"{function.node.id}Integration", function)
        if access is Access.AUTHENTICATED:
            grant_erased_users(self._stack, function or self._function, "dynamodb:GetItem")
        for route in routes:
            method, _, path = route.partition(" ")
            apigwv2.HttpRoute(
                self._stack,
                f"Route {method} {path.strip('/').replace('/', ' ')}",
                http_api=self._api,
                route_key=apigwv2.HttpRouteKey.with_(f"/api{path}", apigwv2.HttpMethod(method)),
                integration=integration,
                authorizer=self._authorizer() if access is Access.AUTHENTICATED else None,
            )

    def _authorizer(self) -> apigwv2.IHttpRouteAuthorizer:
        if self._imported_authorizer is None:
            self._imported_authorizer = apigwv2.HttpAuthorizer.from_http_authorizer_attributes(
                self._stack,
                "Jwt",
                authorizer_id=self._authorizer_id or self._stack.read_parameter("identity", "authorizer-id"),
                authorizer_type="JWT",
            )
        return self._imported_authorizer
