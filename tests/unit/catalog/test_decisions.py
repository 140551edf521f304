"""Decisions are applied although others write at the same time."""

from collections.abc import Sequence
from functools import partial
from itertools import islice

import pytest

from bus.optimistic_locking import RetriesExhaustedError, RetryPolicy
from services.catalog import domain
from services.catalog.decisions import apply_decisions
from services.catalog.domain import ProductChange
from services.catalog.store import MAX_CHANGES, CatalogStore
from tests.unit.catalog.conftest import NOW, Seed, details


class Rival:
    """Somebody else, who writes the lamp just before each of our first writes."""

    def __init__(self, store: CatalogStore, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = times
        self._store = store
        self._write = store.write_changes
        monkeypatch.setattr(store, "write_changes", self)

    def __call__(self, changes: Sequence[ProductChange]) -> None:
        if self.left:
            self.left -= 1
            record = self._store.get_records(["lamp"]).get("lamp")
            self._write([domain.create_or_replace("lamp", details(name=f"Rival {self.left}"), None, NOW, record)])
        self._write(changes)


AT_ONCE = RetryPolicy(pause=lambda _: None)


def test_a_replacement_is_decided_again_and_both_changes_count(
    store: CatalogStore, seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given somebody who changes the lamp twice while we change it
    seed()
    Rival(store, 2, monkeypatch)
    # When we replace it
    decide = partial(domain.replace, "lamp", details(name="Ours"), NOW)
    (change,) = apply_decisions(store, {"lamp": decide}, AT_ONCE)
    # Then ours is the last one, and every change has its own sequence
    shown = store.get_visible("lamp")
    assert shown is not None
    assert shown.name == "Ours"
    assert change.before is not None
    assert change.sequence > change.before.sequence > 2
    assert store.list_categories()[0].product_count == 1


def test_a_creation_that_came_second_is_refused(store: CatalogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    Rival(store, 1, monkeypatch)
    with pytest.raises(domain.ProductExistsError):
        list(apply_decisions(store, {"lamp": partial(domain.create, "lamp", details(), None, NOW)}, AT_ONCE))


def test_an_import_that_came_second_to_the_same_changes_nothing(
    store: CatalogStore, seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rival(store, 1, monkeypatch)
    decide = partial(domain.create_or_replace, "lamp", details(name="Rival 0"), None, NOW)
    (change,) = apply_decisions(store, {"lamp": decide}, AT_ONCE)
    assert change.event is None


def test_it_gives_up_where_a_rival_is_always_faster(
    store: CatalogStore, seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed()
    Rival(store, 100, monkeypatch)
    with pytest.raises(RetriesExhaustedError):
        list(
            apply_decisions(
                store,
                {"lamp": partial(domain.replace, "lamp", details(name="Ours"), NOW)},
                RetryPolicy(seconds=0, attempts=1),
            )
        )
    shown = store.get_visible("lamp")
    assert shown is not None
    assert shown.name.startswith("Rival")


def test_many_are_written_in_few_groups_that_keep_a_category_together(
    store: CatalogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given 60 products whose categories alternate
    groups: list[list[str]] = []
    monkeypatch.setattr(
        store,
        "write_changes",
        lambda changes: groups.append([change.after.category for change in changes if change.after]),
    )
    decisions = {
        f"p-{number}": partial(domain.create, f"p-{number}", details(category=("a", "b")[number % 2]), None, NOW)
        for number in range(60)
    }
    # When they are created
    changes = list(apply_decisions(store, decisions, AT_ONCE))
    # Then three transactions do it, and only one of them has two categories
    assert len(changes) == 60
    assert [len(group) for group in groups] == [MAX_CHANGES, MAX_CHANGES, 10]
    assert [len(set(group)) for group in groups] == [1, 2, 1]


def test_what_was_yielded_before_a_fault_is_written(store: CatalogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a table that fails at the second group
    write, calls = store.write_changes, iter(range(10))

    def failing(changes: Sequence[ProductChange]) -> None:
        if next(calls) == 1:
            raise ConnectionError("the table is gone")
        write(changes)

    monkeypatch.setattr(store, "write_changes", failing)
    decisions = {f"p-{n}": partial(domain.create, f"p-{n}", details(), None, NOW) for n in range(MAX_CHANGES + 1)}
    # When they are created
    changes = apply_decisions(store, decisions, AT_ONCE)
    told = [change.product_id for change in islice(changes, MAX_CHANGES)]
    with pytest.raises(ConnectionError):
        next(changes)
    # Then exactly those that were yielded are there
    assert store.get_records(list(decisions)).keys() == set(told)
