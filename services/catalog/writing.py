"""Carries decisions out: read, decide, write; and decide again where somebody else was faster."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from services.catalog.domain import Change, Decision
from services.catalog.store import MAX_CHANGES, CatalogStore, OvertakenError

ATTEMPTS = 8


class ContendedError(Exception):
    """Somebody else was faster each time."""


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
    store: CatalogStore, decisions: Mapping[str, Decision], pause: Callable[[float], None] = time.sleep
) -> Iterator[Change]:
    """Carry decisions out and yield each change once it is written, also those that change nothing.

    Changes are written in groups, all of a group or none of it. A fault therefore leaves behind
    exactly what was yielded, apart from a group whose answer was lost.

    Parameters:
        store: the catalog.
        decisions: one for each product id.
        pause: waits that many seconds; replaced in tests.

    Raises what a decision raises, and ContendedError after ``ATTEMPTS``.
    """
    plan = planned(store, decisions)
    yield from (change for change in plan if change.event is None)
    for group in _groups([change for change in plan if change.event is not None]):
        yield from _written(store, group, decisions, pause)


def _groups(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    # Side by side by category: a category's count is then touched by few transactions.
    ordered = sorted(changes, key=lambda change: change.after.category if change.after else "")
    for start in range(0, len(ordered), MAX_CHANGES):
        yield ordered[start : start + MAX_CHANGES]


def _written(
    store: CatalogStore, group: Sequence[Change], decisions: Mapping[str, Decision], pause: Callable[[float], None]
) -> Sequence[Change]:
    for attempt in range(ATTEMPTS):
        changing = [change for change in group if change.event is not None]
        try:
            if changing:
                store.write(changing)
        except OvertakenError:
            pause(random.uniform(0.005, 0.02 * 2**attempt))  # noqa: S311
            group = planned(store, {change.product_id: decisions[change.product_id] for change in group})
        else:
            return group
    raise ContendedError(", ".join(change.product_id for change in group))
