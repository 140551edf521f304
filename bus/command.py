"""Commands: functions that a state machine, or another service by their ARN, invokes or queues.

They take ``{"context": …, "input": …}`` and return the outcome as data. An exception is a fault, which the caller
retries; a refusal by a rule is an outcome, which the caller routes.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bus.batch import BatchResponse, partial_batch_response
from bus.context import Context, use_context
from bus.delivery_log import Delivery, Outcome, handler_name
from bus.log import logger
from schemas.contract import Contract

I = TypeVar("I", bound=BaseModel)  # noqa: E741
O = TypeVar("O", bound=BaseModel)  # noqa: E741


class Command(Contract, Generic[I]):
    """The payload of a command. Readers are open: unknown fields are ignored."""

    context: Context
    input: I


LambdaHandler = Callable[[dict[str, Any], object], dict[str, Any]]


def command(run: Callable[[I], O], input_class: type[I]) -> LambdaHandler:
    """Return the Lambda handler of a command.

    Parameters:
        run: executes the command in the caller's context and returns its outcome.
        input_class: the class of its input.

    The handler raises pydantic.ValidationError for an invalid input, which is a fault of the caller.
    """
    model = Command[input_class]  # type: ignore[valid-type]

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        request = model.model_validate(event, extra="ignore")
        with use_context(request.context):
            return run(request.input).model_dump(mode="json", by_alias=True, exclude_none=True)

    return handler


def queued_command(run: Callable[[I], None], input_class: type[I]) -> Callable[[dict[str, Any], object], BatchResponse]:
    """Return the Lambda handler of a queue of commands.

    A message that fails or is invalid is delivered again and ends in the dead-letter queue: a command is meant for
    this one handler, and none may be lost.

    Parameters:
        run: executes the command in the sender's context; at least once for a message.
        input_class: the class of its input.
    """
    model = Command[input_class]  # type: ignore[valid-type]

    name = handler_name(run)

    def handle(record: dict[str, Any]) -> bool:
        delivery = Delivery.of(record)
        try:
            request = model.model_validate_json(record["body"], extra="ignore")
        except ValidationError:
            logger.exception("invalid command; the queue will deliver it again", message_id=record["messageId"])
            return False
        context = request.context
        with use_context(context):
            replayed = {"replay": context.replay_name} if context.replay_name else {}
            try:
                run(request.input)
            except Exception:  # noqa: BLE001 - whatever failed, only this message is delivered again
                delivery.log(Outcome.FAILED, name, context.causation_id, **replayed)
                return False
            delivery.log(Outcome.HANDLED, name, context.causation_id, **replayed)
        return True

    def handler(batch: dict[str, Any], _context: object) -> BatchResponse:
        return partial_batch_response(batch, handle)

    return handler
