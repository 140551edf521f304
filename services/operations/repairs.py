"""Carries out safe repairs: a redelivery of the journal's events, or a command of the service concerned."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bus.delivery_log import SENT_AGAIN
from bus.invocation import invoke_command
from bus.journal_reader import JournalledEvent, JournalReader
from bus.log import logger
from services.operations.domain import Finding, Repair, RepairStep
from services.operations.queues import Queues

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class Repairer:
    """Repairs what can be repaired by what the services do anyway.

    Parameters:
        journal: has the events that are delivered again.
        queues: the queues of the consumers.
        lambda_client: the Lambda client.
        commands: the ARN of the command of each step that is one.
    """

    def __init__(
        self,
        journal: JournalReader,
        queues: Queues,
        lambda_client: "LambdaClient",
        commands: Mapping[RepairStep, str],
    ) -> None:
        self._journal = journal
        self._queues = queues
        self._lambda = lambda_client
        self._commands = commands

    def repair(self, finding: Finding, now: datetime) -> int:
        """Try the safe repairs of a difference; return how many events were delivered and commands invoked.

        Parameters:
            finding: the difference.
            now: the time, by which an event may be too old.

        Raises CommandFailedError where the service concerned fails.
        """
        return sum(self._carry_out(repair, str(finding.order_id), now) for repair in finding.safe_repairs)

    def _carry_out(self, repair: Repair, order_id: str, now: datetime) -> int:
        match repair.step:
            case RepairStep.REDELIVER:
                return self._redeliver(repair, order_id, now)
            case RepairStep.RELEASE_STOCK:
                given = {"reservationId": order_id}
            case RepairStep.CONFIRM_PAYMENT:
                given = {"orderId": order_id}
        outcome = invoke_command(self._lambda, self._commands[repair.step], given)
        logger.info("repaired by a command", step=repair.step, order_id=order_id, outcome=outcome.get("outcome"))
        return 1

    def _redeliver(self, repair: Repair, order_id: str, now: datetime) -> int:
        events = [event for event in self._journal.of_order(order_id) if _is_due(event, repair, now)]
        for event in events:
            self._queues.send(f"{repair.consumer}-events", event.message(), {SENT_AGAIN: "reconciled"})
            logger.info(
                "event delivered again",
                event_id=event.event_id,
                consumer=repair.consumer,
                detail_type=event.detail_type,
            )
        return len(events)


def _is_due(event: JournalledEvent, repair: Repair, now: datetime) -> bool:
    """Return whether an event is to be delivered again: no consumer reads one that does not fit its contract."""
    young = repair.within is None or now - event.occurred_at < repair.within
    return event.detail_type in repair.detail_types and not event.violations and young
