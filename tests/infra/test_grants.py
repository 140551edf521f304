"""Roles have least privilege."""

from collections.abc import Iterator
from typing import Any

from schemas.registry import event_classes
from tests.infra.synthesis import Shop, Template, reference

WITHOUT_A_RESOURCE = {
    # Actions that IAM grants for everything or not at all.
    *("xray:PutTelemetryRecords", "xray:PutTraceSegments", "xray:GetSamplingRules", "xray:GetSamplingTargets"),
    "dynamodb:ListStreams",
    # Step Functions sets up its own log delivery.
    *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:ListLogDeliveries"),
    *("logs:UpdateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
}
READS = {
    *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    *("dynamodb:BatchGetItem", "dynamodb:Query"),
}
ASKS = {"dynamodb:GetItem", "dynamodb:ConditionCheckItem"}
MANAGED = "AWSLambdaBasicExecutionRole"


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def grants(shop: Shop) -> Iterator[tuple[Template, str, list[str], list[Any]]]:
    """Yield the statements of all roles: template, policy, actions, resources."""
    for template, name, properties in shop.of_type("AWS::IAM::Policy"):
        for statement in properties["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            yield template, name, listed(statement["Action"]), listed(statement["Resource"])
    for template, name, properties in shop.of_type("AWS::IAM::Role"):
        for policy in properties.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield template, name, listed(statement["Action"]), listed(statement["Resource"])


def test_no_role_has_a_wildcard_action(shop: Shop) -> None:
    for _, name, actions, _ in grants(shop):
        assert not [action for action in actions if "*" in action], name


def test_no_role_has_a_wildcard_resource_except_for_actions_without_resources(shop: Shop) -> None:
    for _, name, actions, resources in grants(shop):
        if "*" in resources:
            assert set(actions) <= WITHOUT_A_RESOURCE, name


def test_a_role_has_no_managed_policy_but_the_one_to_write_its_log(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::IAM::Role"):
        for policy in properties.get("ManagedPolicyArns", []):
            assert MANAGED in str(policy), name


def test_no_role_may_scan_a_table(shop: Shop) -> None:
    for _, name, actions, _ in grants(shop):
        assert "dynamodb:Scan" not in actions, name


def test_only_relays_put_events_on_the_bus(shop: Shop) -> None:
    putting = {(template.service, name) for template, name, actions, _ in grants(shop) if "events:PutEvents" in actions}
    relays = {
        (function.stack.service, name)
        for function in shop.functions()
        if function.module == "bus.relay"
        for name, policy in function.stack.of_type("AWS::IAM::Policy").items()
        if reference(function.properties["Role"]) in {reference(role) for role in policy["Properties"]["Roles"]}
    }

    assert putting == relays


def test_a_relay_puts_only_events_of_its_own_service(shop: Shop) -> None:
    putting = [
        (template.service, statement)
        for template, _, properties in shop.of_type("AWS::IAM::Policy")
        for statement in properties["PolicyDocument"]["Statement"]
        if "events:PutEvents" in listed(statement["Action"])
    ]

    assert putting
    for service, statement in putting:
        assert statement["Condition"] == {"StringEquals": {"events:source": f"ecom67.{service}"}}, service


def test_a_relay_may_put_the_source_of_every_event_that_its_service_publishes(shop: Shop) -> None:
    sources = {event.source() for event in event_classes()}
    relaying = {f"ecom67.{function.stack.service}" for function in shop.functions() if function.module == "bus.relay"}

    assert sources == relaying


def test_a_service_touches_no_table_of_another_but_those_of_the_bus_and_what_search_may_read(shop: Shop) -> None:
    for template, name, actions, resources in grants(shop):
        if any(action.startswith("dynamodb:") for action in actions):
            for resource in resources:
                own = reference(resource) in template.resources
                index_of_own = any(f"'{table}'" in str(resource) for table in template.of_type("AWS::DynamoDB::Table"))
                quarantine = "busquarantinetable" in str(resource)
                # The index is filled from the catalog's stream, and compared with its table.
                tombstones = "buserasedusers" in str(resource)
                catalog = template.service == "search" and "catalogproducts" in str(resource)
                assert own or index_of_own or quarantine or tombstones or catalog or resource == "*", (name, resource)
                if quarantine:
                    assert actions == ["dynamodb:PutItem"], name
                if tombstones:
                    erases = {"dynamodb:PutItem"} if template.service == "identity" else set()
                    assert set(actions) <= ASKS | erases, name
                if catalog:
                    assert set(actions) <= READS, name


def test_a_permission_to_invoke_a_function_names_its_source(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::Lambda::Permission"):
        assert properties["Action"] == "lambda:InvokeFunction"
        assert properties["Principal"] != "*", name
        assert "SourceArn" in properties or "SourceAccount" in properties, name
