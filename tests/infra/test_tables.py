"""Tables: encryption, recovery, keys, and streams whose consumers lose no record."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bus.attribute_values import to_item
from bus.context import Context, use_context
from bus.outbox import ATTRIBUTE, outbox
from schemas.identity import UserRegistered
from services.checkout.store import COMPENSATING_INDEX, OPEN_INDEX
from tests.infra.synthesis import Shop, Template, reference

REGISTERED = UserRegistered(user_id="ada", registered_at="2030-01-01T00:00:00Z")


def consumers(shop: Shop) -> list[tuple[Template, dict[str, Any], dict[str, Any]]]:
    """Return stack, function and event source of each consumer of a table's stream."""
    return [
        (template, template.resources[str(reference(source["FunctionName"]))]["Properties"], source)
        for template, _, source in shop.of_type("AWS::Lambda::EventSourceMapping")
        if template.resources.get(str(reference(source["EventSourceArn"])), {}).get("Type") != "AWS::SQS::Queue"
    ]


def relays(shop: Shop) -> list[tuple[Template, dict[str, Any], dict[str, Any]]]:
    """Return the consumers that relay an outbox."""
    return [found for found in consumers(shop) if found[1]["Handler"] == "bus.relay.handler"]


def matches(pattern: object, value: object) -> bool:
    """Return whether a record passes Lambda's filter; ``exists`` matches leaves only."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(matches(inner, value.get(name)) for name, inner in pattern.items())
    assert pattern == [{"exists": True}]
    return value is not None and not isinstance(value, dict | list)


def record(**image: Any) -> dict[str, Any]:
    return {"eventName": "MODIFY", "dynamodb": {"NewImage": {**to_item({"userId": "ada"}), **image}}}


def test_a_table_is_encrypted_and_on_demand(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::DynamoDB::Table"):
        assert properties["SSESpecification"] == {"SSEEnabled": True}, name
        assert properties["BillingMode"] == "PAY_PER_REQUEST", name


def test_a_table_in_aws_is_recoverable_to_a_point_in_time(deployed: Shop) -> None:
    for _, name, properties in deployed.of_type("AWS::DynamoDB::Table"):
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name


def test_data_outlives_its_stack_where_the_stage_retains_data(shops: Mapping[str, Shop]) -> None:
    for stage, shop in shops.items():
        for template in shop.templates.values():
            for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool"):
                for name, resource in template.of_type(kind).items():
                    assert resource["DeletionPolicy"] == ("RetainExceptOnCreate" if stage == "prod" else "Delete"), name
                    assert resource["UpdateReplacePolicy"] == ("Retain" if stage == "prod" else "Delete"), name


def test_the_owner_switches_deletion_protection_on_after_the_first_deployment(shops: Mapping[str, Shop]) -> None:
    protected = Shop("prod", shops["prod"].folder.with_name("prod-protected"))

    for shop, expected in [*((shop, False) for shop in shops.values()), (protected, True)]:
        for _, name, properties in shop.of_type("AWS::DynamoDB::Table"):
            assert properties["DeletionProtectionEnabled"] is expected, name
        for _, name, properties in shop.of_type("AWS::Cognito::UserPool"):
            assert properties["DeletionProtection"] == ("ACTIVE" if expected else "INACTIVE"), name


def test_items_expire_by_the_same_attribute(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::DynamoDB::Table"):
        assert properties.get("TimeToLiveSpecification", {"AttributeName": "expiresAt", "Enabled": True}) == {
            "AttributeName": "expiresAt",
            "Enabled": True,
        }, name


@pytest.mark.parametrize(
    ("table", "keys", "index", "index_keys"),
    [
        ("Users", ["userId"], None, []),
        ("Products", ["productId"], "category-index", ["category"]),
        ("Orders", ["orderId", "userId"], "userId-timestamp-index", ["userId", "timestamp"]),
        ("Cart", ["userId", "productId"], None, []),
        ("Checkouts", ["orderId"], COMPENSATING_INDEX, ["status", "compensatingSince"]),
        ("Checkouts", ["orderId"], OPEN_INDEX, ["open", "leaseUntil"]),
    ],
)
def test_tables_keep_the_names_and_keys_of_the_data_model(
    shops: Mapping[str, Shop], table: str, keys: list[str], index: str | None, index_keys: list[str]
) -> None:
    (found,) = [
        properties
        for _, _, properties in shops["prod"].of_type("AWS::DynamoDB::Table")
        if properties["TableName"] == f"ecom67-prod-{table}"
    ]
    indexes = {each["IndexName"]: each["KeySchema"] for each in found.get("GlobalSecondaryIndexes", [])}

    assert [key["AttributeName"] for key in found["KeySchema"]] == keys
    if index:
        assert [key["AttributeName"] for key in indexes[index]] == index_keys


WITHOUT_EVENTS = {("search", "SearchProducts")}
"""Tables whose stream has only a consumer of its own service, because their changes are not published."""


def test_a_stream_has_one_consumer_of_its_own_service_and_at_most_one_other(shop: Shop) -> None:
    handlers: dict[tuple[str, str], list[str]] = {}
    for template, name, properties in shop.of_type("AWS::DynamoDB::Table"):
        if "StreamSpecification" in properties:
            assert properties["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES", name
            handlers[template.service, name] = []
    for template, function, source in consumers(shop):
        key = (template.service, str(reference(source["EventSourceArn"])))
        if key in handlers:
            handlers[key].append(function["Handler"])
    for template, _, properties in shop.of_type("AWS::SSM::Parameter"):
        if properties["Name"].endswith("stream-arn"):
            handlers[template.service, str(reference(properties["Value"]))].append("published")

    assert handlers
    for (service, name), found in handlers.items():
        own = (service, name.partition("Table")[0]) in WITHOUT_EVENTS
        assert found.count("bus.relay.handler") == (0 if own else 1), name
        assert 1 <= len(found) <= 2, name


def test_a_consumer_of_a_stream_never_drops_a_record(shop: Shop) -> None:
    assert consumers(shop)
    for _, function, source in consumers(shop):
        assert source["StartingPosition"] == "TRIM_HORIZON"
        assert source["MaximumRetryAttempts"] == -1
        assert source.get("MaximumRecordAgeInSeconds", -1) == -1
        assert "ParallelizationFactor" not in source
        assert "PARKING_QUEUE_URL" in function["Environment"]["Variables"], function["Handler"]


def test_a_relay_is_invoked_only_by_writes_with_events(shop: Shop) -> None:
    with use_context(Context(correlation_id="the-request")):
        raising = record(**{ATTRIBUTE: outbox(REGISTERED, sequence=1)})

    assert relays(shop)
    for _, function, source in relays(shop):
        patterns = [json.loads(each["Pattern"]) for each in source["FilterCriteria"]["Filters"]]
        assert [matches(pattern, raising) for pattern in patterns] == [True], function["FunctionName"]
        assert not matches(patterns[0], record())
        assert not matches(patterns[0], {"eventName": "REMOVE", "dynamodb": {"OldImage": {}}})
        assert "BUS_NAME" in function["Environment"]["Variables"]


def test_a_consumer_that_is_behind_raises_an_alarm(shop: Shop) -> None:
    for template, function, source in consumers(shop):
        ages = [
            alarm["Properties"]
            for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
            if alarm["Properties"].get("MetricName") == "IteratorAge"
            and reference(alarm["Properties"]["Dimensions"][0]["Value"]) == reference(source["FunctionName"])
        ]
        assert [alarm["Threshold"] for alarm in ages] == [300_000], function["FunctionName"]


def test_a_bucket_is_private_and_encrypted(deployed: Shop) -> None:
    for template, name, properties in deployed.of_type("AWS::S3::Bucket"):
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert "BucketEncryption" in properties, name
        policies = [
            policy["PolicyDocument"]["Statement"]
            for owner, _, policy in deployed.of_type("AWS::S3::BucketPolicy")
            if (owner is template and reference(policy["Bucket"]) == name)
            # The one that browsers see through the distribution, which the web stack creates.
            or (name.startswith("Images") and str(owner.parameter_of(policy["Bucket"])).endswith("/image-bucket"))
        ]
        assert len(policies) == 1, name
        assert "aws:SecureTransport" in json.dumps(policies), name
