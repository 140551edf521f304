"""The OpenAPI document is whole: what a client generated from it can rely on."""

import json
from typing import Any

import pytest

from openapi import generation
from openapi.generation import AmbiguousNameError

METHODS = {"get", "put", "post", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return generation.build_document()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def test_the_committed_document_is_that_of_the_routes() -> None:
    assert not generation.is_stale()


def test_every_answer_of_success_has_a_named_model(document: dict[str, Any]) -> None:
    for route, operation in operations(document).items():
        successes = {status: answer for status, answer in operation["responses"].items() if status[0] in "23"}
        assert successes, route
        for status, answer in successes.items():
            if set(answer.get("content", {})) == {"application/pdf"}:
                assert route.endswith("/slip")
            elif status not in {"204", "303"}:
                assert "$ref" in answer["content"]["application/json"]["schema"], route


def test_only_a_route_that_changes_a_state_and_nothing_else_has_no_body(document: dict[str, Any]) -> None:
    bare = {
        route
        for route, operation in operations(document).items()
        if route.startswith(("POST", "PUT")) and "requestBody" not in operation
    }

    changes = {f"POST /api/orders/{{orderId}}/{change}" for change in ("cancel", "confirm")}
    links = {"POST /api/order-links/{token}/cancel", "POST /api/mail-preferences/{token}/unsubscribe"}
    returns = {"POST /api/withdrawals/{withdrawalId}/confirm", "POST /api/staff/returns/{returnId}/close"}
    staff = {"POST /api/staff/dead-letters/{queue}/redrive", "POST /api/staff/customers/{userId}/export"}
    staff |= {"POST /api/staff/withdrawals/{withdrawalId}/close"}
    assert bare == {*changes, *links, *returns, *staff, "POST /api/chat/tickets"}


def test_every_route_answers_its_problems_in_one_form(document: dict[str, Any]) -> None:
    for route, operation in operations(document).items():
        assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}, route


def test_what_the_gateway_answers_itself_is_told_as_it_is(document: dict[str, Any]) -> None:
    for route, operation in operations(document).items():
        anyone = operation.get("security") == [{}]
        assert ("401" in operation["responses"]) != anyone, route
        assert operation["responses"]["429"] == {"$ref": "#/components/responses/TooManyRequests"}, route
    for name in ("Unauthorized", "TooManyRequests"):
        assert set(document["components"]["responses"][name]["content"]) == {"application/json"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            here = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return here + [found for held in value.values() for found in references(held)]
        return [found for held in value for found in references(held)] if isinstance(value, list) else []

    for reference in references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_path_parameters_are_those_of_the_address(document: dict[str, Any]) -> None:
    for route, operation in operations(document).items():
        named = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert named == {part.strip("{}") for part in route.split("/") if part.startswith("{")}, route


def test_a_name_that_means_two_things_is_refused() -> None:
    schemas = {"Line": {"type": "object"}}

    with pytest.raises(AmbiguousNameError, match=r"services\.other\.api calls something Line"):
        generation._merge_schemas(schemas, {"Line": {"type": "string"}}, "services.other.api")


def test_titles_that_repeat_names_are_left_out_but_a_property_title_stays() -> None:
    described = json.loads(
        '{"title": "X", "properties": {"title": {"title": "Title", "type": "string", "maxLength": 9.0}}}'
    )

    assert generation._normalize(described) == {"properties": {"title": {"type": "string", "maxLength": 9}}}
