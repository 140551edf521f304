"""The schema registry: every contract, for the teams that subscribe."""

import json

from aws_cdk import aws_eventschemas as eventschemas
from constructs import Construct

from infra.constructs.function_package import ROOT
from infra.constructs.service_stack import ServiceStack

CONTRACTS = ROOT / "schemas" / "draft4"


class SchemaRegistry(Construct):
    """An EventBridge schema registry ``ecom67-<stage>`` of the committed contracts, each as Draft 4 of a whole event.

    The registry keeps the versions of a schema that changes: a compatible change is the next version of it.
    """

    def __init__(self, stack: ServiceStack) -> None:
        super().__init__(stack, "SchemaRegistry")
        registry = eventschemas.CfnRegistry(
            self,
            "Registry",
            registry_name=stack.stage.prefix,
            description="The contracts of the shop's events. Generate bindings with `ecom67 schemas bindings`.",
        )
        self.name = registry.attr_registry_name
        for path in sorted(CONTRACTS.glob("*/*.json")):
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
