"""The plan of a replay: what, how many, to whom, and which effects outside are held back."""

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

from bus.replay import replay_name_of
from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.events.consumers import effect_of
from ecom67.events.event_filter import Selection
from ecom67.events.journal import JournalledEvent, JournalReader
from ecom67.events.subscriptions import JOURNAL, Subscription, subscriptions, takes
from ecom67.local.connection import state_folder
from ecom67.stage_client import StageClient
from schemas.contract import Contract

FRESH_FOR = timedelta(hours=1)


class Origin(StrEnum):
    """From where events are replayed."""

    JOURNAL = "journal"
    ARCHIVE = "archive"


class Share(Contract):
    """What one consumer gets.

    Attributes:
        consumer: its name.
        queue_arn: where a replay from the journal sends.
        rule_arn: to which a replay from the archive is limited.
        events: how many.
        suppressed: how many of them are held back, by the effect outside that they would have.
    """

    consumer: str
    queue_arn: str | None
    rule_arn: str
    events: int
    suppressed: dict[str, int]


class Plan(Contract):
    """A replay before and while it is carried out.

    Attributes:
        name: of the replay; the consumers see it with each event.
        stage: of which the events are.
        origin: from where they come.
        selection: what was asked for.
        consumers: that were named; none means all.
        allowed: effects outside that it may have.
        shares: by consumer.
        types: how many events of each type.
        event_ids: in the order in which they are sent; of an archive those that the journal knows of.
        left_out: events that do not fit their contract, which no consumer would read.
        digest: of all that it depends on, by which it is known to be stale.
        made_at: when.
        sent: how many of the events were sent so far.
        finished_at: when the last was sent.
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
    def selection(self) -> Selection:
        """What was asked for."""
        return Selection(self.since, self.until, self.source, self.detail_type, self.correlation_id, self.order_id)


def planned(
    stage: StageClient, selection: Selection, origin: Origin, consumers: list[str], allowed: list[str]
) -> tuple[Plan, list[JournalledEvent], list[Subscription]]:
    """Return a plan, with the events and the subscriptions that it is about.

    Raises CliError where a consumer does not exist, or cannot be reached in this way.
    """
    selection = _closed(selection)
    chosen = _chosen(stage, consumers, origin)
    events = JournalReader(stage).selected(selection)
    valid = [event for event in events if not event.faults]
    shares = [share for rule in chosen if (share := _share(rule, valid, set(allowed), stage)).events]
    wanted = [event for event in valid if any(takes(rule, event.message(), stage) for rule in chosen)]
    plan = Plan(
        name=replay_name_of(f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}", allowed),
        stage=stage.name,
        origin=origin,
        since=selection.since,
        until=selection.until or datetime.now(UTC),
        source=selection.source,
        detail_type=selection.detail_type,
        correlation_id=selection.correlation_id,
        order_id=selection.order_id,
        consumers=consumers,
        allowed=sorted(set(allowed)),
        shares=shares,
        types=dict(sorted(Counter(event.detail_type for event in wanted).items())),
        event_ids=[event.event_id for event in wanted],
        left_out=len(events) - len(valid),
        digest=_digest(wanted, shares),
        made_at=datetime.now(UTC),
    )
    return plan, wanted, chosen


def made_again(stage: StageClient, plan: Plan) -> tuple[list[JournalledEvent], list[Subscription]]:
    """Return the events and subscriptions of a plan as they are now.

    Raises CliError where it was executed before, or is stale: too old, or what it is about is no longer the same.
    """
    if plan.finished_at:
        raise CliError(
            f"Replay {plan.name} was executed at {plan.finished_at:%H:%M:%S} UTC. To do it again, plan anew."
        )
    if datetime.now(UTC) - plan.made_at > FRESH_FOR and not plan.sent:
        raise CliError(f"The plan of replay {plan.name} is older than an hour. Make a new one.")
    now, events, rules = planned(stage, plan.selection, plan.origin, plan.consumers, plan.allowed)
    if now.digest != plan.digest:
        raise CliError(
            f"The plan of replay {plan.name} is stale: it was about {len(plan.event_ids)} events for "
            f"{_names(plan.shares)}, and now it would be {len(now.event_ids)} for {_names(now.shares)}. Make a new one."
        )
    return events, rules


class Plans:
    """The plans of a stage that were made on this machine.

    Parameters:
        stage: the stage.
    """

    def __init__(self, stage: StageClient) -> None:
        folder = state_folder() if stage.is_local else ROOT / ".cache"
        self._folder = folder / "replays" / stage.name
        self._stage = stage.name

    def keep(self, plan: Plan) -> None:
        """Write a plan down, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._path(plan.name).with_suffix(".new")
        draft.write_text(plan.model_dump_json(indent=2))
        draft.replace(self._path(plan.name))

    def read(self, name: str) -> Plan:
        """Return a plan; raises CliError where there is none of that name."""
        path = self._path(name)
        if not path.is_file():
            raise CliError(f"There is no plan {name!r} of stage {self._stage} on this machine.")
        return Plan.model_validate_json(path.read_text())

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Keep a second command from executing the same plan; raises CliError where one does."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._path(name).with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CliError(f"Replay {name} is being executed by another command.") from None
            yield

    def _path(self, name: str) -> Path:
        return self._folder / f"{Path(name).name}.json"


def _closed(selection: Selection) -> Selection:
    until = min(selection.until or datetime.now(UTC), datetime.now(UTC))
    # By the millisecond, as the journal keeps it: the plan that is read again means the same.
    until = until.replace(microsecond=until.microsecond // 1000 * 1000)
    since = selection.since and selection.since.replace(microsecond=selection.since.microsecond // 1000 * 1000)
    return Selection(
        since, until, selection.source, selection.detail_type, selection.correlation_id, selection.order_id
    )


def _chosen(stage: StageClient, consumers: list[str], origin: Origin) -> list[Subscription]:
    rules = [rule for rule in subscriptions(stage) if rule.consumer != JOURNAL and rule.enabled]
    if unknown := set(consumers) - {rule.consumer for rule in rules}:
        names = ", ".join(rule.consumer for rule in rules)
        raise CliError(f"Nobody of that name reads the bus: {', '.join(sorted(unknown))}. There are: {names}.")
    chosen = [rule for rule in rules if not consumers or rule.consumer in consumers]
    if origin is Origin.JOURNAL:
        beyond = [rule.consumer for rule in chosen if rule.queue_arn is None]
        if consumers and beyond:
            raise CliError(f"{', '.join(beyond)} has no queue; only a replay from the archive reaches it.")
        chosen = [rule for rule in chosen if rule.queue_arn]
    return chosen


def _share(rule: Subscription, events: list[JournalledEvent], allowed: set[str], stage: StageClient) -> Share:
    taken = [event for event in events if takes(rule, event.message(), stage)]
    effects = (effect_of(rule.consumer, event.source, event.detail_type) for event in taken)
    suppressed = Counter(effect for effect in effects if effect and effect not in allowed)
    return Share(
        consumer=rule.consumer,
        queue_arn=rule.queue_arn,
        rule_arn=rule.rule_arn,
        events=len(taken),
        suppressed=dict(sorted(suppressed.items())),
    )


def _digest(events: list[JournalledEvent], shares: list[Share]) -> str:
    depends_on = [[event.event_id for event in events], [share.model_dump(mode="json") for share in shares]]
    return hashlib.sha256(json.dumps(depends_on).encode()).hexdigest()


def _names(shares: list[Share]) -> str:
    return ", ".join(f"{share.consumer} ({share.events})" for share in shares) or "nobody"
