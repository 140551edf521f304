"""Contracts are read from the registry of a stage, or from this checkout for the local stage."""

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber

from ecom67.base.errors import CliError
from ecom67.contracts.registry import CheckoutRegistry, EventBridgeRegistry, registry_of, select_contracts
from schemas.exporters.draft4 import draft4, registry_name
from schemas.orders import OrderPlaced, OrderShipped
from schemas.registry import event_classes


@pytest.fixture(scope="module")
def client() -> Any:
    return botocore.session.get_session().create_client(
        "schemas", region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def aws(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def listed(*names: str) -> dict[str, object]:
    return {"Schemas": [{"SchemaName": name} for name in names]}


def test_the_checkout_has_a_contract_of_every_event() -> None:
    registry = CheckoutRegistry()

    assert registry.names() == sorted(registry_name(event) for event in event_classes())
    contract = registry.contract("ecom67.orders@OrderPlaced")
    assert (contract.service, contract.detail_type, contract.version) == ("orders", "OrderPlaced", 1)
    assert contract.description == OrderPlaced.__doc__


def test_a_contract_that_the_checkout_lacks_is_named() -> None:
    with pytest.raises(CliError, match=r"no contract ecom67\.orders@Nothing"):
        CheckoutRegistry().contract("ecom67.orders@Nothing")


def test_the_local_stage_has_the_contracts_of_the_checkout() -> None:
    assert isinstance(registry_of("local"), CheckoutRegistry)


def test_the_names_of_a_registry_in_aws_are_read_page_by_page(client: Any, aws: Stubber) -> None:
    first = {**listed("ecom67.orders@OrderShipped"), "NextToken": "more"}
    aws.add_response("list_schemas", first, {"RegistryName": "ecom67-dev"})
    aws.add_response(
        "list_schemas", listed("ecom67.orders@OrderPlaced"), {"RegistryName": "ecom67-dev", "NextToken": "more"}
    )

    names = EventBridgeRegistry(client, "ecom67-dev").names()

    assert names == ["ecom67.orders@OrderPlaced", "ecom67.orders@OrderShipped"]


def test_a_contract_in_aws_is_that_which_was_published(client: Any, aws: Stubber) -> None:
    name = registry_name(OrderShipped)
    aws.add_response("list_schemas", listed(name))
    aws.add_response(
        "describe_schema",
        {"Content": json.dumps(draft4(OrderShipped)), "SchemaName": name},
        {"RegistryName": "ecom67-dev", "SchemaName": name},
    )

    (contract,) = select_contracts(EventBridgeRegistry(client, "ecom67-dev"), ["OrderShipped"])

    assert contract.schema == draft4(OrderShipped)


def test_a_registry_that_is_not_there_is_named(client: Any, aws: Stubber) -> None:
    aws.add_client_error("list_schemas", "NotFoundException", "Registry with name ecom67-dev does not exist.")

    with pytest.raises(CliError, match=r"The schema registry ecom67-dev cannot be read.*does not exist"):
        EventBridgeRegistry(client, "ecom67-dev").names()


def test_an_event_is_chosen_by_either_of_its_names() -> None:
    by_type, by_name = select_contracts(CheckoutRegistry(), ["OrderPlaced", "ecom67.orders@OrderPlaced"])

    assert by_type == by_name


def test_an_event_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(CliError, match=r"There is no event OrderLost\. There are CartAbandoned, .*UserRegistered, "):
        list(select_contracts(CheckoutRegistry(), ["OrderLost"]))


def test_a_registry_in_aws_is_not_read_while_the_environment_means_an_emulator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")

    with pytest.raises(CliError, match="Unset it"):
        registry_of("dev")


def test_a_registry_in_aws_needs_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    with pytest.raises(CliError, match="cannot be reached: You must specify a region"):
        registry_of("dev")
