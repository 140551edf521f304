"""The emulator in the place of an AWS account: it accepts the types of the templates that it does not have.

Usage: ``python -m tests.e2e.account.emulator``, with the settings of the local stage's own. A resource of such a type
has an id and nothing behind it; CloudFormation creates and deletes it like any other.
"""

from typing import Any

from ministack.services.cloudformation import provisioners

from ecom67.local.persistence.__main__ import main

ATTRIBUTES = {
    "AWS::Bedrock::DataSource": ("DataSourceId",),
    "AWS::Bedrock::Guardrail": ("GuardrailId", "GuardrailArn"),
    "AWS::Bedrock::GuardrailVersion": ("Version",),
    "AWS::Bedrock::KnowledgeBase": ("KnowledgeBaseId", "KnowledgeBaseArn"),
    "AWS::CloudWatch::CompositeAlarm": ("Arn",),
    "AWS::EventSchemas::Registry": ("RegistryName", "RegistryArn"),
    "AWS::EventSchemas::Schema": ("SchemaArn",),
    "AWS::Events::Archive": ("Arn",),
    "AWS::S3Vectors::Index": ("IndexArn",),
    "AWS::S3Vectors::VectorBucket": ("VectorBucketArn",),
}
"""Types that are accepted, and what ``Fn::GetAtt`` gives of them."""


def accept(kind: str) -> dict[str, Any]:
    """Return what CloudFormation does with resources of a type."""

    def create(logical_id: str, _: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        name = f"{stack}-{logical_id}"
        arn = f"arn:aws:accepted:us-east-1:000000000000:{name}"
        return name, {attribute: arn if attribute.endswith("Arn") else name for attribute in ATTRIBUTES[kind]}

    return {"create": create, "delete": lambda _id, _properties: None}


def with_dkim(create: Any) -> Any:
    """Return the creation of a sender with the records of DKIM, which a stack puts out for the owner's DNS."""

    def create_identity(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        name, attributes = create(logical_id, properties, stack)
        records = {
            f"DkimDNSToken{part}{number}": f"{part.lower()}{number}.{name}"
            for part in ("Name", "Value")
            for number in (1, 2, 3)
        }
        return name, attributes | records

    return create_identity


if __name__ == "__main__":
    for accepted in ATTRIBUTES:
        provisioners._RESOURCE_HANDLERS.setdefault(accepted, accept(accepted))
    sender = provisioners._RESOURCE_HANDLERS["AWS::SES::EmailIdentity"]
    sender["create"] = with_dkim(sender["create"])
    main()
