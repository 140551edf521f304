"""The EventBridge schema registry of a stage, from which teams that subscribe read the contracts."""

import json

from aws_cdk import aws_eventschemas as eventschemas
from constructs import Construct

from infra.constructs.paths import ROOT
from infra.constructs.service_stack import ServiceStack

DRAFT_4_CONTRACTS = ROOT / "schemas" / "draft4"


class SchemaRegistry(Construct):
    """A registry ``ecom67-<stage>`` of the committed contracts, each as a Draft 4 schema of the whole event.

    EventBridge keeps the versions of a schema: a compatible change of a contract becomes the next version.

    Parameters:
        stack: the bus's stack.
    """

    def __init__(self, stack: ServiceStack) -> None:
        super().__init__(stack, "SchemaRegistry")
        registry = eventschemas.CfnRegistry(
            self,
            "Registry",
            registry_name=stack.stage.prefix,
            description="The contracts of the shop's events. Generate bindings with `ecom67 schemas bindings`.",
        )
        for path in sorted(DRAFT_4_CONTRACTS.glob("*/*.json")):
            contract = json.loads(path.read_text())
            source, detail_type = contract["x-amazon-events-source"], contract["x-amazon-events-detail-type"]
            eventschemas.CfnSchema(
                self,
                detail_type,
                registry_name=registry.attr_registry_name,
                schema_name=f"{source}@{detail_type}",
                type="JSONSchemaDraft4",
                description=contract["description"],
                content=json.dumps(contract, separators=(",", ":"), ensure_ascii=False),
            )
