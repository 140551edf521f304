"""The responses of the API: objects, and errors in Stripe's error envelope."""

from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class ApiResponse:
    """A response of the API.

    Attributes:
        status: HTTP status code.
        body: the JSON document.
    """

    status: int
    body: Json


class ApiError(Exception):
    """A call is refused and changes nothing.

    Parameters:
        response: the error response.
        executed: whether the endpoint had begun its work. Only then Stripe stores the response under the idempotency
            key; a request with malformed parameters may be corrected and sent again with the same key.
    """

    def __init__(self, response: ApiResponse, *, executed: bool) -> None:
        super().__init__(response.body["error"]["message"])
        self.response = response
        self.executed = executed


def error_response(status: int, error_type: str, message: str, **details: object) -> ApiResponse:
    """Return an error response.

    Parameters:
        status: HTTP status code.
        error_type: Stripe's type of the error.
        message: the message.
        details: further members, such as `code` and `param`; None is omitted.
    """
    present = {name: value for name, value in details.items() if value is not None}
    return ApiResponse(status, {"error": {"type": error_type, "message": message, **present}})


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """Return an error for parameters that are invalid in any state (400)."""
    response = error_response(400, "invalid_request_error", message, code=code, param=param)
    return ApiError(response, executed=False)


def forbidden(message: str, *, param: str | None = None, code: str | None = None, **details: object) -> ApiError:
    """Return an error for a valid call that the state of its object does not allow (400)."""
    response = error_response(400, "invalid_request_error", message, code=code, param=param, **details)
    return ApiError(response, executed=True)


def missing(kind: str, object_id: str, *, param: str | None = None) -> ApiError:
    """Return an error for an unknown id: 404 where it is in the URL, 400 where it is in a parameter."""
    status = 400 if param else 404
    message = f"There is no {kind} with the id '{object_id}'."
    response = error_response(status, "invalid_request_error", message, code="resource_missing", param=param or "id")
    return ApiError(response, executed=True)
