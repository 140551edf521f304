"""Commands: functions that a state machine, or another service by its ARN, invokes or queues.

They take ``{"context": …, "input": …}`` and return the outcome as data. An exception is a fault,
which the caller retries; a refusal by a rule is an outcome, which it routes.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bus.batch import BatchAnswer, answer_for
from bus.context import Context, entered
from bus.handling import Delivery, Outcome, name_of_handler
from bus.log import logger
from schemas.contract import Contract

I = TypeVar("I", bound=BaseModel)  # noqa: E741
O = TypeVar("O", bound=BaseModel)  # noqa: E741


class Command(Contract, Generic[I]):
    """What a command is invoked with. Readers are open: unknown fields are ignored."""

    context: Context
    input: I


LambdaHandler = Callable[[dict[str, Any], object], dict[str, Any]]


def command(run: Callable[[I], O], given: type[I]) -> LambdaHandler:
    """Return the Lambda handler of a command.

    Parameters:
        run: does it, within the caller's context.
        given: the class of its input.

    The handler raises pydantic.ValidationError for an input of another shape, which is a fault of
    the caller.
    """
    model = Command[given]  # type: ignore[valid-type]

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        request = model.model_validate(event, extra="ignore")
        with entered(request.context):
            return run(request.input).model_dump(mode="json", by_alias=True, exclude_none=True)

    return handler


def queued_command(run: Callable[[I], None], given: type[I]) -> Callable[[dict[str, Any], object], BatchAnswer]:
    """Return the Lambda handler of a queue of commands.

    A message that fails, or is of another shape, comes again and ends in the dead-letter queue: a
    command is meant for this one handler, and none may be lost.

    Parameters:
        run: does it, within the sender's context; at least once for a message.
        given: the class of its input.
    """
    model = Command[given]  # type: ignore[valid-type]

    name = name_of_handler(run)

    def handled(record: dict[str, Any]) -> bool:
        delivery = Delivery.of(record)
        try:
            request = model.model_validate_json(record["body"], extra="ignore")
        except ValidationError:
            logger.exception(
                "a command of another shape; the queue will deliver it again", message_id=record["messageId"]
            )
            return False
        context = request.context
        with entered(context):
            replayed = {"replay": context.replay_name} if context.replay_name else {}
            try:
                run(request.input)
            except Exception:  # noqa: BLE001 - whatever went wrong, this message alone comes again
                delivery.note(Outcome.FAILED, name, context.causation_id, **replayed)
                return False
            delivery.note(Outcome.HANDLED, name, context.causation_id, **replayed)
        return True

    def handler(batch: dict[str, Any], _context: object) -> BatchAnswer:
        return answer_for(batch, handled)

    return handler
