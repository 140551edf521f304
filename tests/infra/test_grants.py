"""Roles have least privilege."""

import json
import re
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
                # Reconciliation compares the records of all services, and staff sees the events of all.
                compared = template.service == "operations" and not own and not index_of_own
                known = own or index_of_own or quarantine or tombstones or catalog or compared or resource == "*"
                assert known, (name, resource)
                if quarantine and not compared:
                    assert actions == ["dynamodb:PutItem"], name
                if compared:
                    assert set(actions) <= {*READS, "dynamodb:GetItem"}, name
                if tombstones:
                    erases = {"dynamodb:PutItem"} if template.service == "identity" else set()
                    assert set(actions) <= ASKS | erases, name
                if catalog:
                    assert set(actions) <= READS, name


def test_reconciliation_reads_tables_and_queues_that_there_are(shop: Shop) -> None:
    template = shop.templates["operations"]
    there = {
        str(properties[name])
        for kind, name in (("AWS::DynamoDB::Table", "TableName"), ("AWS::SQS::Queue", "QueueName"))
        for _, _, properties in shop.of_type(kind)
    }
    named = {
        found
        for _, _, actions, resources in grants(shop)
        if any(action.startswith(("dynamodb:", "sqs:")) for action in actions)
        for resource in resources
        for found in re.findall(rf"(?:table/|:)(ecom67-{shop.stage}-[\w-]+)", json.dumps(resource))
    }

    assert named <= there
    assert {f"ecom67-{shop.stage}-{name}" for name in ("Payments", "Orders", "Stock", "inventory-events")} <= named
    (function,) = [function for function in template.functions() if function.name == "operations-api"]
    listed_queues = set(function.environment["DEAD_LETTER_QUEUES"].split(","))
    assert listed_queues == {name.removeprefix(f"ecom67-{shop.stage}-") for name in there if name.endswith("-dlq")}


def test_a_permission_to_invoke_a_function_names_its_source(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::Lambda::Permission"):
        assert properties["Action"] == "lambda:InvokeFunction"
        assert properties["Principal"] != "*", name
        assert "SourceArn" in properties or "SourceAccount" in properties, name


def test_an_index_is_only_queried_and_is_named(shop: Shop) -> None:
    seen = 0
    for template, name, actions, resources in grants(shop):
        on_indexes = [str(resource) for resource in resources if "/index/" in str(resource)]
        if on_indexes:
            assert actions == ["dynamodb:Query"], name
            seen += len(on_indexes)
        for resource in on_indexes:
            assert "/index/*" not in resource, name
            indexes = {
                index["IndexName"]
                for owner in (template, shop.templates["catalog"], shop.templates["bus"])
                for table in owner.of_type("AWS::DynamoDB::Table").values()
                for index in table["Properties"].get("GlobalSecondaryIndexes", [])
            }
            assert any(f"/index/{index}'" in resource for index in indexes), (name, resource)

    assert seen >= 10


def test_a_table_is_queried_by_those_that_ask_it_and_not_only_an_index_of_it(shop: Shop) -> None:
    asking = {f"{template.service} {role}" for template, role, _ in queries_of_tables(shop)}

    assert {name.rpartition(" ")[0] for name in asking} == {
        *("cart", "chat", "identity", "inventory", "operations", "orders", "reporting")
    }
    # Of the orders: who finds one by its id alone, without knowing whose it is.
    assert {name for name in asking if name.startswith("orders")} == {
        "orders ApiRole",
        "orders EraseRole",
        "orders EventsRole",
        "orders LinksRole",
        "orders ReturnableOrderRole",
        "orders StaffApiRole",
        "orders WithdrawRole",
    }


def queries_of_tables(shop: Shop) -> Iterator[tuple[Template, str, Any]]:
    """Yield who may query a table itself: template, role's name without its digest, resource."""
    for template, _, properties in shop.of_type("AWS::IAM::Policy"):
        for statement in properties["PolicyDocument"]["Statement"]:
            for resource in listed(statement["Resource"]):
                if "dynamodb:Query" in listed(statement["Action"]) and "/index/" not in str(resource):
                    for role in properties["Roles"]:
                        yield template, str(reference(role))[:-8], resource


def test_of_cart_only_what_prices_reads_the_products(shop: Shop) -> None:
    template = shop.templates["cart"]
    reading = {
        str(reference(role))[:-8]
        for policy in template.of_type("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "dynamodb:BatchGetItem" in listed(statement["Action"])
        for role in policy["Properties"]["Roles"]
    }

    pricing = {"ApiRole", "ValidateRole", "ChangeRole", "ExportRole", "AbandonmentRole"}
    assert reading == pricing | {"DeliveryRole", "QuoteDeliveryRole"}


def test_the_state_machine_may_do_what_its_steps_do_and_nothing_else(shop: Shop) -> None:
    template = shop.templates["checkout"]
    (machine,) = template.of_type("AWS::StepFunctions::StateMachine").values()
    role = reference(machine["Properties"]["RoleArn"])
    allowed = {
        (action, json.dumps(resource))
        for policy in template.of_type("AWS::IAM::Policy").values()
        if role in map(reference, policy["Properties"]["Roles"])
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action not in WITHOUT_A_RESOURCE
    }

    assert allowed == set(needs_of_steps(template, machine["Properties"]["DefinitionString"]))


INTEGRATIONS = {
    "arn:aws:states:::lambda:invoke": ("lambda:InvokeFunction", "FunctionName"),
    "arn:aws:states:::sqs:sendMessage": ("sqs:SendMessage", "QueueUrl"),
    "arn:aws:states:::dynamodb:updateItem": ("dynamodb:UpdateItem", "TableName"),
    "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems": ("dynamodb:UpdateItem", "TableName"),
}
"""What Step Functions needs for each kind of step, and the argument that names the resource."""


def needs_of_steps(template: Template, definition: Any) -> Iterator[tuple[str, str]]:
    """Yield each action of the steps with the resource that IAM wants for it, as JSON."""
    parts = definition["Fn::Join"][1]
    # Each value that is known at deployment becomes its place in the list.
    states = json.loads("".join(part if isinstance(part, str) else f"#{place}" for place, part in enumerate(parts)))
    for state in states["States"].values():
        if state["Type"] != "Task":
            continue
        action, argument = INTEGRATIONS[state["Resource"]]
        updates = [item["Update"] for item in state["Arguments"].get("TransactItems", [])]
        for arguments in updates or [state["Arguments"]]:
            named = parts[int(arguments[argument].removeprefix("#"))]
            yield action, json.dumps(arn_of(template, named))


def arn_of(template: Template, named: Any) -> Any:
    """Return the ARN of what a step names: a function by its ARN, a table by its name, a queue by its URL."""
    path = template.parameter_of(named)
    if path and path.endswith("order-queue-url"):
        return {
            "Ref": next(
                n
                for n in template.body["Parameters"]
                if template.parameter_of({"Ref": n}) == path.replace("-url", "-arn")
            )
        }
    if template.resources.get(reference(named) or "", {}).get("Type") == "AWS::DynamoDB::Table":
        return {"Fn::GetAtt": [reference(named), "Arn"]}
    return named


def test_a_queue_takes_messages_of_the_rules_that_send_to_it_and_of_no_other(shop: Shop) -> None:
    for template, name, properties in shop.of_type("AWS::Events::Rule"):
        for target in properties["Targets"]:
            for arn in (target["Arn"], target.get("DeadLetterConfig", {}).get("Arn")):
                queue = reference(arn)
                if template.resources.get(queue or "", {}).get("Type") == "AWS::SQS::Queue":
                    assert name in senders(template, str(queue)), (name, queue)
    for template in shop.templates.values():
        for policy in template.of_type("AWS::SQS::QueuePolicy").values():
            for queue in policy["Properties"]["Queues"]:
                sending = {
                    name
                    for name, rule in template.of_type("AWS::Events::Rule").items()
                    if str(reference(queue)) in json.dumps(rule)
                }
                assert senders(template, str(reference(queue))) == sending, (template.service, queue)


SENDING = {"sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"}


def senders(template: Template, queue: str) -> set[str]:
    """Return the rules that a queue's policy lets send."""
    found = set()
    for policy in template.of_type("AWS::SQS::QueuePolicy").values():
        if queue in map(reference, policy["Properties"]["Queues"]):
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": "events.amazonaws.com"}:
                    assert set(listed(statement["Action"])) <= SENDING
                    assert reference(statement["Resource"]) == queue
                    found.add(str(reference(statement["Condition"]["ArnEquals"]["aws:SourceArn"])))
    return found
