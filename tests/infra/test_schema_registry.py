"""The schema registry of a stage has all committed contracts."""

import json

from schemas import generation
from tests.infra.synthesis import Shop, reference

MAX_CHARACTERS = 100_000
"""The registry's limit of one schema."""


def test_the_registry_has_every_contract(deployed: Shop) -> None:
    bus = deployed.templates["bus"]
    ((registry, properties),) = (
        (name, found["Properties"]) for name, found in bus.of_type("AWS::EventSchemas::Registry").items()
    )
    schemas = [found["Properties"] for found in bus.of_type("AWS::EventSchemas::Schema").values()]
    committed = [json.loads(path.read_text()) for path in generation.DRAFT_4.rglob("*.json")]

    assert properties["RegistryName"] == f"ecom67-{deployed.stage}"
    assert {schema["SchemaName"]: json.loads(schema["Content"]) for schema in schemas} == {
        f"{schema['x-amazon-events-source']}@{schema['x-amazon-events-detail-type']}": schema for schema in committed
    }
    for schema in schemas:
        assert reference(schema["RegistryName"]) == registry
        assert schema["Type"] == "JSONSchemaDraft4"
        assert len(schema["Content"]) < MAX_CHARACTERS


def test_a_contract_belongs_to_no_other_stack(deployed: Shop) -> None:
    assert {template.service for template, _, _ in deployed.of_type("AWS::EventSchemas::Schema")} == {"bus"}
