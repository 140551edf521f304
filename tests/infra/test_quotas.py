"""Templates and code stay below AWS's quotas, which ``infra/quotas.toml`` lists with their source."""

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bus import publisher
from infra.constructs.paths import ROOT
from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from services.cart import domain as cart
from services.chat import prompt, websocket_connections
from services.inventory import commands as inventory
from tests.infra.synthesis import Function, Shop, Template, reference
from tests.infra.test_grants import listed

QUOTAS: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "infra" / "quotas.toml").read_text())
LAMBDA, SQS, EVENTS = QUOTAS["lambda"], QUOTAS["sqs"], QUOTAS["events"]
LARGEST_LINE = Line(
    product_id="p" * 64,
    name="n" * 200,
    quantity=99,
    unit_price=Money(amount=99_999_999, currency="USD"),
    image_url="https://" + "i" * 500,
)
LARGEST_ADDRESS = ShippingAddress(
    name="n" * 100, line1="1" * 100, line2="2" * 100, city="c" * 100, postal_code="1" * 16, country="US"
)


def size_of(value: object) -> int:
    """Return the bytes of a value as compact JSON."""
    return len(json.dumps(value, separators=(",", ":")).encode())


def folder_size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def source_queue(template: Template, mapping: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the properties of the queue that an event source mapping reads; None for a stream."""
    queue = template.resources.get(str(reference(mapping["EventSourceArn"])), {"Type": None})
    return queue["Properties"] if queue["Type"] == "AWS::SQS::Queue" else None


def layers_of(function: Function) -> list[Path]:
    layers = [function.stack.resources[str(reference(layer))] for layer in function.properties.get("Layers", [])]
    keys = [layer["Properties"]["Content"]["S3Key"].removesuffix(".zip") for layer in layers]
    return [function.stack.folder / f"asset.{key}" for key in keys]


@pytest.mark.parametrize("service", QUOTAS)
def test_each_quota_names_its_page_and_the_day_it_was_read(service: str) -> None:
    assert QUOTAS[service]["page"]
    assert isinstance(QUOTAS[service]["read"], date)


def test_package_and_layers_of_a_function_fit(deployed: Shop) -> None:
    sizes: dict[Path, int] = defaultdict(int)
    for function in deployed.functions():
        folders = [function.asset, *layers_of(function)]
        for folder in folders:
            sizes[folder] = sizes[folder] or folder_size(folder)
        assert len(folders) - 1 <= LAMBDA["layers"], function.name
        assert sum(sizes[folder] for folder in folders) <= LAMBDA["unzipped_bytes"], function.name


def test_the_settings_of_a_function_fit(shop: Shop) -> None:
    for function in shop.functions():
        # A token is replaced by an ARN or a URL at deployment; each is far below 200 characters.
        environment = {
            name: value if isinstance(value, str) else "x" * 200 for name, value in function.environment.items()
        }
        assert size_of(environment) <= LAMBDA["environment_bytes"], function.name
        assert function.properties["Timeout"] <= LAMBDA["timeout_seconds"], function.name
        assert function.properties["MemorySize"] <= LAMBDA["memory_megabytes"], function.name
        assert len(function.properties["FunctionName"]) <= LAMBDA["name_characters"]


def test_the_permissions_to_invoke_a_function_fit_into_its_policy(shop: Shop) -> None:
    for template in shop.templates.values():
        statements: dict[str, int] = defaultdict(int)
        for permission in template.of_type("AWS::Lambda::Permission").values():
            # As AWS stores it: the statement, with ARNs where the template has references.
            statements[json.dumps(permission["Properties"]["FunctionName"])] += size_of(permission["Properties"]) + 200
        assert all(size <= LAMBDA["resource_policy_bytes"] for size in statements.values()), template.name


def test_a_template_fits(shop: Shop) -> None:
    quotas = QUOTAS["cloudformation"]

    for template in shop.templates.values():
        assert len(template.resources) <= quotas["resources"], template.name
        assert template.path.stat().st_size <= quotas["template_bytes"], template.name
        assert len(template.body.get("Parameters", {})) <= quotas["parameters"], template.name
        assert len(template.body.get("Outputs", {})) <= quotas["outputs"], template.name


def test_the_times_of_a_queue_fit(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::SQS::Queue"):
        assert properties.get("VisibilityTimeout", 30) <= SQS["visibility_timeout_seconds"], name
        assert properties["MessageRetentionPeriod"] <= SQS["retention_seconds"], name
        assert properties.get("DelaySeconds", 0) <= SQS["delay_seconds"], name


def test_a_message_stays_hidden_as_long_as_aws_advises(shop: Shop) -> None:
    for template, name, mapping in shop.of_type("AWS::Lambda::EventSourceMapping"):
        function = template.resources[str(reference(mapping["FunctionName"]))]["Properties"]
        window = mapping.get("MaximumBatchingWindowInSeconds", 0)
        if queue := source_queue(template, mapping):
            times = SQS["visibility_timeouts_per_function_timeout"]
            assert queue["VisibilityTimeout"] >= times * function["Timeout"] + window, name


def test_a_batch_is_as_large_as_its_window_allows(shop: Shop) -> None:
    for template, name, mapping in shop.of_type("AWS::Lambda::EventSourceMapping"):
        window = mapping.get("MaximumBatchingWindowInSeconds", 0)
        assert window <= LAMBDA["batching_window_seconds"], name
        if source_queue(template, mapping):
            limit = "sqs_batch_with_window" if window else "sqs_batch_without_window"
            assert mapping["BatchSize"] <= LAMBDA[limit], name


def test_rules_fit_on_the_bus(shop: Shop) -> None:
    rules = list(shop.of_type("AWS::Events::Rule"))

    assert len(rules) <= EVENTS["rules_per_bus"]
    for _, name, properties in rules:
        assert size_of(properties.get("EventPattern", {})) <= EVENTS["pattern_characters"], name
        assert len(properties["Targets"]) <= EVENTS["targets_per_rule"], name


def test_a_call_of_put_events_fits() -> None:
    assert EVENTS["put_events_entries"] >= publisher.MAX_ENTRIES
    assert EVENTS["put_events_bytes"] >= publisher.MAX_BYTES


def test_routes_fit_on_the_apis(shop: Shop) -> None:
    apis = Counter(
        "ws" if template.service == "chat" else "http" for template, _, _ in shop.of_type("AWS::ApiGatewayV2::Route")
    )

    assert 0 < apis["http"] <= QUOTAS["http_api"]["routes"]
    assert 0 < apis["ws"] <= QUOTAS["websocket_api"]["routes"]


def test_a_message_of_the_chat_fits_into_one_of_api_gateway() -> None:
    assert QUOTAS["websocket_api"]["payload_bytes"] >= websocket_connections.MAX_BYTES


def test_the_workflow_ends_when_express_would_end_it_and_says_so_itself(shop: Shop) -> None:
    (machine,) = (found for _, _, found in shop.of_type("AWS::StepFunctions::StateMachine"))
    text = machine["DefinitionString"]
    body = (
        text
        if isinstance(text, str)
        else "".join(part if isinstance(part, str) else "x" for part in text["Fn::Join"][1])
    )
    definition = json.loads(body)

    assert machine["StateMachineType"] == "EXPRESS"
    assert definition["TimeoutSeconds"] == QUOTAS["step_functions"]["express_seconds"]
    assert len(body.encode()) <= QUOTAS["step_functions"]["definition_bytes"]


def test_the_largest_order_fits_into_the_workflow_a_queue_and_an_item() -> None:
    total = Money(amount=99_999_999, currency="USD")
    order = PlaceOrder(
        order_id="o" * 64,
        user_id="u" * 64,
        lines=[LARGEST_LINE] * cart.MAX_LINES,
        subtotal=total,
        shipping=total,
        total=total,
        shipping_address=LARGEST_ADDRESS,
        payment_intent_id="pi_" + "i" * 61,
    )
    size = size_of(order.model_dump(mode="json", by_alias=True))

    assert size <= SQS["message_bytes"]
    # A run holds the request, the quote and the message.
    assert 3 * size <= QUOTAS["step_functions"]["payload_bytes"]
    # An order holds its lines, and its outbox holds them once more, as a string.
    assert 3 * size <= QUOTAS["dynamodb"]["item_bytes"]


def test_a_reservation_of_the_largest_cart_is_one_transaction() -> None:
    # A transaction writes the stock of each line, and the reservation.
    assert cart.MAX_LINES <= inventory.MAX_LINES
    assert QUOTAS["dynamodb"]["transaction_items"] >= inventory.MAX_LINES + 1


def test_indexes_and_readers_of_streams_fit(shop: Shop) -> None:
    readers: Counter[str] = Counter()
    for template, _, mapping in shop.of_type("AWS::Lambda::EventSourceMapping"):
        if not source_queue(template, mapping):
            readers[
                template.parameter_of(mapping["EventSourceArn"]) or f"{template.name} {mapping['EventSourceArn']}"
            ] += 1

    assert readers
    assert max(readers.values()) <= QUOTAS["dynamodb"]["stream_readers"]
    for _, name, properties in shop.of_type("AWS::DynamoDB::Table"):
        assert len(properties.get("GlobalSecondaryIndexes", [])) <= QUOTAS["dynamodb"]["indexes_per_table"], name


def test_the_policies_of_a_role_fit(shop: Shop) -> None:
    for template in shop.templates.values():
        sizes: dict[str, int] = defaultdict(int)
        for policy in template.of_type("AWS::IAM::Policy").values():
            for role in listed(policy["Properties"]["Roles"]):
                sizes[str(reference(role))] += size_of(policy["Properties"]["PolicyDocument"])
        assert all(size <= QUOTAS["iam"]["inline_policy_characters"] for size in sizes.values()), template.name


def test_a_published_value_fits(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::SSM::Parameter"):
        assert size_of(properties["Value"]) <= QUOTAS["ssm"]["standard_parameter_bytes"], name


def test_a_trigger_of_the_user_pool_ends_in_time(shop: Shop) -> None:
    identity = shop.templates["identity"]
    (pool,) = identity.of_type("AWS::Cognito::UserPool").values()

    for trigger in pool["Properties"]["LambdaConfig"].values():
        function = identity.resources[str(reference(trigger))]
        assert function["Properties"]["Timeout"] <= QUOTAS["cognito"]["trigger_seconds"]


def test_the_distribution_fits(deployed: Shop) -> None:
    web = deployed.templates["web"]
    (distribution,) = web.of_type("AWS::CloudFront::Distribution").values()

    behaviours = distribution["Properties"]["DistributionConfig"]["CacheBehaviors"]
    assert len(behaviours) <= QUOTAS["cloudfront"]["cache_behaviors"]
    for function in web.of_type("AWS::CloudFront::Function").values():
        assert size_of(function["Properties"]["FunctionCode"]) <= QUOTAS["cloudfront"]["function_bytes"]


def test_the_rules_of_the_firewall_are_included_in_its_price(deployed: Shop) -> None:
    quotas = QUOTAS["waf"]
    capacities = {
        "AWSManagedRulesAmazonIpReputationList": quotas["reputation_list_capacity"],
        "AWSManagedRulesKnownBadInputsRuleSet": quotas["known_bad_inputs_capacity"],
        "AWSManagedRulesCommonRuleSet": quotas["common_rules_capacity"],
    }
    (acl,) = deployed.templates["firewall-us-east-1"].of_type("AWS::WAFv2::WebACL").values()

    used = sum(capacities.get(rule["Name"], quotas["rate_rule_capacity"]) for rule in acl["Properties"]["Rules"])
    assert quotas["common_rules_capacity"] < used <= quotas["web_acl_capacity"]


def test_the_guardrail_fits(deployed: Shop) -> None:
    quotas = QUOTAS["bedrock_guardrails"]
    (guardrail,) = deployed.templates["chat"].of_type("AWS::Bedrock::Guardrail").values()

    topics = guardrail["Properties"]["TopicPolicyConfig"]["TopicsConfig"]
    assert 0 < len(topics) <= quotas["topics"]
    assert all(len(topic["Definition"]) <= quotas["topic_definition_characters"] for topic in topics)
    assert quotas["grounding_query_characters"] >= prompt.MAX_GROUNDING_QUERY
