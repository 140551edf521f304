"""Execution of a replay: from the journal into the consumers' queues, or from the archive by EventBridge."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bus.concurrent_calls import map_concurrently
from bus.journal_reader import JournalledEvent
from bus.replay_guard import REPLAY_NAME_FIELD
from ecom67.base.errors import CliError
from ecom67.events.journal import StageJournal
from ecom67.events.replay_plan import Origin, Plan, PlanStore
from ecom67.events.sqs_batches import in_batches
from ecom67.events.subscriptions import BusRule, matches
from ecom67.stage_client import StageClient

STEP_SIZE = 10
"""Events between two updates of the progress; at most this many are sent twice after an interruption."""
READ_SIZE = 1000
"""Events that are held in memory at once."""
MAX_QUEUED = 200
"""Messages in a consumer's queue above which the replay pauses, so that the shop's own messages are not delayed."""
POLL_SECONDS = 0.5
"""Seconds between two checks of the queues, or of EventBridge's replay."""

OnProgress = Callable[[int], None]


class JournalReplay:
    """Sends journalled events to the queues of the selected consumers.

    Parameters:
        stage: the stage.
        plans: stores the progress.
        pace: maximum events per second.
    """

    def __init__(self, stage: StageClient, plans: PlanStore, pace: float) -> None:
        self._stage = stage
        self._journal = StageJournal(stage)
        self._sqs = stage.client("sqs")
        self._plans = plans
        self._pace = pace
        self._urls: dict[str, str] = {}

    def run(self, plan: Plan, rules: list[BusRule], on_progress: OnProgress) -> Plan:
        """Send the events that were not sent yet; return the updated plan.

        Raises CliError where a queue refuses a message; the next execution of the plan continues from there.
        """
        queues = {rule.queue_arn for rule in rules if rule.queue_arn}
        started, sent_before = time.monotonic(), plan.sent
        checked_at = float("-inf")
        for event_ids in _chunks(plan.event_ids[plan.sent :], READ_SIZE):
            events = {event.event_id: event for event in self._journal.events(event_ids)}
            for step in _chunks(event_ids, STEP_SIZE):
                if time.monotonic() - checked_at >= POLL_SECONDS:
                    while self.queue_depth(queues) > MAX_QUEUED:
                        time.sleep(POLL_SECONDS)
                    checked_at = time.monotonic()
                # One that has expired since the plan was made is not there.
                self._send(rules, [events[event_id] for event_id in step if event_id in events], plan.name)
                plan = plan.model_copy(update={"sent": plan.sent + len(step)})
                self._plans.save_progress(plan)
                on_progress(plan.sent)
                due = started + (plan.sent - sent_before) / self._pace
                time.sleep(max(0.0, due - time.monotonic()))
        return _save_finished(plan, self._plans)

    def queue_depth(self, queue_arns: set[str]) -> int:
        """Return the number of messages of the fullest queue, including those in flight."""
        return max((self._depth_of(arn) for arn in queue_arns), default=0)

    def _depth_of(self, arn: str) -> int:
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url(arn), AttributeNames=["All"])["Attributes"]
        return sum(int(value) for name, value in attributes.items() if name.startswith("ApproximateNumberOfMessages"))

    def _send(self, rules: list[BusRule], events: list[JournalledEvent], replay: str) -> None:
        def send(rule: BusRule) -> None:
            matching = (event for event in events if matches(rule, event.message(), self._stage))
            bodies = [json.dumps({**event.message(), REPLAY_NAME_FIELD: replay}) for event in matching]
            for batch in in_batches(bodies, body=str):
                entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(batch)]
                answer = self._sqs.send_message_batch(QueueUrl=self._url(str(rule.queue_arn)), Entries=entries)
                if failed := answer.get("Failed"):
                    raise CliError(
                        f"The queue of {rule.consumer} did not take {len(failed)} events: {failed[0]['Message']}."
                    )

        map_concurrently(send, [rule for rule in rules if rule.queue_arn])

    def _url(self, arn: str) -> str:
        if arn not in self._urls:
            name = arn.rpartition(":")[2]
            self._urls[arn] = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return self._urls[arn]


class ArchiveReplay:
    """Lets EventBridge replay a period of the archive to the rules of the selected consumers.

    Parameters:
        stage: the stage.
        plans: stores the progress.
    """

    def __init__(self, stage: StageClient, plans: PlanStore) -> None:
        self._stage = stage
        self._events = stage.client("events")
        self._plans = plans

    def run(self, plan: Plan, rules: list[BusRule], on_progress: Callable[[str], None]) -> Plan:
        """Start the replay and wait until EventBridge has finished; return the updated plan.

        After an interruption EventBridge continues, and the next execution of the plan waits for the same replay.

        Raises CliError where the replay fails or is cancelled.
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
            self._plans.save(plan)
        while True:
            answer: dict[str, Any] = self._events.describe_replay(ReplayName=plan.name)
            last = answer.get("EventLastReplayedTime")
            on_progress(answer["State"].lower() + (f", up to {last:%Y-%m-%d %H:%M:%S}" if last else ""))
            if answer["State"] == "COMPLETED":
                return _save_finished(plan, self._plans)
            if answer["State"] in ("CANCELLED", "FAILED"):
                raise CliError(
                    f"Replay {plan.name} is {answer['State'].lower()}: {answer.get('StateReason', 'no reason')}."
                )
            time.sleep(POLL_SECONDS)

    def _archive(self, bus_arn: str) -> str:
        archives = self._events.list_archives(EventSourceArn=bus_arn)["Archives"]
        if not archives:
            raise CliError(
                f"The bus of stage {self._stage.name} has no archive. Replay from the journal: --from journal."
            )
        arn: str = self._events.describe_archive(ArchiveName=archives[0]["ArchiveName"])["ArchiveArn"]
        return arn


def require_archive_support(plan: Plan, stage: StageClient) -> None:
    """Raise CliError where a plan for the archive needs what EventBridge's replay cannot do."""
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


def _save_finished(plan: Plan, plans: PlanStore) -> Plan:
    plan = plan.model_copy(update={"finished_at": datetime.now(UTC)})
    plans.save(plan)
    return plan


def _chunks(event_ids: list[str], size: int) -> Iterator[list[str]]:
    return (event_ids[start : start + size] for start in range(0, len(event_ids), size))
