"""Commands: functions that a state machine, or another service by its ARN, invokes or queues.

They take ``{"context": …, "input": …}`` and return the outcome as data. An exception is a fault,
which the caller retries; a refusal by a rule is an outcome, which it routes.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bus.batch import BatchAnswer, answer_for
from bus.context import Context, current, entered
from bus.handling import Delivery, Outcome, name_of_handler
from bus.log import logger
from schemas.contract import Contract

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

I = TypeVar("I", bound=BaseModel)  # noqa: E741
O = TypeVar("O", bound=BaseModel)  # noqa: E741


class Command(Contract, Generic[I]):
    """What a command is invoked with. Readers are open: unknown fields are ignored."""

    context: Context
    input: I


LambdaHandler = Callable[[dict[str, Any], object], dict[str, Any]]


class CommandFaultError(RuntimeError):
    """A command of another service did not answer with an outcome."""


def message_of(given: Mapping[str, object]) -> str:
    """Return what a command is invoked or queued with, in the caller's own context."""
    return json.dumps({"context": current().model_dump(mode="json", exclude_none=True), "input": given})


def invoked(lambda_client: "LambdaClient", function_arn: str, given: Mapping[str, object]) -> dict[str, Any]:
    """Invoke a command of another service and return its outcome; raises CommandFaultError.

    Parameters:
        lambda_client: the Lambda client.
        function_arn: of the command, as its service publishes it.
        given: its input, in camelCase.
    """
    answer = lambda_client.invoke(FunctionName=function_arn, Payload=message_of(given))
    outcome: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandFaultError(f"{function_arn} failed: {outcome}")
    return outcome


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
