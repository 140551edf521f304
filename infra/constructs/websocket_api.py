"""A WebSocket API of a service: an authorised connection, and routes by the ``action`` of a message."""

from collections.abc import Iterable

from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.service_stack import ServiceStack

STAGE_NAME = "ws"
"""The path of the one origin that leads here."""


class WebSocket(Construct):
    """A WebSocket API.

    Parameters:
        stack: the service's stack.
        authorizer: decides on ``$connect`` who may open a connection; visitors come without a token.
        connections: serves ``$connect``, ``$disconnect``, ``$default`` and its own actions.
        actions: what a message may ask for, and the function that serves it.
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
        self._route("$connect", connections, self._authorized_by(authorizer))
        for action in ("$disconnect", "$default"):
            self._route(action, connections)
        for action, function in actions:
            self._route(action, function)
        apigwv2.WebSocketStage(
            self,
            "Stage",
            web_socket_api=self._api,
            stage_name=STAGE_NAME,
            auto_deploy=True,
            throttle=apigwv2.ThrottleSettings(
                rate_limit=stack.stage.throttle_rate, burst_limit=stack.stage.throttle_burst
            ),
        )

    @property
    def api_id(self) -> str:
        """Return the id of the API."""
        return self._api.api_id

    def let_send(self, *functions: lambda_.Function) -> None:
        """Let functions send to connections, and tell them of which API."""
        connections = self._stack.format_arn(
            service="execute-api", resource=self.api_id, resource_name=f"{STAGE_NAME}/POST/@connections/*"
        )
        for function in functions:
            function.add_environment("WEBSOCKET_API_ID", self.api_id)
            function.add_environment("WEBSOCKET_STAGE", STAGE_NAME)
            function.add_to_role_policy(
                iam.PolicyStatement(actions=["execute-api:ManageConnections"], resources=[connections])
            )

    def _route(
        self, key: str, function: lambda_.IFunction, authorizer: apigwv2.IWebSocketRouteAuthorizer | None = None
    ) -> None:
        integration = integrations.WebSocketLambdaIntegration("Integration", function)
        self._api.add_route(key, integration=integration, authorizer=authorizer)

    def _authorized_by(self, function: lambda_.Function) -> apigwv2.IWebSocketRouteAuthorizer:
        # The construct of the CDK puts the stage into the name of a resource, and wants an identity source, which
        # would turn visitors away, who have no token.
        path = f"functions/{function.function_arn}/invocations"
        made = apigwv2.CfnAuthorizer(
            self,
            "Authorizer",
            api_id=self.api_id,
            name=f"{self._stack.stage.prefix}-{self._stack.service}",
            authorizer_type="REQUEST",
            identity_source=[],
            authorizer_uri=f"arn:{self._stack.partition}:apigateway:{self._stack.region}:lambda:path/2015-03-31/{path}",
        )
        source = self._stack.format_arn(
            service="execute-api", resource=self.api_id, resource_name=f"authorizers/{made.ref}"
        )
        function.add_permission(
            "Authorizing", principal=iam.ServicePrincipal("apigateway.amazonaws.com"), source_arn=source
        )
        return apigwv2.WebSocketAuthorizer.from_web_socket_authorizer_attributes(
            self, "Authorized", authorizer_id=made.ref, authorizer_type="CUSTOM"
        )
