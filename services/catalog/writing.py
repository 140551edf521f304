"""Carries decisions out: read, decide, write; and decide again where somebody else was faster."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count

from bus.contention import PATIENT, Contention
from services.catalog.domain import Change, Decision
from services.catalog.store import MAX_CHANGES, CatalogStore


def planned(store: CatalogStore, decisions: Mapping[str, Decision]) -> list[Change]:
    """Return what the decisions come to for the products as they are now, and write nothing.

    Parameters:
        store: the catalog.
        decisions: one for each product id.

    Raises what a decision raises.
    """
    records = store.records(list(decisions))
    return [decide(records.get(product_id)) for product_id, decide in decisions.items()]


def carried_out(
    store: CatalogStore, decisions: Mapping[str, Decision], contention: Contention = PATIENT
) -> Iterator[Change]:
    """Carry decisions out and yield each change once it is written, also those that change nothing.

    Changes are written in groups, all of a group or none of it. A fault therefore leaves behind
    exactly what was yielded, apart from a group whose answer was lost.

    Parameters:
        store: the catalog.
        decisions: one for each product id.
        contention: how often a group is tried again where somebody was faster.

    Raises what a decision raises, and ContendedError.
    """
    plan = planned(store, decisions)
    yield from (change for change in plan if change.event is None)
    for group in _groups([change for change in plan if change.event is not None]):
        yield from _written(store, group, decisions, contention)


def _groups(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    # Side by side by category: a category's count is then touched by few transactions.
    ordered = sorted(changes, key=lambda change: change.after.category if change.after else "")
    for start in range(0, len(ordered), MAX_CHANGES):
        yield ordered[start : start + MAX_CHANGES]


def _written(
    store: CatalogStore, group: Sequence[Change], decisions: Mapping[str, Decision], contention: Contention
) -> Sequence[Change]:
    concerned = {change.product_id: decisions[change.product_id] for change in group}
    # The first is written as it was planned; each further one is planned on what is there by then.
    plans = chain([group], (planned(store, concerned) for _ in count()))

    def attempt() -> Sequence[Change]:
        plan = next(plans)
        if changing := [change for change in plan if change.event is not None]:
            store.write(changing)
        return plan

    return contention.settled(attempt)
