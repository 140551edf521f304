"""Every table that holds the id of a person is in the export of its service, or says why it is in none."""

from collections.abc import Iterator
from typing import Any

from tests.infra.synthesis import Shop, Template, reference
from tests.personal_data import EXPORTED, NOBODY, NOT_EXPORTED

EXPORTERS = {"identity": "identity-api"}
"""Functions that read for the export; those of all other services are named ``<service>-export``."""
READS = {"dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem"}


def tables(shop: Shop) -> Iterator[tuple[Template, str, str, dict[str, Any]]]:
    """Yield the tables: template, logical id, name in the data model, properties."""
    for template, logical_id, properties in shop.of_type("AWS::DynamoDB::Table"):
        yield template, logical_id, properties["TableName"].rpartition("-")[2], properties


def test_it_is_known_of_each_table_whether_it_holds_the_id_of_a_person(shop: Shop) -> None:
    names = sorted(name for _, _, name, _ in tables(shop))

    # Each of them once.
    assert names == sorted([*EXPORTED, *NOT_EXPORTED, *NOBODY])


def test_a_table_that_is_read_by_a_persons_id_is_not_nobodys(shop: Shop) -> None:
    for _, _, name, properties in tables(shop):
        if any(attribute["AttributeName"] == "userId" for attribute in properties["AttributeDefinitions"]):
            assert name not in NOBODY


def test_the_export_of_a_service_reads_each_of_its_tables_with_a_persons_id(shop: Shop) -> None:
    for template, logical_id, name, _ in tables(shop):
        if name not in EXPORTED:
            continue
        assert template.service == EXPORTED[name]
        wanted = EXPORTERS.get(template.service, f"{template.service}-export")
        (exporter,) = [function for function in template.functions() if function.name == wanted]
        assert logical_id in {reference(value) for value in exporter.environment.values()}, (wanted, name)
        granted = {
            action
            for policy in template.of_type("AWS::IAM::Policy").values()
            if reference(exporter.properties["Role"]) in map(reference, policy["Properties"]["Roles"])
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            if f"'{logical_id}'" in str(statement["Resource"])
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        assert granted & READS, (wanted, name)
