"""The plan of a replay: its events, the consumers that receive them, and the effects that are suppressed."""

import fcntl
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bus.journal_reader import EVENTBRIDGE_VERSION, IndexedEvent
from bus.replay_guard import replay_name_of
from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.events.consumers import suppressed_effect
from ecom67.events.event_filter import EventFilter
from ecom67.events.journal import StageJournal
from ecom67.events.subscriptions import JOURNAL, BusRule, bus_rules, matches
from ecom67.local.connection import state_folder
from ecom67.stage_client import StageClient
from schemas.contract import Contract

PLAN_LIFETIME = timedelta(hours=1)


class Origin(StrEnum):
    """Where the events of a replay come from."""

    JOURNAL = "journal"
    ARCHIVE = "archive"


class Share(Contract):
    """The share of one consumer in a replay.

    Attributes:
        consumer: name of the consumer.
        queue_arn: queue to which a replay from the journal sends.
        rule_arn: rule to which a replay from the archive is limited.
        events: number of events.
        suppressed: number of events whose external effect is suppressed, by effect.
    """

    consumer: str
    queue_arn: str | None
    rule_arn: str
    events: int
    suppressed: dict[str, int]


class Plan(Contract):
    """A replay, before and during its execution.

    Attributes:
        name: name of the replay, which consumers see with each event.
        stage: name of the stage.
        origin: where the events come from.
        since, until, source, detail_type, correlation_id, order_id: the filter of the events.
        consumers: the consumers that were selected; an empty list means all.
        allowed: external effects that are not suppressed.
        shares: the shares of the consumers.
        types: number of events by detail type.
        event_ids: ids in the order of sending; for the archive, those that are also in the journal.
        left_out: number of events that violate their contract, which no consumer would read.
        digest: digest of all that the plan depends on; a different one makes the plan stale.
        made_at: when the plan was made.
        sent: number of events sent so far.
        finished_at: when the last event was sent.
    """

    name: str
    stage: str
    origin: Origin
    since: datetime | None
    until: datetime
    source: str | None
    detail_type: str | None
    correlation_id: str | None
    order_id: str | None
    consumers: list[str]
    allowed: list[str]
    shares: list[Share]
    types: dict[str, int]
    event_ids: list[str]
    left_out: int
    digest: str
    made_at: datetime
    sent: int = 0
    finished_at: datetime | None = None

    @property
    def event_filter(self) -> EventFilter:
        """The filter of the events."""
        return EventFilter(self.since, self.until, self.source, self.detail_type, self.correlation_id, self.order_id)


def make_plan(
    stage: StageClient, event_filter: EventFilter, origin: Origin, consumers: list[str], allowed: list[str]
) -> tuple[Plan, list[BusRule]]:
    """Return a plan with its rules.

    Parameters:
        stage: the stage.
        event_filter: selects the events.
        origin: where the events come from.
        consumers: names of the consumers that receive them; an empty list means all.
        allowed: external effects that are not suppressed.

    Raises CliError where a consumer does not exist, or has no queue for a replay from the journal.
    """
    event_filter = _with_end(event_filter)
    rules = _select_rules(stage, consumers, origin)
    journal = StageJournal(stage)
    events = journal.find(event_filter)
    valid = [event for event in events if not event.violations]
    received = {rule.consumer: _matching(rule, valid, journal, stage) for rule in rules}
    shares = [_share(rule, received[rule.consumer], set(allowed)) for rule in rules if received[rule.consumer]]
    wanted = {event.event_id for matching in received.values() for event in matching}
    selected = [event for event in valid if event.event_id in wanted]
    plan = Plan(
        name=replay_name_of(f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}", allowed),
        stage=stage.name,
        origin=origin,
        since=event_filter.since,
        until=event_filter.until or datetime.now(UTC),
        source=event_filter.source,
        detail_type=event_filter.detail_type,
        correlation_id=event_filter.correlation_id,
        order_id=event_filter.order_id,
        consumers=consumers,
        allowed=sorted(set(allowed)),
        shares=shares,
        types=dict(sorted(Counter(event.detail_type for event in selected).items())),
        event_ids=[event.event_id for event in selected],
        left_out=len(events) - len(valid),
        digest=_digest(selected, shares),
        made_at=datetime.now(UTC),
    )
    return plan, rules


def revalidate_plan(stage: StageClient, plan: Plan) -> list[BusRule]:
    """Return the current rules of a stored plan.

    Raises CliError where the plan was executed before, or is stale: too old, or its events or rules have changed.
    """
    if plan.finished_at:
        raise CliError(
            f"Replay {plan.name} was executed at {plan.finished_at:%H:%M:%S} UTC. To repeat it, make a new plan."
        )
    if datetime.now(UTC) - plan.made_at > PLAN_LIFETIME and not plan.sent:
        raise CliError(f"The plan of replay {plan.name} is older than an hour. Make a new one.")
    current, rules = make_plan(stage, plan.event_filter, plan.origin, plan.consumers, plan.allowed)
    if current.digest != plan.digest:
        raise CliError(
            f"The plan of replay {plan.name} is stale: it was about {len(plan.event_ids)} events for "
            f"{_names(plan.shares)}, and now it would be {len(current.event_ids)} for {_names(current.shares)}. "
            "Make a new one."
        )
    return rules


class PlanStore:
    """The replay plans of a stage, stored on this machine."""

    def __init__(self, stage: StageClient) -> None:
        folder = state_folder() if stage.is_local else ROOT / ".cache"
        self._folder = folder / "replays" / stage.name
        self._stage = stage.name

    def save(self, plan: Plan) -> None:
        """Store a plan atomically."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._path(plan.name).with_suffix(".new")
        draft.write_text(plan.model_dump_json(indent=2))
        draft.replace(self._path(plan.name))

    def save_progress(self, plan: Plan) -> None:
        """Store how many events of a plan were sent: a line in a file of its own, however long the plan is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._progress_path(plan.name).open("a") as progress:
            progress.write(f"{plan.sent}\n")

    def load(self, name: str) -> Plan:
        """Return the plan with a name and its progress; raises CliError where it does not exist."""
        path = self._path(name)
        if not path.is_file():
            raise CliError(f"There is no plan {name!r} of stage {self._stage} on this machine.")
        plan = Plan.model_validate_json(path.read_text())
        return plan.model_copy(update={"sent": max(plan.sent, self._sent(name))})

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Lock a plan for execution; raises CliError where another command executes it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._path(name).with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CliError(f"Replay {name} is being executed by another command.") from None
            yield

    def _sent(self, name: str) -> int:
        path = self._progress_path(name)
        # An interruption may have cut the last line.
        lines = path.read_text().rpartition("\n")[0].splitlines() if path.is_file() else []
        return int(lines[-1]) if lines else 0

    def _path(self, name: str) -> Path:
        return self._folder / f"{Path(name).name}.json"

    def _progress_path(self, name: str) -> Path:
        return self._path(name).with_suffix(".progress")


def _with_end(event_filter: EventFilter) -> EventFilter:
    until = min(event_filter.until or datetime.now(UTC), datetime.now(UTC))
    # In whole milliseconds, the precision of the journal, so that the stored plan selects the same events.
    until = until.replace(microsecond=until.microsecond // 1000 * 1000)
    since = event_filter.since and event_filter.since.replace(microsecond=event_filter.since.microsecond // 1000 * 1000)
    return EventFilter(
        since, until, event_filter.source, event_filter.detail_type, event_filter.correlation_id, event_filter.order_id
    )


def _select_rules(stage: StageClient, consumers: list[str], origin: Origin) -> list[BusRule]:
    rules = [rule for rule in bus_rules(stage) if rule.consumer != JOURNAL and rule.enabled]
    if unknown := set(consumers) - {name for rule in rules for name in (rule.consumer, rule.service)}:
        names = ", ".join(rule.consumer for rule in rules)
        raise CliError(f"There is no consumer {', '.join(sorted(unknown))}. There are: {names}.")
    # Who names a service means all that it reads.
    selected = [rule for rule in rules if not consumers or {rule.consumer, rule.service} & set(consumers)]
    if origin is Origin.JOURNAL:
        without_queue = [rule.consumer for rule in selected if rule.queue_arn is None]
        if consumers and without_queue:
            raise CliError(f"{', '.join(without_queue)} has no queue; only a replay from the archive reaches it.")
        selected = [rule for rule in selected if rule.queue_arn]
    return selected


def _matching(
    rule: BusRule, events: list[IndexedEvent], journal: StageJournal, stage: StageClient
) -> list[IndexedEvent]:
    """Return the events that a rule matches. Only a rule of an inexact pattern needs to read them whole."""
    if rule.is_exact:
        heads = {event.kind: {"source": event.source, "detail-type": event.detail_type} for event in events}
        kinds = {kind for kind, head in heads.items() if matches(rule, {"version": EVENTBRIDGE_VERSION, **head}, stage)}
        return [event for event in events if event.kind in kinds]
    whole = journal.events([event.event_id for event in events])
    return [event for event in whole if matches(rule, event.message(), stage)]


def _share(rule: BusRule, events: list[IndexedEvent], allowed: set[str]) -> Share:
    suppressed: Counter[str] = Counter()
    for kind, count in Counter(event.kind for event in events).items():
        effect = suppressed_effect(rule.service, *kind)
        if effect and effect not in allowed:
            suppressed[effect] += count
    return Share(
        consumer=rule.consumer,
        queue_arn=rule.queue_arn,
        rule_arn=rule.rule_arn,
        events=len(events),
        suppressed=dict(sorted(suppressed.items())),
    )


def _digest(events: list[IndexedEvent], shares: list[Share]) -> str:
    content = [[event.event_id for event in events], [share.model_dump(mode="json") for share in shares]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _names(shares: list[Share]) -> str:
    return ", ".join(f"{share.consumer} ({share.events})" for share in shares) or "nobody"
