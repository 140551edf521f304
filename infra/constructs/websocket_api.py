"""A WebSocket API of a service: connections that are authorized once, and routes by the ``action`` of a message."""

from collections.abc import Iterable

from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.service_stack import ServiceStack

API_STAGE_NAME = "ws"
"""Name of the API's stage, and the path of the shop's origin that CloudFront forwards to the API."""


class ServiceWebSocketApi(Construct):
    """A WebSocket API ``ecom67-<stage>-<service>``.

    Parameters:
        stack: the service's stack.
        authorizer: decides on ``$connect`` who may open a connection; visitors come without a token.
        connections: handles ``$connect``, ``$disconnect`` and ``$default``.
        actions: action of a message, and the function that handles it.
    """

    def __init__(
        self,
        stack: ServiceStack,
        *,
        authorizer: lambda_.Function,
        connections: lambda_.IFunction,
        actions: Iterable[tuple[str, lambda_.IFunction]],
    ) -> None:
        super().__init__(stack, "WebSocket")
        self._stack = stack
        self._api = apigwv2.WebSocketApi(self, "Api", api_name=f"{stack.stage.prefix}-{stack.service}")
        self._add_route("$connect", connections, self._create_authorizer(authorizer))
        for action in ("$disconnect", "$default"):
            self._add_route(action, connections)
        for action, function in actions:
            self._add_route(action, function)
        apigwv2.WebSocketStage(
            self,
            "Stage",
            web_socket_api=self._api,
            stage_name=API_STAGE_NAME,
            auto_deploy=True,
            throttle=apigwv2.ThrottleSettings(
                rate_limit=stack.stage.throttle_rate, burst_limit=stack.stage.throttle_burst
            ),
        )

    @property
    def api_id(self) -> str:
        """The id of the API."""
        return self._api.api_id

    def grant_manage_connections(self, *functions: lambda_.Function) -> None:
        """Allow functions to send to connections and close them.

        They find the API by the variables ``WEBSOCKET_API_ID`` and ``WEBSOCKET_STAGE``.
        """
        connections = [
            self._stack.format_arn(
                service="execute-api", resource=self.api_id, resource_name=f"{API_STAGE_NAME}/{method}/@connections/*"
            )
            for method in ("POST", "DELETE")
        ]
        for function in functions:
            function.add_environment("WEBSOCKET_API_ID", self.api_id)
            function.add_environment("WEBSOCKET_STAGE", API_STAGE_NAME)
            function.add_to_role_policy(
                iam.PolicyStatement(actions=["execute-api:ManageConnections"], resources=connections)
            )

    def _add_route(
        self, key: str, function: lambda_.IFunction, authorizer: apigwv2.IWebSocketRouteAuthorizer | None = None
    ) -> None:
        integration = integrations.WebSocketLambdaIntegration("Integration", function)
        self._api.add_route(key, integration=integration, authorizer=authorizer)

    def _create_authorizer(self, function: lambda_.Function) -> apigwv2.IWebSocketRouteAuthorizer:
        # Not the CDK's WebSocketLambdaAuthorizer: it puts the stage into the name of a resource, and requires an
        # identity source, without which API Gateway rejects a visitor, who has no token.
        path = f"functions/{function.function_arn}/invocations"
        authorizer = apigwv2.CfnAuthorizer(
            self,
            "Authorizer",
            api_id=self.api_id,
            name=f"{self._stack.stage.prefix}-{self._stack.service}",
            authorizer_type="REQUEST",
            identity_source=[],
            authorizer_uri=f"arn:{self._stack.partition}:apigateway:{self._stack.region}:lambda:path/2015-03-31/{path}",
        )
        source_arn = self._stack.format_arn(
            service="execute-api", resource=self.api_id, resource_name=f"authorizers/{authorizer.ref}"
        )
        function.add_permission(
            "Authorizing", principal=iam.ServicePrincipal("apigateway.amazonaws.com"), source_arn=source_arn
        )
        return apigwv2.WebSocketAuthorizer.from_web_socket_authorizer_attributes(
            self, "Authorized", authorizer_id=authorizer.ref, authorizer_type="CUSTOM"
        )
