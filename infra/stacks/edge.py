"""The edge stack: the HTTP API that all services share, throttled and with an access log."""

import json

from aws_cdk import CfnOutput
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.service_stack import ServiceStack
from infra.stage import Stage

ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "integrationError": "$context.integrationErrorMessage",
    "userId": "$context.authorizer.claims.sub",
}


class EdgeStack(ServiceStack):
    """Owns the HTTP API, to which the services add their routes.

    Publishes ``api-id``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
    """

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "edge")
        api = apigwv2.HttpApi(
            self, "Api", api_name=stage.prefix, description="The shop's API", create_default_stage=False
        )
        access_log = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"/ecom67/{stage.name}/api-access",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        default_stage = apigwv2.CfnStage(
            self,
            "DefaultStage",
            api_id=api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=apigwv2.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=stage.throttle_rate, throttling_burst_limit=stage.throttle_burst
            ),
            access_log_settings=apigwv2.CfnStage.AccessLogSettingsProperty(
                destination_arn=access_log.log_group_arn, format=json.dumps(ACCESS_LOG_FIELDS)
            ),
        )
        default_stage.node.add_dependency(access_log)
        self.publish_parameter("api-id", api.api_id)
        CfnOutput(self, "ApiUrl", value=api.api_endpoint)
