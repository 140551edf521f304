"""What all HTTP routes share: the edge where a correlation id is born, callers, and problem details."""

import base64
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from pydantic import BaseModel

from bus.context import Context, entered
from bus.log import logger

PROBLEM_JSON = "application/problem+json"
STAFF_GROUP = "staff"
ANYONE: list[dict[str, list[str]]] = [{}]
"""Of a route that wants no token, as ``security``: in the published document all others do."""
TRACEPARENT = re.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
P = ParamSpec("P")
T = TypeVar("T")
LambdaHandler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Problem(Exception):  # noqa: N818 - the term of RFC 9457
    """An answer that is not a success, in the form of RFC 9457.

    Parameters:
        status: HTTP status.
        code: stable name of the problem, such as ``OUT_OF_STOCK``; clients branch on it.
        detail: a sentence for a person.
        extra: further members of the body: the lines that are sold out, the cart as it is now.
    """

    def __init__(self, status: int, code: str, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.extra = extra

    def response(self) -> Response[str]:
        """Return the HTTP answer."""
        body = {
            "type": f"urn:ecom67:problem:{self.code.lower().replace('_', '-')}",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **{name: _plain(value) for name, value in self.extra.items()},
        }
        return Response(status_code=self.status, content_type=PROBLEM_JSON, body=json.dumps(body))


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value


def not_found(what: str) -> Problem:
    """Return the problem of something that does not exist, or not for this caller."""
    return Problem(404, "NOT_FOUND", f"There is no such {what}.")


class Caller(BaseModel):
    """Who calls, as the verified ID token says."""

    user_id: str
    email: str | None = None
    name: str | None = None
    groups: list[str] = []

    @property
    def is_staff(self) -> bool:
        """Whether the caller works in the shop."""
        return STAFF_GROUP in self.groups


class _Request(APIGatewayProxyEventV2):
    """A request whose parameters are read as they were sent.

    The API joins the values of a parameter that comes more than once by commas, and Powertools splits them
    there, those that have a comma of their own too.
    """

    @property
    def resolved_query_string_parameters(self) -> dict[str, list[str]]:
        return parse_qs(self.raw_query_string, keep_blank_values=True)


class _Resolver(APIGatewayHttpResolver):
    def _to_proxy_event(self, event: dict[str, Any]) -> _Request:
        return _Request(event)


class Api:
    """The routes of one service: ``api.app`` takes them, ``api`` itself is the Lambda handler."""

    def __init__(self) -> None:
        # Without a code for it, an answer of ours that is not valid would be the caller's fault.
        self.app = _Resolver(enable_validation=True, response_validation_error_http_code=500, serializer=_json)
        self.app.exception_handler(Problem)(lambda problem: problem.response())
        self.app.exception_handler([RequestValidationError, RequestUnsupportedContentType])(self._invalid)
        self.app.exception_handler(RecursionError)(_too_deep)
        self.app.exception_handler(Exception)(_fault)
        self.app.not_found(_no_route)
        self._staff_only: set[Callable[..., Any]] = set()

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer a request of the HTTP API (payload version 2.0), within a context of its own."""
        with entered(Context.begin(traceparent=_traceparent(event.get("headers") or {}))) as begun:
            answer: dict[str, Any] = self.app.resolve(_with_text(event), context)
            answer.setdefault("headers", {})["X-Correlation-Id"] = begun.correlation_id
            # The emulator answers 500 where a 204 comes with a null body.
            answer["body"] = answer.get("body") or ""
            return answer

    def caller(self) -> Caller:
        """Return who calls. The API's JWT authorizer has verified the token before."""
        claims: dict[str, Any] = self.app.current_event["requestContext"]["authorizer"]["jwt"]["claims"]
        return Caller(
            user_id=claims["sub"],
            email=claims.get("email"),
            name=claims.get("name"),
            groups=_groups(claims.get("cognito:groups", "")),
        )

    def staff(self) -> Caller:
        """Return who calls; raises the 403 problem where it is not the shop's staff."""
        caller = self.caller()
        if not caller.is_staff:
            raise Problem(403, "FORBIDDEN", "Only the shop's staff may do this.")
        return caller

    def for_staff(self, route: Callable[P, T]) -> Callable[P, T]:
        """Decorate a route that only the shop's staff may call: anybody else is answered 403, whatever they send."""

        @wraps(route)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            self.staff()
            return route(*args, **kwargs)

        self._staff_only.add(guarded)
        return guarded

    def _invalid(self, error: RequestValidationError | RequestUnsupportedContentType) -> Response[str]:
        # Powertools validates before anything of ours runs; what is wrong with a request is not a stranger's business.
        if self.app.context["_route"].func in self._staff_only:
            try:
                self.staff()
            except Problem as forbidden:
                return forbidden.response()
        errors = [
            {"path": ".".join(str(part) for part in fault["loc"]), "message": fault["msg"]} for fault in error.errors()
        ]
        return Problem(422, "VALIDATION", "Some of what was sent is not valid.", errors=errors).response()


def _json(body: object) -> str:
    return json.dumps(_without_nulls(body))


def _without_nulls(value: object) -> object:
    # An optional member that is not set is left out; Powertools' own encoder would write null.
    if isinstance(value, dict):
        return {name: _without_nulls(held) for name, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_without_nulls(held) for held in value]
    return value


def _with_text(event: dict[str, Any]) -> dict[str, Any]:
    """Return the request with its body as text, also where the API handed it over in base64.

    Powertools fails at bytes that are no text. They become a text that is no JSON, which it refuses
    as the caller's mistake.
    """
    if not event.get("isBase64Encoded"):
        return event
    try:
        text = base64.b64decode(event.get("body") or "", validate=True).decode()
    except ValueError:
        text = "\N{REPLACEMENT CHARACTER}"
    return {**event, "body": text, "isBase64Encoded": False}


def _traceparent(headers: dict[str, str]) -> str | None:
    # It comes from outside and goes on the bus with every event of the request: nothing else may ride on it.
    given = headers.get("traceparent", "")
    return given if TRACEPARENT.fullmatch(given) else None


def _groups(claim: str | list[str]) -> list[str]:
    # HTTP APIs flatten a list claim to "[a b]".
    return claim if isinstance(claim, list) else claim.strip("[]").replace(",", " ").split()


def _too_deep(_: RecursionError) -> Response[str]:
    # Nothing of ours recurses further than what was sent.
    return Problem(422, "VALIDATION", "What was sent is nested too deeply.").response()


def _no_route(_: NotFoundError) -> Response[str]:
    return Problem(404, "NOT_FOUND", "There is nothing at this address.").response()


def _fault(_: Exception) -> Response[str]:
    logger.exception("request not served")
    return Problem(500, "INTERNAL", "Something went wrong on our side. Please try again.").response()
