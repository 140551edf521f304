"""HTTP routes: the correlation id of a request, the caller, and problem details."""

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

from bus.context import Context, use_context
from bus.erased_users import erased_users
from bus.log import logger

PROBLEM_JSON = "application/problem+json"
STAFF_GROUP = "staff"
ANYONE: list[dict[str, list[str]]] = [{}]
"""The ``security`` of a route without a token; in the published document all others require one."""
BASE64_BODY = "base64Body"
"""Member of a request that the API delivered in base64: its body as it came."""
FORM = re.compile("multipart/|application/x-www-form-urlencoded", re.IGNORECASE)
TRACEPARENT = re.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
P = ParamSpec("P")
T = TypeVar("T")
LambdaHandler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Problem(Exception):  # noqa: N818 - the term of RFC 9457
    """An error response: the problem details of RFC 9457.

    Parameters:
        status: HTTP status.
        code: stable name of the problem, such as ``OUT_OF_STOCK``; clients branch on it.
        detail: a sentence for a person.
        extra: further members of the body, such as the lines that are sold out.
    """

    def __init__(self, status: int, code: str, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.extra = extra

    def response(self) -> Response[str]:
        """Return the HTTP response."""
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


def account_erased() -> Problem:
    """Return the problem of a caller whose account was erased; their token may be valid for up to an hour."""
    return Problem(410, "ACCOUNT_ERASED", "This account was erased at your request.")


def not_found(what: str) -> Problem:
    """Return the problem of a resource that does not exist, or not for this caller.

    Parameters:
        what: the kind of resource, such as ``order``.
    """
    return Problem(404, "NOT_FOUND", f"There is no such {what}.")


class Caller(BaseModel):
    """The caller, from the claims of the verified ID token."""

    user_id: str
    email: str | None = None
    name: str | None = None
    groups: list[str] = []
    expires_at: int = 0
    """Expiry of the token in seconds since the epoch; 0 if it is not known."""

    @property
    def is_staff(self) -> bool:
        """Whether the caller is staff."""
        return STAFF_GROUP in self.groups


class _Request(APIGatewayProxyEventV2):
    """A request whose query parameters are parsed from the raw query.

    The API joins the values of a repeated parameter by commas, and Powertools splits them there, also at a comma of
    the value itself.
    """

    @property
    def resolved_query_string_parameters(self) -> dict[str, list[str]]:
        return parse_qs(self.raw_query_string, keep_blank_values=True)


class _Resolver(APIGatewayHttpResolver):
    def _to_proxy_event(self, event: dict[str, Any]) -> _Request:
        return _Request(event, _load_json)


def _load_json(text: str) -> object:
    """Return the value of a JSON text; raises JSONDecodeError also for an integer of more digits than Python reads."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise json.JSONDecodeError(str(error), text, 0) from error


class Api:
    """The routes of one service: ``api.app`` registers them, ``api`` itself is the Lambda handler.

    A caller whose account was erased gets 410 from every route that requires a token.

    Parameters:
        open_to_erased: method and path of the routes that answer such a caller themselves.
    """

    def __init__(self, open_to_erased: frozenset[str] = frozenset()) -> None:
        self._open_to_erased = open_to_erased
        # Without a code of its own, an invalid response of ours would be reported as the caller's mistake.
        self.app = _Resolver(enable_validation=True, response_validation_error_http_code=500, serializer=_json)
        self.app.exception_handler(Problem)(lambda problem: problem.response())
        self.app.exception_handler([RequestValidationError, RequestUnsupportedContentType])(self._invalid)
        self.app.exception_handler(RecursionError)(_too_deep)
        self.app.exception_handler(Exception)(_internal_error)
        self.app.not_found(_no_route)
        self._staff_only: set[Callable[..., Any]] = set()
        self._keyed: set[Callable[..., Any]] = set()

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Handle a request of the HTTP API (payload version 2.0) in a new context (the Lambda handler)."""
        with use_context(Context.begin(traceparent=_traceparent(event.get("headers") or {}))) as begun:
            answer = self._refuse_erased(event) or self.app.resolve(_with_text(_without_forms(event)), context)
            answer.setdefault("headers", {})["X-Correlation-Id"] = begun.correlation_id
            # The emulator answers 500 where a 204 comes with a null body.
            answer["body"] = answer.get("body") or ""
            return answer

    def _refuse_erased(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """Return the answer to a caller whose account was erased; None to any other, and on a route without a token.

        It is asked before the route is resolved: no rule of the route, not even about its input, holds for them.
        """
        authorized = event.get("requestContext", {}).get("authorizer", {}).get("jwt")
        if not authorized or f"{event['requestContext']['http']['method']} {event['rawPath']}" in self._open_to_erased:
            return None
        try:
            erased = erased_users().includes(authorized["claims"]["sub"])
        except Exception as error:  # noqa: BLE001 - as for a route: the caller gets a problem whatever fails
            return _as_answer(_internal_error(error))
        return _as_answer(account_erased().response()) if erased else None

    def caller(self) -> Caller:
        """Return the caller. The API's JWT authorizer has verified the token before."""
        claims: dict[str, Any] = self.app.current_event["requestContext"]["authorizer"]["jwt"]["claims"]
        return Caller(
            user_id=claims["sub"],
            email=claims.get("email"),
            name=claims.get("name"),
            groups=_groups(claims.get("cognito:groups", "")),
            expires_at=int(float(claims.get("exp", 0))),
        )

    def staff(self) -> Caller:
        """Return the caller; raises the 403 problem unless it is staff."""
        caller = self.caller()
        if not caller.is_staff:
            raise Problem(403, "FORBIDDEN", "Only the shop's staff may do this.")
        return caller

    def for_staff(self, route: Callable[P, T]) -> Callable[P, T]:
        """Decorate a route that only staff may call: any other caller gets 403, whatever the request is."""

        @wraps(route)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            self.staff()
            return route(*args, **kwargs)

        self._staff_only.add(guarded)
        return guarded

    def with_idempotency_key(self, route: Callable[P, T]) -> Callable[P, T]:
        """Decorate a route whose ``Idempotency-Key`` is required: without it a caller gets 400, whatever the body is.

        It stands above ``for_staff``.
        """
        self._keyed.add(route)
        return route

    def _invalid(self, error: RequestValidationError | RequestUnsupportedContentType) -> Response[str]:
        # Powertools validates before the route runs; a caller without permission must not learn what is invalid.
        route = self.app.context["_route"].func
        if route in self._staff_only:
            try:
                self.staff()
            except Problem as forbidden:
                return forbidden.response()
        if route in self._keyed and not self.app.current_event.headers.get("idempotency-key"):
            sentence = "This needs an Idempotency-Key header of your own, so that sending it again does it once."
            return Problem(400, "IDEMPOTENCY_KEY_REQUIRED", sentence).response()
        errors = [
            {"path": ".".join(str(part) for part in fault["loc"]), "message": fault["msg"]} for fault in error.errors()
        ]
        return Problem(422, "VALIDATION", "Some of what was sent is not valid.", errors=errors).response()


def _as_answer(response: Response[str]) -> dict[str, Any]:
    headers = {"Content-Type": response.content_type}
    return {
        "statusCode": response.status_code,
        "headers": headers,
        "body": response.body,
        "isBase64Encoded": False,
        "cookies": [],
    }


def _json(body: object) -> str:
    return json.dumps(_without_nulls(body))


def _without_nulls(value: object) -> object:
    # An optional member without a value is left out; Powertools' own encoder would write null.
    if isinstance(value, dict):
        return {name: _without_nulls(held) for name, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_without_nulls(held) for held in value]
    return value


def _without_forms(event: dict[str, Any]) -> dict[str, Any]:
    """Return the request with the content type of a form replaced by one that Powertools refuses as unsupported.

    No route takes a form, and Powertools fails at one without a boundary instead of refusing it.
    """
    headers = event.get("headers") or {}
    forms = {name for name, value in headers.items() if name.lower() == "content-type" and FORM.match(value)}
    return {**event, "headers": {**headers, **dict.fromkeys(forms, "form")}} if forms else event


def _with_text(event: dict[str, Any]) -> dict[str, Any]:
    """Return the request with its body as text, also where the API delivers it in base64.

    Powertools fails at bytes that are not UTF-8. They become a text that is not JSON, which it rejects as the caller's
    mistake.
    """
    if not event.get("isBase64Encoded"):
        return event
    try:
        text = base64.b64decode(event.get("body") or "", validate=True).decode()
    except ValueError:
        text = "\N{REPLACEMENT CHARACTER}"
    return {**event, "body": text, "isBase64Encoded": False, BASE64_BODY: event.get("body")}


def request_bytes(event: APIGatewayProxyEventV2) -> bytes:
    """Return the body of a request as it was sent, byte for byte.

    The API delivers text types as text and replaces what is not UTF-8 in them; all other types arrive untouched.

    Parameters:
        event: the current request.
    """
    try:
        return base64.b64decode(event[BASE64_BODY], validate=True)
    except (KeyError, ValueError):
        return (event.body or "").encode()


def _traceparent(headers: dict[str, str]) -> str | None:
    # It comes from outside and goes on the bus with every event of the request: no other text may.
    given = headers.get("traceparent", "")
    return given if TRACEPARENT.fullmatch(given) else None


def _groups(claim: str | list[str]) -> list[str]:
    # HTTP APIs flatten a list claim to "[a b]".
    return claim if isinstance(claim, list) else claim.strip("[]").replace(",", " ").split()


def _too_deep(_: RecursionError) -> Response[str]:
    # No code of ours recurses deeper than the request.
    return Problem(422, "VALIDATION", "What was sent is nested too deeply.").response()


def _no_route(_: NotFoundError) -> Response[str]:
    return Problem(404, "NOT_FOUND", "There is nothing at this address.").response()


def _internal_error(_: Exception) -> Response[str]:
    logger.exception("request not served")
    return Problem(500, "INTERNAL", "Something went wrong on our side. Please try again.").response()
