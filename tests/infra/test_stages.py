"""Stages differ only in settings, and stacks share values only through SSM parameters."""

import json
import re
from collections.abc import Callable, Mapping, Set
from typing import Any

import pytest

from tests.infra.synthesis import Shop, Template

ONLY_IN_AWS = {
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::Lambda::LayerVersion",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
}
"""The emulator runs functions on its own packages, and serves plain HTTP; the gateway of the local stage takes the
place of the distribution."""
STACKS_ONLY_IN_AWS = {"firewall-us-east-1"}
UNSUPPORTED = {
    "AWS::Events::Archive",
    "AWS::EventSchemas::Registry",
    "AWS::EventSchemas::Schema",
    "AWS::Bedrock::DataSource",
    "AWS::Bedrock::Guardrail",
    "AWS::Bedrock::GuardrailVersion",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::S3Vectors::Index",
    "AWS::S3Vectors::VectorBucket",
}
"""Types that the emulator's CloudFormation rejects."""


def types(template: Template, without: Set[str] = frozenset()) -> dict[str, str]:
    """Return the type of each resource by its logical id, without the stage."""
    found = {}
    for name, resource in template.resources.items():
        if resource["Type"] not in without and not only_traces(resource):
            plain = name.replace(f"ecom67{template.stage}", "")
            found[name if plain == name else re.sub("[0-9A-F]+$", "", plain)] = resource["Type"]
    return found


def only_traces(resource: dict[str, Any]) -> bool:
    """Return whether a resource is a policy for tracing only, which the local stage has not."""
    if resource["Type"] != "AWS::IAM::Policy":
        return False
    statements = resource["Properties"]["PolicyDocument"]["Statement"]
    return all(str(action).startswith("xray:") for statement in statements for action in statement["Action"])


def test_every_stage_has_the_same_stacks(shops: Mapping[str, Shop]) -> None:
    names = {stage: list(shop.templates) for stage, shop in shops.items()}

    assert names["dev"] == names["prod"]
    assert names["local"] == [name for name in names["dev"] if name not in STACKS_ONLY_IN_AWS]


def test_the_stages_of_aws_have_the_same_resources(shops: Mapping[str, Shop]) -> None:
    for service, template in shops["dev"].templates.items():
        assert types(template) == types(shops["prod"].templates[service]), service


def test_the_local_stage_lacks_only_what_the_emulator_does_not_support(shops: Mapping[str, Shop]) -> None:
    for service, template in shops["local"].templates.items():
        assert types(template, ONLY_IN_AWS) == types(shops["dev"].templates[service], ONLY_IN_AWS), service


def test_a_resource_is_conditional_only_if_the_emulator_does_not_support_it(shops: Mapping[str, Shop]) -> None:
    conditional = {
        stage: {
            resource["Type"]
            for template in shop.templates.values()
            for resource in template.resources.values()
            if "Condition" in resource
        }
        for stage, shop in shops.items()
    }

    assert conditional == {"local": UNSUPPORTED, "dev": set(), "prod": set()}
    for template in shops["local"].templates.values():
        assert set(template.body.get("Conditions", {})) <= {"Never"}


def test_nothing_of_a_creation_that_was_rolled_back_stays_in_the_way_of_the_next(shops: Mapping[str, Shop]) -> None:
    assemblies = [manifest.parent for manifest in shops["prod"].folder.parent.glob("*/manifest.json")]

    assert len(assemblies) > len(shops)
    for assembly in assemblies:
        for template in Shop(assembly.name, assembly).templates.values():
            for name, resource in template.resources.items():
                # With Retain or Snapshot, what has a name of its own would be there already at the next attempt.
                assert resource.get("DeletionPolicy", "Delete") in ("Delete", "RetainExceptOnCreate"), (template, name)


def test_no_template_names_another_stage(shops: Mapping[str, Shop]) -> None:
    for stage, shop in shops.items():
        for other in shops.keys() - {stage}:
            for template in shop.templates.values():
                assert f"ecom67-{other}" not in template.path.read_text()
                assert f"/ecom67/{other}/" not in template.path.read_text()


def test_no_stack_exports_or_imports(shop: Shop) -> None:
    for template in shop.templates.values():
        text = template.path.read_text()
        assert "Fn::ImportValue" not in text
        assert "Fn::GetStackOutput" not in text
        assert all("Export" not in output for output in template.body.get("Outputs", {}).values())


def test_a_stack_reads_only_what_a_stack_before_it_publishes(shop: Shop) -> None:
    published = {service: template.publishes() for service, template in shop.templates.items()}

    for service, template in shop.templates.items():
        for path in template.reads():
            owner = path.partition("/")[0]
            assert owner != service, f"{service} reads its own {path}"
            assert path in published[owner], f"{service} reads {path}, which no stack publishes"
            assert owner in shop.depends_on(service), f"{service} reads {path} and is not deployed after {owner}"


def test_a_stack_depends_only_on_stacks_whose_parameters_it_reads(shops: Mapping[str, Shop]) -> None:
    shop = shops["dev"]
    unused = {
        service: shop.depends_on(service) - {path.partition("/")[0] for path in template.reads()}
        for service, template in shop.templates.items()
    }

    assert {service: names for service, names in unused.items() if names} == {}


def test_the_dependencies_of_stacks_have_no_cycle(shop: Shop) -> None:
    deployed: set[str] = set()
    remaining = dict.fromkeys(shop.templates)
    while remaining:
        ready = [service for service in remaining if shop.depends_on(service) <= deployed]
        assert ready, f"these wait for each other: {list(remaining)}"
        deployed |= set(ready)
        for service in ready:
            del remaining[service]
    assert shop.depends_on("bus") == shop.depends_on("edge") == set()


def test_a_stack_that_keeps_data_is_protected(shops: Mapping[str, Shop]) -> None:
    for stage, shop in shops.items():
        for stack in shop.manifest.values():
            assert stack["properties"]["terminationProtection"] is (stage == "prod")


def test_everything_that_can_be_is_tagged_with_its_service(deployed: Shop) -> None:
    for template, name, properties in deployed.of_type("AWS::Lambda::Function"):
        tags = {tag["Key"]: tag["Value"] for tag in properties["Tags"]}
        assert tags == {"project": "ecom67", "stage": deployed.stage, "service": template.service}, name


@pytest.mark.parametrize("secret", ["sk_live", "sk_test_", "whsec_", "AKIA", "-----BEGIN"])
def test_no_secret_is_in_a_template_of_aws(deployed: Shop, secret: str) -> None:
    for template in deployed.templates.values():
        assert secret not in json.dumps(template.body), template.name


def test_a_name_that_an_account_has_once_names_the_region(deployed: Shop) -> None:
    """CloudFront's names and web ACLs are those of all regions: the same stage in two regions would collide."""
    kinds: dict[str, Callable[[dict[str, Any]], str]] = {
        "AWS::CloudFront::ResponseHeadersPolicy": lambda found: found["ResponseHeadersPolicyConfig"]["Name"],
        "AWS::CloudFront::OriginAccessControl": lambda found: found["OriginAccessControlConfig"]["Name"],
        "AWS::CloudFront::Function": lambda found: found["Name"],
        "AWS::WAFv2::WebACL": lambda found: found["Name"],
    }
    names = [name(properties) for kind, name in kinds.items() for _, _, properties in deployed.of_type(kind)]

    assert len(names) == 5
    for name in names:
        assert name.startswith(f"ecom67-{deployed.stage}-us-east-1"), name
        assert len(name) <= 64, name
    (firewall,) = STACKS_ONLY_IN_AWS
    assert firewall.endswith("us-east-1")


def test_names_of_roles_and_buckets_are_left_to_cloudformation(deployed: Shop) -> None:
    named = {
        "AWS::IAM::Role": "RoleName",
        "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
        "AWS::S3::Bucket": "BucketName",
    }

    for kind, name in named.items():
        assert [found for _, found, properties in deployed.of_type(kind) if name in properties] == []


def test_no_function_can_create_its_log_group_again(deployed: Shop) -> None:
    """What comes back after its stack is gone blocks the next deployment."""
    for template in deployed.templates.values():
        assert "logs:CreateLogGroup" not in template.path.read_text(), template.name
        assert "AWSLambdaBasicExecutionRole" not in template.path.read_text(), template.name
