"""Sends what failed again: a dead letter to the consumer that failed, and no other; a parked event to the bus."""

import json
from dataclasses import dataclass

from bus.delivery_log import SENT_AGAIN
from bus.outbox import OutboxEntry
from bus.publisher import Publisher
from ecom67.events.message_edit import edited, faults_in
from ecom67.events.queues import Kind, Letter
from ecom67.stage_client import StageClient


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are meant; None takes all.

    Attributes:
        detail_type: of the event, or ``command``.
        correlation_id: of the request.
        event_id: of the event, or of the one that caused the command.
        message_id: of SQS.
    """

    detail_type: str | None = None
    correlation_id: str | None = None
    event_id: str | None = None
    message_id: str | None = None

    def takes(self, letter: Letter) -> bool:
        """Say whether a letter is meant."""
        return (
            self.detail_type in (None, letter.what)
            and self.correlation_id in (None, letter.correlation_id)
            and self.event_id in (None, letter.event_id)
            and self.message_id in (None, letter.message_id)
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter as it is to be sent again, and what is wrong with it by its contract."""

    letter: Letter
    body: str
    faults: list[str]


def readied(letter: Letter, assignments: list[str], in_editor: bool) -> Ready:
    """Return a letter with changes, checked anew.

    A parked event is changed and checked as the event that it is.
    """
    if letter.queue.kind is Kind.DEAD_LETTERS:
        body = edited(letter.body, assignments, in_editor)
        return Ready(letter, body, faults_in(body))
    body = edited(json.dumps(letter.event), assignments, in_editor)
    return Ready(letter, body, faults_in(body))


class Redrive:
    """Sends letters again.

    Parameters:
        stage: the stage.
    """

    def __init__(self, stage: StageClient) -> None:
        self._sqs = stage.client("sqs")
        self._publisher = Publisher(stage.client("events"), stage.published["bus/name"])

    def send(self, ready: Ready) -> str | None:
        """Send a letter and take it out of where it waits; return why it could not be sent, None where it was.

        Interrupted between the two it is there twice: handlers run once or more often.
        """
        letter = ready.letter
        if letter.queue.source_url is None:
            refusal = self._publish(ready)
        else:
            how = "redriven" if ready.body == letter.body else "redriven, edited"
            self._sqs.send_message(
                QueueUrl=letter.queue.source_url,
                MessageBody=ready.body,
                MessageAttributes={SENT_AGAIN: {"DataType": "String", "StringValue": how}},
            )
            refusal = None
        if refusal is None:
            self.forget(letter)
        return refusal

    def forget(self, letter: Letter) -> None:
        """Delete a letter."""
        self._sqs.delete_message(QueueUrl=letter.queue.url, ReceiptHandle=letter.receipt)

    def _publish(self, ready: Ready) -> str | None:
        event = json.loads(ready.body)
        entry = OutboxEntry(
            event_id=str(ready.letter.event_id),
            source=event["source"],
            detail_type=event["detail-type"],
            detail=json.dumps(event["detail"], ensure_ascii=False),
        )
        refusals = self._publisher.publish([entry])
        return refusals[0].reason if refusals else None
