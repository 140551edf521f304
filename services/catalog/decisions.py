"""Applies decisions to products: reads, decides, writes, and decides again where another writer was first."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count

from bus.optimistic_locking import DEFAULT_RETRY, RetryPolicy, retry_on_conflict
from services.catalog.domain import Decision, ProductChange, ProductRecord
from services.catalog.store import MAX_CHANGES, CatalogStore

Records = Mapping[str, ProductRecord]
"""Stored records by product id."""


def plan_decisions(
    store: CatalogStore, decisions: Mapping[str, Decision], records: Records | None = None
) -> list[ProductChange]:
    """Return the changes that the decisions make to the products as they are now, without writing them.

    Parameters:
        store: the catalog.
        decisions: one for each product id.
        records: what is stored, where the caller has just read it; None reads it.

    Raises what a decision raises.
    """
    if records is None:
        records = store.get_records(list(decisions))
    return [decide(records.get(product_id)) for product_id, decide in decisions.items()]


def apply_decisions(
    store: CatalogStore,
    decisions: Mapping[str, Decision],
    retry: RetryPolicy = DEFAULT_RETRY,
    records: Records | None = None,
) -> Iterator[ProductChange]:
    """Write the changes that the decisions make, and yield each once it is written; also those that change nothing.

    Changes are written in groups of MAX_CHANGES, each group all or nothing. A failure therefore
    leaves exactly the yielded changes written, apart from a group whose response was lost.

    Parameters:
        store: the catalog.
        decisions: one for each product id.
        retry: how long a conflicting group is retried.
        records: what is stored, where the caller has just read it; None reads it.

    Raises what a decision raises, and RetriesExhaustedError.
    """
    plan = plan_decisions(store, decisions, records)
    yield from (change for change in plan if change.event is None)
    for group in _groups([change for change in plan if change.event is not None]):
        yield from _write_group(store, group, decisions, retry)


def _groups(changes: Sequence[ProductChange]) -> Iterator[Sequence[ProductChange]]:
    # Ordered by category, so that few transactions touch the count of the same category.
    ordered = sorted(changes, key=lambda change: change.after.category if change.after else "")
    for start in range(0, len(ordered), MAX_CHANGES):
        yield ordered[start : start + MAX_CHANGES]


def _write_group(
    store: CatalogStore, group: Sequence[ProductChange], decisions: Mapping[str, Decision], retry: RetryPolicy
) -> Sequence[ProductChange]:
    decisions_of_group = {change.product_id: decisions[change.product_id] for change in group}
    # The first attempt writes the group as planned; each further one plans again on what is stored by then.
    plans = chain([group], (plan_decisions(store, decisions_of_group) for _ in count()))

    def attempt() -> Sequence[ProductChange]:
        plan = next(plans)
        if changing := [change for change in plan if change.event is not None]:
            store.write_changes(changing)
        return plan

    return retry_on_conflict(attempt, retry)
