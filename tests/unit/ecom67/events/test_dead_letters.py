"""Dead letters are received, sent again and deleted ten at a time, and what was not deleted is visible again."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws

from ecom67.base.errors import CliError
from ecom67.events.dead_letters import Redriver, prepare
from ecom67.events.queues import DeadLetterQueue, QueueKind, receive_messages
from ecom67.stage_client import StageClient
from schemas.exporters.examples import example
from schemas.orders import OrderPlaced
from tests.unit.bus.messages import message_of

MESSAGES = 25
BUS = "ecom67-local-bus"


@pytest.fixture
def calls() -> Counter[str]:
    """Return how often each operation of AWS was called."""
    return Counter()


@pytest.fixture
def stage(calls: Counter[str]) -> Iterator[StageClient]:
    """Return a stage that has a bus and nothing else."""
    with mock_aws():
        sqs, events = boto3.client("sqs"), boto3.client("events")
        sqs.meta.events.register("before-call.sqs.*", lambda model, **_: calls.update([model.name]))
        events.create_event_bus(Name=BUS)
        clients: dict[str, object] = {"sqs": sqs, "events": events}
        stage = StageClient("local", clients.__getitem__)
        stage.__dict__["published"] = {"bus/name": BUS}
        yield stage


@pytest.fixture
def queue(stage: StageClient, calls: Counter[str]) -> DeadLetterQueue:
    """Return a queue of dead letters."""
    sqs = stage.client("sqs")
    source, url = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("cart-events", "cart-events-dlq"))
    for number in range(MESSAGES):
        sqs.send_message(
            QueueUrl=url, MessageBody=json.dumps(message_of(example(OrderPlaced, full=False), number=number))
        )
    calls.clear()
    return DeadLetterQueue("cart", "cart-events-dlq", QueueKind.DEAD_LETTERS, url, "arn", source, MESSAGES)


def count_in(stage: StageClient, url: str) -> tuple[int, int]:
    """Return how many messages of a queue are visible and how many are hidden."""
    values = stage.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(values["ApproximateNumberOfMessages"]), int(values["ApproximateNumberOfMessagesNotVisible"])


def test_a_redrive_takes_three_calls_for_ten_messages(
    stage: StageClient, queue: DeadLetterQueue, calls: Counter[str]
) -> None:
    with receive_messages(stage, [queue], 1000) as messages:
        sent = list(Redriver(stage).send([prepare(message, [], in_editor=False) for message in messages]))

    assert [one.refusal for one in sent] == [None] * MESSAGES
    assert len({one.message.message_id for one in sent}) == MESSAGES
    assert (calls["ReceiveMessage"], calls["SendMessageBatch"], calls["DeleteMessageBatch"]) == (3, 3, 3)
    assert count_in(stage, str(queue.source_url)) == (MESSAGES, 0)
    assert count_in(stage, queue.url) == (0, 0)


def test_messages_that_were_only_looked_at_are_visible_again(
    stage: StageClient, queue: DeadLetterQueue, calls: Counter[str]
) -> None:
    with receive_messages(stage, [queue], 1000) as messages:
        assert len(messages) == MESSAGES
        assert count_in(stage, queue.url) == (0, MESSAGES)

    assert count_in(stage, queue.url) == (MESSAGES, 0)
    assert calls["ChangeMessageVisibilityBatch"] == 3


def test_no_more_messages_are_received_than_the_limit(stage: StageClient, queue: DeadLetterQueue) -> None:
    with receive_messages(stage, [queue], 13) as messages:
        assert len(messages) == 13
        assert count_in(stage, queue.url) == (MESSAGES - 13, 13)


def test_a_long_redrive_hides_its_messages_for_longer(stage: StageClient, queue: DeadLetterQueue) -> None:
    timeouts = []
    stage.client("sqs").meta.events.register(
        "before-parameter-build.sqs.ReceiveMessage", lambda params, **_: timeouts.append(params["VisibilityTimeout"])
    )

    for limit, waiting in ((1000, MESSAGES), (20_000, 20_000), (10**9, 10**9)):
        with receive_messages(stage, [replace(queue, messages=waiting)], limit):
            pass

    assert [min(timeouts), sorted(set(timeouts))[1], max(timeouts)] == [302, 2300, 12 * 3600]


def test_a_message_that_its_queue_refuses_stays(stage: StageClient, queue: DeadLetterQueue) -> None:
    class Refusing:
        """SQS, which refuses the second message of each call."""

        def __init__(self) -> None:
            self.deleted: list[int] = []

        def send_message_batch(self, **_: object) -> dict[str, list[dict[str, str]]]:
            return {"Failed": [{"Id": "1", "Code": "TooLong", "Message": "too long"}]}

        def delete_message_batch(self, Entries: list[object], **_: object) -> dict[str, object]:  # noqa: N803
            self.deleted.append(len(Entries))
            return {}

    refusing = Refusing()
    other = StageClient("local", {"sqs": refusing, "events": stage.client("events")}.__getitem__)
    other.__dict__["published"] = {"bus/name": BUS}
    with receive_messages(stage, [queue], 3) as messages:
        sent = list(Redriver(other).send([prepare(message, [], in_editor=False) for message in messages]))

    assert [one.refusal for one in sent] == [None, "TooLong: too long", None]
    assert refusing.deleted == [2]


def test_a_message_that_was_not_deleted_is_told(stage: StageClient, queue: DeadLetterQueue) -> None:
    with receive_messages(stage, [queue], 1) as messages:
        pass
    spoiled = [replace(message, receipt_handle="none") for message in messages]

    with pytest.raises(CliError, match="cart-events-dlq still holds 1 of them"):
        Redriver(stage).delete(spoiled)
