"""The table of erased users, which the bus stack owns and every service consults through ``bus/erased_users.py``."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.constructs.service_stack import ServiceStack

TABLE_PARAMETER = "erased-users-table"
"""Name of the bus stack's parameter."""


def grant_erased_users(stack: ServiceStack, function: lambda_.Function, *actions: str) -> None:
    """Let a function use the tombstones of erased users. It finds the table by ``ERASED_USERS_TABLE``.

    Parameters:
        stack: the function's stack, which is deployed after the bus.
        function: the function.
        actions: such as ``dynamodb:GetItem``, or ``dynamodb:ConditionCheckItem`` for the check within a transaction.
    """
    name = stack.read_parameter("bus", TABLE_PARAMETER)
    arn = stack.format_arn(service="dynamodb", resource="table", resource_name=name)
    function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[arn]))
    function.add_environment("ERASED_USERS_TABLE", name)
