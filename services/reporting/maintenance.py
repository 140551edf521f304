"""The command ``maintain``: a step of ``ecom67 reports rebuild``, which counts events of the journal anew.

The command line reads the journal and sends its events in batches. They are counted into a generation of facts of their
own; compared with the live one, it shows what reporting has missed or made up. Counted into the live generation, they
repair what was missed, because a fact that is there already stays as it is.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from bus.command import command
from schemas.contract import Contract, Count
from schemas.event import Envelope
from services.reporting.dependencies import fact_store, sales, stock_levels
from services.reporting.domain import Fact, SealedDayError, sum_facts
from services.reporting.events import consumer
from services.reporting.facts import ForeignCurrencyError, fact_of
from services.reporting.levels import Told, save_level
from services.reporting.store import LIVE

MAX_LISTED = 20
"""Differing keys that a comparison lists of a day; the others are counted."""

Generation = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class MaintenanceStep(Contract):
    """A step of a rebuild.

    Attributes:
        action: ``count`` takes events, ``compare-day`` a day, ``compare-stock`` neither.
        generation: the one that is rebuilt, or ``live``.
        events: as EventBridge delivers them; those that reporting does not count are passed over.
        day: the day that is compared with the live one.
    """

    action: Literal["count", "compare-day", "compare-stock"]
    generation: Generation
    events: list[dict[str, Any]] = []
    day: date | None = None


class MaintenanceReport(Contract):
    """The outcome of a step.

    Attributes:
        counted: events that were counted, or things that were compared.
        rejected: why events were not counted, by their ids.
        missing: keys that the rebuilt generation has and the live one lacks; at most MAX_LISTED.
        surplus: keys that only the live one has.
        different: keys that both have, with other values.
        figures_agree: whether the sums of the day are the same, the stored ones of the live day included.
    """

    outcome: Literal["DONE"] = "DONE"
    counted: Count = 0
    rejected: dict[str, str] = {}
    missing: list[str] = []
    surplus: list[str] = []
    different: list[str] = []
    figures_agree: bool = True


def _run(step: MaintenanceStep) -> MaintenanceReport:
    match step.action:
        case "count":
            return _count(step)
        case "compare-stock":
            rebuilt = {values["productId"]: values for values in stock_levels(step.generation).all()}
            live = {values["productId"]: values for values in stock_levels().all()}
            # The journal forgets a product that has not changed for a month: that live knows it is no difference.
            return _difference(rebuilt, {name: values for name, values in live.items() if name in rebuilt})
        case "compare-day":
            return _compare_day(step)


def _count(step: MaintenanceStep) -> MaintenanceReport:
    facts, levels = fact_store(step.generation), stock_levels(step.generation)
    counted, rejected = 0, {}
    for message in step.events:
        subscription = consumer.subscriptions.get((message["source"], message["detail-type"]))
        if subscription is None:
            continue
        # An event that no contract accepts is in quarantine, and was not counted live either.
        event: Envelope[Any] = subscription.envelope.read(message["detail"])
        counted += 1
        try:
            if isinstance(event.data, Told):
                save_level(levels, event)
            elif step.generation == LIVE:
                sales().count(fact_of(event))
            else:
                facts.put(fact_of(event))
        except (ForeignCurrencyError, SealedDayError) as error:
            rejected[event.metadata.event_id] = str(error)
    return MaintenanceReport(counted=counted, rejected=rejected)


def _compare_day(step: MaintenanceStep) -> MaintenanceReport:
    if step.day is None:
        raise ValueError("which day is to be compared?")
    rebuilt = _by_key(fact_store(step.generation).facts(step.day))
    live = _by_key(fact_store().facts(step.day))
    (figures,) = sales().figures(step.day, step.day)
    report = _difference(rebuilt, live)
    return report.model_copy(update={"figures_agree": sum_facts(step.day, rebuilt.values()) == figures})


def _by_key(facts: Iterable[Fact]) -> dict[str, Fact]:
    return {fact.key: fact for fact in facts}


def _difference(rebuilt: Mapping[str, object], live: Mapping[str, object]) -> MaintenanceReport:
    return MaintenanceReport(
        counted=len(rebuilt),
        missing=sorted(rebuilt.keys() - live.keys())[:MAX_LISTED],
        surplus=sorted(live.keys() - rebuilt.keys())[:MAX_LISTED],
        different=sorted(key for key in rebuilt.keys() & live.keys() if rebuilt[key] != live[key])[:MAX_LISTED],
    )


maintain = command(_run, MaintenanceStep)
