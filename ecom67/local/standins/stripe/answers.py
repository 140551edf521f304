"""What the stand-in answers: objects, and refusals in the shape of Stripe's error envelope."""

from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer of the API.

    Parameters:
        status: HTTP status code.
        body: the JSON document.
    """

    status: int
    body: Json


class RefusedError(Exception):
    """A call that changes nothing, because the request or the state of its object forbids it.

    Parameters:
        answer: what the caller receives.
        executed: whether the endpoint had begun its work. Stripe remembers an answer under the idempotency key only
            from that moment, so a request with malformed parameters may be corrected under the same key.
    """

    def __init__(self, answer: Answer, *, executed: bool) -> None:
        super().__init__(answer.body["error"]["message"])
        self.answer = answer
        self.executed = executed


def error(status: int, error_type: str, message: str, **details: object) -> Answer:
    """Wrap a message and its details (`code`, `param`, …; None is left out) in the error envelope."""
    present = {name: value for name, value in details.items() if value is not None}
    return Answer(status, {"error": {"type": error_type, "message": message, **present}})


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> RefusedError:
    """Refuse parameters that are wrong in themselves, whatever the state (400)."""
    answer = error(400, "invalid_request_error", message, code=code, param=param)
    return RefusedError(answer, executed=False)


def forbidden(message: str, *, param: str | None = None, code: str | None = None, **details: object) -> RefusedError:
    """Refuse a well-formed call that the present state of its object does not allow (400)."""
    answer = error(400, "invalid_request_error", message, code=code, param=param, **details)
    return RefusedError(answer, executed=True)


def missing(kind: str, object_id: str, *, param: str | None = None) -> RefusedError:
    """Refuse an id that names nothing: 404 when it stood in the URL, 400 when it stood in a parameter."""
    status = 400 if param else 404
    message = f"There is no {kind} with the id '{object_id}'."
    answer = error(status, "invalid_request_error", message, code="resource_missing", param=param or "id")
    return RefusedError(answer, executed=True)
