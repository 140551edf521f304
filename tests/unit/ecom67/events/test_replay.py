"""A replay has a plan, continues after an interruption, and is refused once its plan is stale."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bus.journal_reader import JournalledEvent
from ecom67.base.errors import CliError
from ecom67.events import replay_plan, replay_run
from ecom67.events.consumers import require_known_effects
from ecom67.events.event_filter import EventFilter
from ecom67.events.replay_plan import Origin, Plan, PlanStore, make_plan, revalidate_plan
from ecom67.events.replay_run import JournalReplay, require_archive_support
from ecom67.events.subscriptions import BusRule, matches
from ecom67.stage_client import StageClient
from schemas.exporters.examples import example
from schemas.orders import OrderCancelled, OrderPlaced
from tests.unit.ecom67.events.journalled import DELIVERED, journalled

PLACED, CANCELLED = example(OrderPlaced, full=False), example(OrderCancelled, full=False)
EVENTS = [journalled(f"e{number:02}", after_ms=number, event=PLACED) for number in range(25)]
DONE: list[int] = []


def rule(consumer: str, *types: str, queue: bool = True, enabled: bool = True) -> BusRule:
    arn = f"arn:aws:sqs:us-east-1:000000000000:ecom67-local-{consumer}-events"
    pattern = {"source": ["ecom67.orders"], "detail-type": list(types)}
    return BusRule(consumer, f"rule/{consumer}", pattern, enabled, arn if queue else None, f"{consumer}-events")


class Queues:
    """SQS: takes batches until it is told to break down, and holds as much as it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.breaks_after: int | None = None
        self.waiting: Iterator[int] = iter(())

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803 - as SQS has it
        return {"QueueUrl": f"http://queue/{QueueName}"}

    def get_queue_attributes(self, **_: object) -> dict[str, dict[str, str]]:
        return {"Attributes": {"ApproximateNumberOfMessages": str(next(self.waiting, 0)), "QueueArn": "arn"}}

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        if self.breaks_after is not None and len(self.sent) >= self.breaks_after:
            return {"Failed": [{"Message": "throttled"} for _ in Entries]}
        assert len(Entries) <= 10
        assert sum(len(entry["MessageBody"].encode()) for entry in Entries) <= 256 * 1024
        self.sent += [(QueueUrl.rpartition("/")[2], json.loads(entry["MessageBody"])) for entry in Entries]
        return {}


@pytest.fixture
def queues() -> Queues:
    return Queues()


@pytest.fixture
def deployed(queues: Queues) -> StageClient:
    return StageClient("local", {"sqs": queues}.__getitem__)


@pytest.fixture
def plans(deployed: StageClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlanStore:
    monkeypatch.setenv("ECOM67_STATE", str(tmp_path))
    return PlanStore(deployed)


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> list[JournalledEvent]:
    """Return what the journal holds, which tests may change."""
    held = list(EVENTS)

    class Reader:
        def __init__(self, _: StageClient) -> None: ...

        def find(self, _: EventFilter) -> list[JournalledEvent]:
            return held

        def events(self, event_ids: list[str]) -> Iterator[JournalledEvent]:
            assert len(event_ids) <= replay_run.READ_SIZE
            by_id = {event.event_id: event for event in held}
            return (by_id[event_id] for event_id in event_ids if event_id in by_id)

    monkeypatch.setattr(replay_plan, "StageJournal", Reader)
    monkeypatch.setattr(replay_run, "StageJournal", Reader)
    return held


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> list[BusRule]:
    """Return who reads the bus, which tests may change."""
    read = [
        rule("cart", "OrderPlaced"),
        rule("journal", "OrderPlaced"),
        rule("notifications", "OrderPlaced", "OrderCancelled"),
        rule("payment", "OrderCancelled"),
    ]
    monkeypatch.setattr(replay_plan, "bus_rules", lambda _: read)
    return read


def plan_of(deployed: StageClient, *consumers: str, allowed: tuple[str, ...] = ()) -> Plan:
    return make_plan(deployed, EventFilter(), Origin.JOURNAL, list(consumers), list(allowed))[0]


def test_a_plan_tells_how_many_go_to_whom_and_what_is_held_back(
    deployed: StageClient, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    journal += [
        journalled("cancelled", event=CANCELLED, after_ms=50),
        journalled("of nobody", event=DELIVERED, after_ms=60),
        journalled("spoiled", event=PLACED, after_ms=70, violations=("no",)),
    ]

    plan = plan_of(deployed)

    assert {share.consumer: (share.events, share.suppressed) for share in plan.shares} == {
        "cart": (25, {}),
        "notifications": (26, {"email": 26}),
        "payment": (1, {"refund": 1}),
    }
    assert plan.types == {"OrderCancelled": 1, "OrderPlaced": 25}
    assert (len(plan.event_ids), plan.left_out, plan.sent) == (26, 1, 0)


def test_what_is_allowed_is_not_held_back_and_stands_in_the_name(
    deployed: StageClient, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    plan = plan_of(deployed, "notifications", allowed=("email",))

    assert [share.suppressed for share in plan.shares] == [{}]
    assert plan.name.endswith(".allow-email")


def test_a_consumer_that_nobody_knows_is_refused_with_those_there_are(
    deployed: StageClient, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    rules[3] = rule("payment", "OrderCancelled", enabled=False)

    with pytest.raises(CliError, match=r"payment\. There are: cart, notifications\."):
        plan_of(deployed, "payment")


def test_who_names_a_service_means_its_rule_of_the_catalogue_as_well(
    deployed: StageClient, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    rules.append(rule("cart-catalog", "OrderPlaced"))

    assert [share.consumer for share in plan_of(deployed, "cart").shares] == ["cart", "cart-catalog"]
    assert [share.consumer for share in plan_of(deployed, "cart-catalog").shares] == ["cart-catalog"]


def test_each_consumer_gets_what_it_subscribes_to_in_order_marked_as_replayed(
    deployed: StageClient, plans: PlanStore, queues: Queues, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    plan, chosen = make_plan(deployed, EventFilter(), Origin.JOURNAL, ["cart"], [])
    progress: list[int] = []

    finished = JournalReplay(deployed, plans, pace=1e6).run(plan, chosen, progress.append)

    assert [message["id"] for queue, message in queues.sent] == [event.event_id for event in EVENTS]
    assert {queue for queue, _ in queues.sent} == {"ecom67-local-cart-events"}
    assert {message["replay-name"] for _, message in queues.sent} == {plan.name}
    assert queues.sent[0][1]["detail"] == EVENTS[0].detail
    assert progress == [10, 20, 25]
    assert finished.finished_at is not None


def test_an_interrupted_replay_goes_on_where_it_was(
    deployed: StageClient, plans: PlanStore, queues: Queues, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    plan, chosen = make_plan(deployed, EventFilter(), Origin.JOURNAL, ["cart"], [])
    plans.save(plan)
    queues.breaks_after = 10
    with pytest.raises(CliError, match="The queue of cart did not take 10 events: throttled"):
        JournalReplay(deployed, plans, pace=1e6).run(plan, chosen, DONE.append)
    queues.breaks_after = None

    kept = plans.load(plan.name)
    rules_again = revalidate_plan(deployed, kept)
    JournalReplay(deployed, plans, pace=1e6).run(kept, rules_again, DONE.append)

    assert kept.sent == 10
    assert [message["id"] for _, message in queues.sent] == [event.event_id for event in EVENTS]


def test_progress_is_appended_and_a_cut_line_of_it_does_not_count(
    deployed: StageClient, plans: PlanStore, journal: list[JournalledEvent], rules: list[BusRule], tmp_path: Path
) -> None:
    plan, chosen = make_plan(deployed, EventFilter(), Origin.JOURNAL, ["cart"], [])
    plans.save(plan)
    stored = next(tmp_path.rglob(f"{plan.name}.json"))
    written = stored.stat().st_size, stored.stat().st_mtime_ns

    def interrupt(sent: int) -> None:
        if sent == 20:
            assert (stored.stat().st_size, stored.stat().st_mtime_ns) == written
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        JournalReplay(deployed, plans, pace=1e6).run(plan, chosen, interrupt)
    with stored.with_suffix(".progress").open("a") as progress:
        progress.write("2")

    assert plans.load(plan.name).sent == 20


def test_an_event_that_has_expired_since_the_plan_is_left_out(
    deployed: StageClient, plans: PlanStore, queues: Queues, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    plan, chosen = make_plan(deployed, EventFilter(), Origin.JOURNAL, ["cart"], [])
    del journal[:5]

    finished = JournalReplay(deployed, plans, pace=1e6).run(plan, chosen, DONE.append)

    assert [message["id"] for _, message in queues.sent] == [event.event_id for event in EVENTS[5:]]
    assert finished.sent == len(EVENTS)


def test_a_finished_plan_is_not_executed_again(
    deployed: StageClient, plans: PlanStore, queues: Queues, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    plan, chosen = make_plan(deployed, EventFilter(), Origin.JOURNAL, ["cart"], [])
    JournalReplay(deployed, plans, pace=1e6).run(plan, chosen, DONE.append)

    with pytest.raises(CliError, match="was executed at"):
        revalidate_plan(deployed, plans.load(plan.name))


def test_a_plan_is_stale_once_it_would_be_about_something_else(
    deployed: StageClient, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    plan = plan_of(deployed)
    revalidate_plan(deployed, plan)

    journal.append(journalled("late", event=CANCELLED, after_ms=99))
    with pytest.raises(CliError, match=r"is stale: it was about 25 events .* now it would be 26 "):
        revalidate_plan(deployed, plan)

    journal.pop()
    rules[0] = rule("cart", "OrderPlaced", enabled=False)
    with pytest.raises(CliError, match="is stale"):
        revalidate_plan(deployed, plan)


def test_a_plan_is_stale_after_an_hour_unless_it_was_begun(
    deployed: StageClient, journal: list[JournalledEvent], rules: list[BusRule]
) -> None:
    old = plan_of(deployed).model_copy(update={"made_at": datetime.now(UTC) - timedelta(hours=2)})

    with pytest.raises(CliError, match="older than an hour"):
        revalidate_plan(deployed, old)
    revalidate_plan(deployed, old.model_copy(update={"sent": 10}))


def test_two_commands_do_not_execute_one_plan(plans: PlanStore) -> None:
    with plans.lock("r"), pytest.raises(CliError, match="by another command"), plans.lock("r"):
        pass


def test_a_name_that_is_a_path_finds_no_plan(plans: PlanStore) -> None:
    with pytest.raises(CliError, match="There is no plan"):
        plans.load("../../secrets")


def test_the_replay_makes_room_while_the_shops_own_messages_wait(
    deployed: StageClient,
    plans: PlanStore,
    queues: Queues,
    journal: list[JournalledEvent],
    rules: list[BusRule],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan, chosen = make_plan(deployed, EventFilter(), Origin.JOURNAL, ["cart"], [])
    queues.waiting = iter([1000, 500, 0])
    pauses: list[tuple[float, int]] = []
    monkeypatch.setattr(time, "sleep", lambda seconds: pauses.append((seconds, len(queues.sent))))

    JournalReplay(deployed, plans, pace=1e6).run(plan, chosen, DONE.append)

    assert pauses[:2] == [(replay_run.POLL_SECONDS, 0)] * 2
    assert len(queues.sent) == len(EVENTS)


def test_the_replay_is_no_faster_than_its_pace(
    deployed: StageClient,
    plans: PlanStore,
    queues: Queues,
    journal: list[JournalledEvent],
    rules: list[BusRule],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan, chosen = make_plan(deployed, EventFilter(), Origin.JOURNAL, ["cart"], [])
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))

    JournalReplay(deployed, plans, pace=5).run(plan, chosen, DONE.append)

    assert now[0] == pytest.approx(len(EVENTS) / 5)


@pytest.mark.parametrize(
    ("event_filter", "consumers", "told"),
    [
        (EventFilter(), [], "needs --since"),
        (EventFilter(since=datetime.now(UTC), detail_type="OrderPlaced"), [], "--from journal"),
        (EventFilter(since=datetime.now(UTC)), ["cart"], "The emulator replays to every rule"),
    ],
)
def test_what_the_archive_cannot_do_is_refused(
    deployed: StageClient,
    journal: list[JournalledEvent],
    rules: list[BusRule],
    event_filter: EventFilter,
    consumers: list[str],
    told: str,
) -> None:
    plan, _ = make_plan(deployed, event_filter, Origin.ARCHIVE, consumers, [])

    with pytest.raises(CliError, match=told):
        require_archive_support(plan, deployed)


def test_a_rule_of_any_other_pattern_is_judged_by_eventbridge() -> None:
    asked: list[str] = []

    class Events:
        meta = SimpleNamespace(region_name="us-east-1")

        def test_event_pattern(self, EventPattern: str, Event: str) -> dict[str, bool]:  # noqa: N803
            # EventBridge refuses an event that lacks one of these.
            assert {"id", "account", "source", "time", "region", "resources", "detail-type"} <= json.loads(Event).keys()
            asked.append(EventPattern)
            return {"Result": True}

    stage = StageClient("local", lambda _: Events())
    prefixed = BusRule("theirs", "rule", {"source": [{"prefix": "ecom67."}]}, True, None, None)

    assert matches(prefixed, EVENTS[0].message(), stage)
    assert matches(rule("cart", "OrderPlaced"), EVENTS[0].message(), stage)
    assert not matches(rule("payment", "OrderCancelled"), EVENTS[0].message(), stage)
    assert not matches(rule("cart", "OrderPlaced", enabled=False), EVENTS[0].message(), stage)
    assert len(asked) == 1


def test_an_effect_that_nobody_has_is_refused_with_those_there_are() -> None:
    require_known_effects(["email", "refund"])

    with pytest.raises(CliError, match=r"side effect e-mail\. There are: .*email.*refund"):
        require_known_effects(["e-mail"])
