"""At the edge: every answer has a correlation id, every refusal is a problem with a code, and no fault leaks."""

import base64
import json
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import pytest
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query

from bus import http
from bus.context import Context, current
from bus.http import PROBLEM_JSON, Api, Problem, not_found
from schemas.contract import Contract, Line, Money, Quantity
from tests.unit.conftest import NobodyErased

LogLines = Callable[[], list[dict[str, Any]]]


class Wish(Contract):
    product_id: str
    quantity: Quantity
    price: Money | None = None


class Page(Contract):
    items: list[Wish]
    next_cursor: str | None = None


@pytest.fixture
def contexts() -> list[Context]:
    """Return the contexts in which requests were answered."""
    return []


@pytest.fixture
def api(contexts: list[Context]) -> Api:
    api = Api()
    app = api.app

    @app.get("/api/wishes")
    def list_wishes(limit: Annotated[int, Query(ge=1, le=50)] = 20) -> Page:
        contexts.append(current())
        return Page(items=[Wish(product_id="mug", quantity=limit)])

    @app.post("/api/wishes")
    def add_wish(wish: Annotated[Wish, Body()]) -> Response[Wish]:
        return Response(status_code=201, content_type="application/json", body=wish)

    @app.delete("/api/wishes")
    def forget_wishes() -> Response[None]:
        return Response(status_code=204)

    @app.get("/api/sold-out")
    def sold_out() -> Page:
        line = Line(product_id="mug", name="Mug", quantity=2, unit_price=Money(amount=1299))
        raise Problem(409, "OUT_OF_STOCK", "The mug is sold out.", lines=[line], price=Money(amount=5), left=0)

    @app.get("/api/missing")
    def missing() -> Page:
        raise not_found("wish")

    @app.get("/api/broken")
    def broken() -> Page:
        raise RuntimeError("the password is hunter2")

    @app.get("/api/lying")
    def lying() -> Page:
        return {"items": "hunter2"}  # type: ignore[return-value]

    @app.get("/api/me")
    def me() -> dict[str, Any]:
        caller = api.caller()
        return {"userId": caller.user_id, "email": caller.email, "groups": caller.groups, "staff": caller.is_staff}

    @app.get("/api/office")
    @api.for_staff
    def office(desk: Annotated[int, Query(ge=1)] = 1) -> dict[str, Any]:
        return {"userId": api.caller().user_id, "desk": desk}

    return api


def request(
    method: str, path: str, *, body: str | None = None, claims: dict[str, Any] | None = None, **others: Any
) -> dict[str, Any]:
    """Return a request as the HTTP API hands it over (payload version 2.0)."""
    path, _, query = path.partition("?")
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            **({"authorizer": {"jwt": {"claims": claims}}} if claims else {}),
        },
        "isBase64Encoded": False,
        **({"body": body} if body is not None else {}),
        **others,
    }


def problem(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the body of an answer that is a problem; the status is in it, too."""
    body: dict[str, Any] = json.loads(answer["body"])
    assert answer["headers"]["Content-Type"] == PROBLEM_JSON
    assert body["status"] == answer["statusCode"]
    return body


def paths(answer: dict[str, Any]) -> list[str]:
    assert (answer["statusCode"], problem(answer)["code"]) == (422, "VALIDATION")
    return [error["path"] for error in problem(answer)["errors"]]


def errors_in(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["level"] not in ("DEBUG", "INFO")]


def test_an_answer_is_camel_case_and_leaves_out_what_is_unset(api: Api) -> None:
    answer = api(request("GET", "/api/wishes?limit=3"), None)

    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "application/json"
    assert json.loads(answer["body"]) == {"items": [{"productId": "mug", "quantity": 3}]}


def test_each_request_has_a_correlation_id_of_its_own_and_tells_it(api: Api, contexts: list[Context]) -> None:
    answers = [api(request("GET", "/api/wishes"), None) for _ in range(2)]

    told = [answer["headers"]["X-Correlation-Id"] for answer in answers]
    assert told == [context.correlation_id for context in contexts]
    assert UUID(told[0]).version == 7
    assert told[0] != told[1]


@pytest.mark.parametrize("path", ["/api/sold-out", "/api/broken", "/api/nowhere", "/api/wishes?limit=0"])
def test_a_refusal_has_a_correlation_id_too(api: Api, path: str) -> None:
    assert UUID(api(request("GET", path), None)["headers"]["X-Correlation-Id"]).version == 7


def test_the_context_ends_with_the_request(api: Api) -> None:
    api(request("GET", "/api/broken"), None)

    with pytest.raises(LookupError):
        current()


def test_the_trace_of_the_request_is_kept(api: Api, contexts: list[Context]) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    api(request("GET", "/api/wishes", headers={"traceparent": parent}), None)

    assert [context.traceparent for context in contexts] == [parent]


@pytest.mark.parametrize("header", ["", "ada@example.com", "00-a-b-01", "x" * 8000])
def test_what_is_no_trace_does_not_ride_on_the_bus(api: Api, contexts: list[Context], header: str) -> None:
    api(request("GET", "/api/wishes", headers={"traceparent": header}), None)

    assert [context.traceparent for context in contexts] == [None]


@pytest.mark.parametrize("headers", [None, {}])
def test_a_request_without_headers_is_answered(api: Api, headers: dict[str, str] | None) -> None:
    assert api(request("GET", "/api/wishes", headers=headers), None)["statusCode"] == 200


def test_a_body_is_read_plain_or_in_base64(api: Api) -> None:
    wish = json.dumps({"productId": "mug", "quantity": 2})
    encoded = base64.b64encode(wish.encode()).decode()

    plain = api(request("POST", "/api/wishes", body=wish), None)
    binary = api(request("POST", "/api/wishes", body=encoded, isBase64Encoded=True), None)

    assert plain["statusCode"] == binary["statusCode"] == 201
    assert json.loads(plain["body"]) == json.loads(binary["body"]) == {"productId": "mug", "quantity": 2}


def test_an_answer_without_a_body_has_an_empty_one(api: Api) -> None:
    answer = api(request("DELETE", "/api/wishes"), None)

    assert (answer["statusCode"], answer["body"]) == (204, "")


def test_each_fault_of_a_request_is_told_by_its_path(api: Api) -> None:
    wish = {"quantity": 0, "price": {"amount": 12.5}, "note": "x"}

    answer = api(request("POST", "/api/wishes", body=json.dumps(wish)), None)

    assert sorted(paths(answer)) == ["body.note", "body.price.amount", "body.productId", "body.quantity"]
    assert all(error["message"] for error in problem(answer)["errors"])


def test_a_bad_parameter_is_told_by_its_name(api: Api) -> None:
    assert paths(api(request("GET", "/api/wishes?limit=many"), None)) == ["query.limit"]


@pytest.mark.parametrize(
    ("body", "encoded"),
    [
        (None, False),
        ("", False),
        ("{", False),
        ("null", False),
        ("[]", False),
        ("3", False),
        ("[" * 100_000, False),
        ("not base64!", True),
        ("a", True),
        (base64.b64encode(b"\xff\xfe").decode(), True),
        (base64.b64encode(b"{").decode(), True),
    ],
    ids=["none", "empty", "cut off", "null", "list", "number", "too deep", "no base64", "cut base64", "no text", "b64"],
)
def test_a_body_that_cannot_be_read_is_the_callers_problem(
    api: Api, logged: LogLines, body: str | None, encoded: bool
) -> None:
    answer = api(request("POST", "/api/wishes", body=body, isBase64Encoded=encoded), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (422, "VALIDATION")
    assert errors_in(logged()) == []


def test_a_body_of_another_type_is_the_callers_problem(api: Api, logged: LogLines) -> None:
    answer = api(request("POST", "/api/wishes", body="<wish/>", headers={"content-type": "text/xml"}), None)

    assert paths(answer) == ["body"]
    assert errors_in(logged()) == []


def test_a_problem_has_all_that_its_route_says_of_it(api: Api, logged: LogLines) -> None:
    answer = api(request("GET", "/api/sold-out"), None)

    assert answer["statusCode"] == 409
    assert problem(answer) == {
        "type": "urn:ecom67:problem:out-of-stock",
        "title": "Out of stock",
        "status": 409,
        "code": "OUT_OF_STOCK",
        "detail": "The mug is sold out.",
        "lines": [{"productId": "mug", "name": "Mug", "quantity": 2, "unitPrice": {"amount": 1299, "currency": "USD"}}],
        "price": {"amount": 5, "currency": "USD"},
        "left": 0,
    }
    assert errors_in(logged()) == []


def test_what_is_not_there_is_404(api: Api) -> None:
    answer = api(request("GET", "/api/missing"), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (404, "NOT_FOUND")
    assert problem(answer)["detail"] == "There is no such wish."


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/nowhere"), ("GET", "/"), ("PUT", "/api/wishes")])
def test_an_address_that_nobody_answers_is_404(api: Api, logged: LogLines, method: str, path: str) -> None:
    answer = api(request(method, path), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (404, "NOT_FOUND")
    assert errors_in(logged()) == []


@pytest.mark.parametrize("path", ["/api/broken", "/api/lying"])
def test_a_fault_of_ours_is_logged_and_tells_nothing(api: Api, logged: LogLines, path: str) -> None:
    answer = api(request("GET", path), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (500, "INTERNAL")
    assert "hunter2" not in json.dumps(answer)
    assert "Traceback" not in json.dumps(answer)
    (line,) = errors_in(logged())
    assert line["level"] == "ERROR"
    assert line["correlation_id"] == answer["headers"]["X-Correlation-Id"]


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        ("[staff]", ["staff"]),
        ("[staff admins]", ["staff", "admins"]),
        ("[staff, admins]", ["staff", "admins"]),
        ("staff", ["staff"]),
        (["staff", "admins"], ["staff", "admins"]),
        ("[]", []),
        ("", []),
        (None, []),
    ],
    ids=repr,
)
def test_groups_are_read_in_every_form_in_which_an_api_hands_them_over(
    api: Api, claim: object, groups: list[str]
) -> None:
    claims = {"sub": "ada", "email": "ada@example.com"} | ({"cognito:groups": claim} if claim is not None else {})

    answer = api(request("GET", "/api/me", claims=claims), None)

    assert json.loads(answer["body"]) == {
        "userId": "ada",
        "email": "ada@example.com",
        "groups": groups,
        "staff": "staff" in groups,
    }


@pytest.mark.parametrize("claim", ["[]", "[staffing]", "[not-staff admins]", ["Staff"]], ids=repr)
def test_a_shopper_is_refused_what_is_the_staffs(api: Api, logged: LogLines, claim: object) -> None:
    answer = api(request("GET", "/api/office", claims={"sub": "eve", "cognito:groups": claim}), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (403, "FORBIDDEN")
    assert errors_in(logged()) == []


def test_a_shopper_is_refused_what_is_the_staffs_before_their_mistakes_are_told(api: Api) -> None:
    answer = api(request("GET", "/api/office?desk=x", claims={"sub": "eve"}), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (403, "FORBIDDEN")


def test_staff_is_told_their_mistakes(api: Api) -> None:
    answer = api(request("GET", "/api/office?desk=x", claims={"sub": "ada", "cognito:groups": "[staff]"}), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (422, "VALIDATION")


def test_staff_is_let_in(api: Api) -> None:
    answer = api(request("GET", "/api/office", claims={"sub": "ada", "cognito:groups": "[staff]"}), None)

    assert json.loads(answer["body"]) == {"userId": "ada", "desk": 1}


def test_a_parameter_may_come_more_than_once_and_hold_commas() -> None:
    api = Api()

    @api.app.get("/api/tagged")
    def tagged(tag: Annotated[list[str], Query()], text: Annotated[str, Query()]) -> list[str]:
        return [*tag, text]

    answer = api(request("GET", "/api/tagged?tag=red%2C+warm&tag=blue&text=a,b+%26+c"), None)

    assert json.loads(answer["body"]) == ["red, warm", "blue", "a,b & c"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", '{"productId": "mug", "quantity": 1}'),
        ("multipart/form-data; boundary=", '{"productId": "mug", "quantity": 1}'),
        ("multipart/form-data; boundary=x", "--x"),
        ("Multipart/Form-Data", "x"),
        ("application/x-www-form-urlencoded", "productId=mug"),
        ("application/json", '{"productId": "mug", "quantity": ' + "1" * 5000 + "}"),
        ("application/json", "1" * 5000),
    ],
)
def test_a_body_that_cannot_be_read_is_the_client_s_mistake(api: Api, content_type: str, body: str) -> None:
    answer = api(request("POST", "/api/wishes", body=body, headers={"Content-Type": content_type}), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (422, "VALIDATION")


def test_a_caller_whose_account_was_erased_gets_410_whatever_the_request_is(
    api: Api, tombstones: NobodyErased, contexts: list[Context]
) -> None:
    tombstones.user_ids.add("ada")
    for sent in (
        request("GET", "/api/me", claims={"sub": "ada"}),
        request("POST", "/api/wishes", body="rubbish", claims={"sub": "ada"}),
        request("GET", "/api/office", claims={"sub": "ada"}),
        request("GET", "/api/nowhere", claims={"sub": "ada"}),
    ):
        answer = api(sent, None)

        assert (answer["statusCode"], problem(answer)["code"]) == (410, "ACCOUNT_ERASED")
        assert UUID(answer["headers"]["X-Correlation-Id"]).version == 7


def test_others_and_routes_without_a_token_are_served_as_ever(api: Api, tombstones: NobodyErased) -> None:
    tombstones.user_ids.add("ada")

    assert api(request("GET", "/api/me", claims={"sub": "bob"}), None)["statusCode"] == 200
    assert api(request("GET", "/api/wishes"), None)["statusCode"] == 200
    assert tombstones.asked == ["bob"]


def test_a_route_may_answer_an_erased_caller_itself(tombstones: NobodyErased) -> None:
    api = Api(open_to_erased=frozenset({"DELETE /api/me"}))

    @api.app.delete("/api/me")
    def erase() -> dict[str, str]:
        return {"erased": api.caller().user_id}

    tombstones.user_ids.add("ada")

    assert json.loads(api(request("DELETE", "/api/me", claims={"sub": "ada"}), None)["body"]) == {"erased": "ada"}


def test_nobody_is_served_while_it_is_unknown_who_was_erased(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable() -> NobodyErased:
        raise RuntimeError("the table does not answer")

    monkeypatch.setattr(http, "erased_users", unavailable)

    answer = api(request("GET", "/api/me", claims={"sub": "bob"}), None)

    assert (answer["statusCode"], problem(answer)["code"]) == (500, "INTERNAL")
