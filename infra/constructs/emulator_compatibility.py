"""Adapts the templates of an emulated stage to the resource types that the emulator supports."""

import jsii
from aws_cdk import CfnCondition, CfnResource, Fn, IAspect, Stack
from constructs import IConstruct

UNSUPPORTED_TYPES = (
    "AWS::Events::Archive",
    "AWS::EventSchemas::",
    "AWS::Bedrock::",
    "AWS::S3Vectors::",
    "AWS::CloudWatch::CompositeAlarm",
)
"""Resource types, or prefixes of them, that the emulator's CloudFormation rejects."""


@jsii.implements(IAspect)
class EmulatorCompatibility:
    """Aspect that disables unsupported resources by a condition that is never true.

    ``ecom67/local`` creates through the API, after the deployment, those that the emulator has apart from
    CloudFormation.
    """

    def visit(self, node: IConstruct) -> None:
        """Disable a construct if its resource type is unsupported. The CDK calls this for each construct."""
        if isinstance(node, CfnResource) and node.cfn_resource_type.startswith(UNSUPPORTED_TYPES):
            node.cfn_options.condition = _never_condition(Stack.of(node))


def _never_condition(stack: Stack) -> CfnCondition:
    existing = stack.node.try_find_child("Never")
    return (
        existing
        if isinstance(existing, CfnCondition)
        else CfnCondition(stack, "Never", expression=Fn.condition_equals("never", "now"))
    )
