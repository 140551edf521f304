"""The firewall: the web ACL in front of the distribution, in the one region where CloudFront finds it."""

from aws_cdk import CfnOutput, Environment
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from infra.constructs.service_stack import ServiceStack
from infra.stage import FIREWALL_REGION, Stage

FIREWALL = "firewall"
WEB_ACL_ARN = "web-acl-arn"
REQUESTS_IN_FIVE_MINUTES = 2_000
"""Of one address: about seven a second for five minutes, which a household behind one address does not make."""
TAKEN_LARGE = "SizeRestrictions_BODY"
"""Refuses bodies above 8 kB, which an import and Stripe's webhook have; the API has limits of its own."""
MANAGED = (
    ("AWSManagedRulesAmazonIpReputationList", ()),
    ("AWSManagedRulesKnownBadInputsRuleSet", ()),
    ("AWSManagedRulesCommonRuleSet", (TAKEN_LARGE,)),
)


class FirewallStack(ServiceStack):
    """Owns the web ACL: AWS's own lists of what attacks look like, and a limit for each address.

    It is in us-east-1 whatever the stage's region, so the web stack is told its ARN by a parameter
    (``ecom67 deploy`` does it).
    """

    def __init__(self, scope: Construct, stage: Stage) -> None:
        account = stage.env.account if stage.env else None
        super().__init__(scope, stage, FIREWALL, env=Environment(account=account, region=FIREWALL_REGION))
        acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            name=stage.prefix,
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_seen_as(stage.prefix),
            rules=[_limited(), *(_managed(place, *group) for place, group in enumerate(MANAGED, start=1))],
        )
        self.publish(WEB_ACL_ARN, acl.attr_arn)
        CfnOutput(self, "WebAclArn", value=acl.attr_arn)


def _limited() -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name="RequestsOfOneAddress",
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        visibility_config=_seen_as("RequestsOfOneAddress"),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP", limit=REQUESTS_IN_FIVE_MINUTES
            )
        ),
    )


def _managed(priority: int, name: str, counted: tuple[str, ...]) -> wafv2.CfnWebACL.RuleProperty:
    overrides = [
        wafv2.CfnWebACL.RuleActionOverrideProperty(
            name=rule, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={})
        )
        for rule in counted
    ]
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_seen_as(name),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=overrides
            )
        ),
    )


def _seen_as(metric: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=True
    )
