"""Leaves out of the emulated stage what the emulator's CloudFormation refuses."""

import jsii
from aws_cdk import CfnCondition, CfnResource, Fn, IAspect, Stack
from constructs import IConstruct

REFUSED = (
    "AWS::Events::Archive",
    "AWS::EventSchemas::",
    "AWS::Bedrock::",
    "AWS::S3Vectors::",
    "AWS::CloudWatch::CompositeAlarm",
)


@jsii.implements(IAspect)
class LeaveOutWhatTheEmulatorRefuses:
    """Puts such resources under a condition that is never true.

    The local runner makes by API what the emulator has of them after the deployment.
    """

    def visit(self, node: IConstruct) -> None:
        """Visit a construct (called by the CDK)."""
        if isinstance(node, CfnResource) and node.cfn_resource_type.startswith(REFUSED):
            node.cfn_options.condition = _never(Stack.of(node))


def _never(stack: Stack) -> CfnCondition:
    existing = stack.node.try_find_child("Never")
    return (
        existing
        if isinstance(existing, CfnCondition)
        else CfnCondition(stack, "Never", expression=Fn.condition_equals("never", "now"))
    )
