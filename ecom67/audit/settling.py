"""Waits until nothing is on its way in a stage: its queues are empty."""

import time
from collections.abc import Callable

from bus.concurrent_calls import map_concurrently
from ecom67.stage_client import StageClient

LOOKS = 3
"""Consecutive looks at empty queues: a stream's reader has no queue, and takes up to a second in AWS."""
PAUSE_SECONDS = 0.5
ON_THEIR_WAY = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
"""Messages that wait, and that somebody works on. Those that are delayed wait for their time, such as the last look at
the orders of an erased customer after a quarter of an hour."""


def settle(stage: StageClient, seconds: float) -> list[str]:
    """Wait until the queues of a stage are empty; return the names of those that still hold messages.

    Dead letters wait for a person, and so are not waited for.

    Parameters:
        stage: the stage.
        seconds: how long to wait at most; 0 looks once.
    """
    urls = [queue.physical_id for queue in stage.of_kind("AWS::SQS::Queue")]
    working = [url for url in urls if not url.endswith(("-dlq", "parking"))]
    deadline = time.monotonic() + seconds
    quiet = 0
    while True:
        busy = [url for url, holds in zip(working, map_concurrently(_holder(stage), working), strict=True) if holds]
        quiet = 0 if busy else quiet + 1
        if quiet >= LOOKS or time.monotonic() + PAUSE_SECONDS > deadline:
            return [url.rpartition("/")[2].removeprefix(stage.prefix) for url in busy]
        time.sleep(PAUSE_SECONDS)


def dead_letters(stage: StageClient) -> dict[str, int]:
    """Return the number of messages in each queue of dead letters or parked events that is not empty."""
    urls = [queue.physical_id for queue in stage.of_kind("AWS::SQS::Queue")]
    waiting = [url for url in urls if url.endswith(("-dlq", "parking"))]
    numbers = zip(waiting, map_concurrently(_holder(stage), waiting), strict=True)
    return {url.rpartition("/")[2].removeprefix(stage.prefix): number for url, number in numbers if number}


def _holder(stage: StageClient) -> Callable[[str], int]:
    sqs = stage.client("sqs")

    def messages(url: str) -> int:
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(ON_THEIR_WAY))["Attributes"]
        return sum(int(attributes[name]) for name in ON_THEIR_WAY)

    return messages
