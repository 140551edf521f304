"""The firewall stack: the web ACL of the distribution, in the only region in which CloudFront finds it."""

from aws_cdk import CfnOutput, Environment
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from infra.constructs.service_stack import ServiceStack
from infra.stage import FIREWALL_REGION, Stage

REQUESTS_PER_FIVE_MINUTES = 2_000
"""Limit per IP address: about seven per second, more than a household behind one address sends."""
BODY_SIZE_RULE = "SizeRestrictions_BODY"
"""Blocks bodies above 8 kB, which an import and Stripe's webhook send; the API limits them itself."""
MANAGED_RULE_GROUPS = (
    ("AWSManagedRulesAmazonIpReputationList", ()),
    ("AWSManagedRulesKnownBadInputsRuleSet", ()),
    ("AWSManagedRulesCommonRuleSet", (BODY_SIZE_RULE,)),
)
"""AWS's managed rule groups, and the rules of each that only count."""


class FirewallStack(ServiceStack):
    """Owns the web ACL: AWS's managed rule groups, and a request limit per IP address.

    The stack is in us-east-1 whatever the stage's region, and SSM parameters cannot be read across regions, so
    ``ecom67 deploy`` passes the ARN to the web stack as a CloudFormation parameter.

    It has the stage's region in its names, so that the same stage in two regions has two of them.

    Publishes ``web-acl-arn``, in us-east-1.

    Parameters:
        scope: the app.
        stage: settings of the stage.
    """

    def __init__(self, scope: Construct, stage: Stage) -> None:
        account, region = (stage.env.account, stage.env.region) if stage.env else (None, None)
        name = f"firewall-{region}"
        super().__init__(scope, stage, name, env=Environment(account=account, region=FIREWALL_REGION))
        acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            name=f"{stage.prefix}-{region}",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visibility_config(f"{stage.prefix}-{region}"),
            rules=[
                _rate_limit_rule(),
                *(_managed_rule_group(priority, *group) for priority, group in enumerate(MANAGED_RULE_GROUPS, start=1)),
            ],
        )
        self.publish_parameter("web-acl-arn", acl.attr_arn)
        CfnOutput(self, "WebAclArn", value=acl.attr_arn)


def _rate_limit_rule() -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name="RequestsOfOneAddress",
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        visibility_config=_visibility_config("RequestsOfOneAddress"),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP", limit=REQUESTS_PER_FIVE_MINUTES
            )
        ),
    )


def _managed_rule_group(priority: int, name: str, counted_rules: tuple[str, ...]) -> wafv2.CfnWebACL.RuleProperty:
    overrides = [
        wafv2.CfnWebACL.RuleActionOverrideProperty(
            name=rule_name, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={})
        )
        for rule_name in counted_rules
    ]
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_visibility_config(name),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=overrides
            )
        ),
    )


def _visibility_config(metric: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=True
    )
