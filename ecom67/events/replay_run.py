"""Carries out a replay: from the journal into the consumers' queues, or from the archive by EventBridge."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bus.replay import REPLAY_NAME_FIELD
from ecom67.base.errors import CliError
from ecom67.events.journal import JournalledEvent
from ecom67.events.replay_plan import Origin, Plan, Plans
from ecom67.events.subscriptions import Subscription, takes
from ecom67.stage_client import StageClient

EVENTS_AT_ONCE = 10
"""Between two notes of how far it is; after an interruption so many may be sent twice."""
MAX_BYTES = 256 * 1024
"""Bytes that a call to SQS takes; source: its API reference."""
MAX_WAITING = 200
"""Messages that may wait in a consumer's queue before the replay makes room for those of the shop that sells."""
LOOK_EVERY = 0.5
"""Seconds between two looks at the queues, or at EventBridge's replay."""

OnProgress = Callable[[int], None]


class JournalReplay:
    """Sends journalled events to the queues of the chosen consumers, and to nobody else.

    Parameters:
        stage: the stage.
        plans: where it is noted how far it is.
        pace: events a second at the most.
    """

    def __init__(self, stage: StageClient, plans: Plans, pace: float) -> None:
        self._stage = stage
        self._sqs = stage.client("sqs")
        self._plans = plans
        self._pace = pace
        self._urls: dict[str, str] = {}

    def run(
        self, plan: Plan, events: list[JournalledEvent], rules: list[Subscription], on_progress: OnProgress
    ) -> Plan:
        """Send what is not sent yet; return the plan as it is then.

        Raises CliError where a queue does not take a message; the plan goes on from there the next time.
        """
        queues = {rule.queue_arn for rule in rules if rule.queue_arn}
        started, before = time.monotonic(), plan.sent
        looked = float("-inf")
        while plan.sent < len(events):
            if time.monotonic() - looked >= LOOK_EVERY:
                while self.waiting(queues) > MAX_WAITING:
                    time.sleep(LOOK_EVERY)
                looked = time.monotonic()
            some = events[plan.sent : plan.sent + EVENTS_AT_ONCE]
            for rule in rules:
                self._send(rule, [event for event in some if takes(rule, event.message(), self._stage)], plan.name)
            plan = plan.model_copy(update={"sent": plan.sent + len(some)})
            self._plans.keep(plan)
            on_progress(plan.sent)
            due = started + (plan.sent - before) / self._pace
            time.sleep(max(0.0, due - time.monotonic()))
        return _finished(plan, self._plans)

    def waiting(self, queue_arns: set[str]) -> int:
        """Return how many messages wait in the fullest of some queues, or are being handled."""
        return max((self._waiting_in(arn) for arn in queue_arns), default=0)

    def _waiting_in(self, arn: str) -> int:
        held = self._sqs.get_queue_attributes(QueueUrl=self._url(arn), AttributeNames=["All"])["Attributes"]
        return sum(int(value) for name, value in held.items() if name.startswith("ApproximateNumberOfMessages"))

    def _send(self, rule: Subscription, events: list[JournalledEvent], replay: str) -> None:
        if rule.queue_arn is None:
            return
        for bodies in _in_calls([json.dumps({**event.message(), REPLAY_NAME_FIELD: replay}) for event in events]):
            entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
            answer = self._sqs.send_message_batch(QueueUrl=self._url(rule.queue_arn), Entries=entries)
            if failed := answer.get("Failed"):
                raise CliError(
                    f"The queue of {rule.consumer} did not take {len(failed)} events: {failed[0]['Message']}."
                )

    def _url(self, arn: str) -> str:
        if arn not in self._urls:
            name = arn.rpartition(":")[2]
            self._urls[arn] = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return self._urls[arn]


class ArchiveReplay:
    """Has EventBridge replay a time of the archive to the rules of the chosen consumers.

    Parameters:
        stage: the stage.
        plans: where it is noted that it was done.
    """

    def __init__(self, stage: StageClient, plans: Plans) -> None:
        self._stage = stage
        self._events = stage.client("events")
        self._plans = plans

    def run(self, plan: Plan, rules: list[Subscription], on_progress: Callable[[str], None]) -> Plan:
        """Start the replay and wait until EventBridge is done; return the plan as it is then.

        Interrupted, the replay goes on by itself, and the plan finds it again.
        """
        bus = self._stage.published["bus/arn"]
        if not plan.sent:
            self._events.start_replay(
                ReplayName=plan.name,
                EventSourceArn=self._archive(bus),
                EventStartTime=plan.since,
                EventEndTime=plan.until,
                Destination={"Arn": bus, "FilterArns": [rule.rule_arn for rule in rules]},
            )
            plan = plan.model_copy(update={"sent": 1})
            self._plans.keep(plan)
        while True:
            answer: dict[str, Any] = self._events.describe_replay(ReplayName=plan.name)
            last = answer.get("EventLastReplayedTime")
            on_progress(answer["State"].lower() + (f", up to {last:%Y-%m-%d %H:%M:%S}" if last else ""))
            if answer["State"] == "COMPLETED":
                return _finished(plan, self._plans)
            if answer["State"] in ("CANCELLED", "FAILED"):
                raise CliError(
                    f"Replay {plan.name} is {answer['State'].lower()}: {answer.get('StateReason', 'no reason')}."
                )
            time.sleep(LOOK_EVERY)

    def _archive(self, bus_arn: str) -> str:
        archives = self._events.list_archives(EventSourceArn=bus_arn)["Archives"]
        if not archives:
            raise CliError(
                f"The bus of stage {self._stage.name} has no archive. Replay from the journal: --from journal."
            )
        arn: str = self._events.describe_archive(ArchiveName=archives[0]["ArchiveName"])["ArchiveArn"]
        return arn


def refuse_what_an_archive_cannot(plan: Plan, stage: StageClient) -> None:
    """Raise CliError where a replay from the archive was asked for what EventBridge cannot do."""
    if plan.origin is not Origin.ARCHIVE:
        return
    if plan.since is None:
        raise CliError("A replay from the archive needs --since: EventBridge replays a time.")
    if plan.source or plan.detail_type or plan.correlation_id or plan.order_id:
        raise CliError(
            "EventBridge replays all events of a time to the rules that are named; --source, --type, --correlation and "
            "--order are possible from the journal only: --from journal."
        )
    if stage.is_local and plan.consumers:
        raise CliError(
            "The emulator replays to every rule, whichever are named. On the local stage name consumers with "
            "--from journal; without --consumer the archive's replay is as in AWS."
        )


def _finished(plan: Plan, plans: Plans) -> Plan:
    plan = plan.model_copy(update={"finished_at": datetime.now(UTC)})
    plans.keep(plan)
    return plan


def _in_calls(bodies: list[str]) -> Iterator[list[str]]:
    call: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if call and (len(call) == EVENTS_AT_ONCE or size + length > MAX_BYTES):
            yield call
            call, size = [], 0
        call.append(body)
        size += length
    if call:
        yield call
