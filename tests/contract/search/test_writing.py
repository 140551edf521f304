"""What an index takes in: the newest of each product, in any order; and an index that is built beside it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier, Event

import pytest

from services.search.document import VERSION, index_name
from services.search.engine import Engine, NotBuildingError
from services.search.search_service import suggest
from tests.contract.search.conftest import NewEngine
from tests.contract.search.products import document, found, ids, mark
from tests.deadlines import DEADLINE_SECONDS

NEXT = index_name("20261125")


def live(engine: Engine) -> str:
    name, _ = engine.indexes()
    assert name
    return name


def test_a_write_is_found_at_once(engine: Engine) -> None:
    engine.write([document("mug", price={"amount": 2200})])
    engine.write([document("mug", revision=2, price={"amount": 1900}, name="Blue Mug")])

    (hit,) = found(engine, "blue mug").hits
    assert hit.product["price"]["amount"] == 1900
    assert found(engine, "stoneware").total == 0


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_newest_wins_in_whatever_order_it_comes(engine: Engine, order: tuple[int, ...]) -> None:
    documents = {1: document("mug", name="First"), 2: mark("mug", 2), 3: document("mug", revision=3, name="Third")}
    for revision in order:
        engine.write([documents[revision]])

    assert ids(found(engine, "")) == ["mug"]
    assert found(engine, "third").total == 1
    assert engine.entries(live(engine), ["mug"])["mug"].revision == 3


def test_what_was_deleted_does_not_come_back(engine: Engine) -> None:
    engine.write([mark("mug", 5)])
    engine.write([document("mug", revision=4)])

    assert found(engine, "").total == 0
    assert not engine.entries(live(engine), ["mug"])["mug"].shown


def test_the_same_again_changes_nothing(engine: Engine) -> None:
    engine.write([document("mug")])
    engine.write([document("mug"), document("cup")])

    assert found(engine, "").total == 2


def test_of_two_documents_of_a_product_in_one_write_the_newer_counts(engine: Engine) -> None:
    engine.write([document("mug", revision=2, name="New"), document("mug", revision=1, name="Old")])

    assert (found(engine, "new").total, found(engine, "old").total) == (1, 0)


def test_writers_at_once_lose_nothing(engine: Engine) -> None:
    engine.write([document("zero")])
    barrier = Barrier(4)

    def write(number: int) -> None:
        barrier.wait(DEADLINE_SECONDS)
        engine.write([document(f"p{number}"), document("zero", revision=number + 2)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert found(engine, "").total == 5
    assert engine.entries(live(engine), ["zero"])["zero"].revision == 5


def test_an_index_is_named_after_its_version(engine: Engine) -> None:
    engine.write([document("mug")])

    assert live(engine).startswith(f"products-v{VERSION}-")


def test_an_index_is_built_beside_the_live_one_and_takes_its_place(engine: Engine) -> None:
    engine.write([document("mug"), document("stray")])
    before = live(engine)
    engine.begin(NEXT)
    engine.fill(NEXT, [document("mug"), document("cup")])

    assert engine.indexes() == (before, NEXT)
    assert sorted(ids(found(engine, ""))) == ["mug", "stray"]

    engine.go_live(NEXT)
    engine.sweep()
    assert engine.indexes() == (NEXT, None)
    assert sorted(ids(found(engine, ""))) == ["cup", "mug"]


def test_while_an_index_is_built_what_changes_goes_to_both(engine: Engine) -> None:
    engine.write([document("mug")])
    engine.begin(NEXT)
    engine.write([document("mug", revision=2, name="Changed"), document("new")])
    # Read before the change, and filled in after it
    engine.fill(NEXT, [document("mug")])
    assert sorted(ids(found(engine, ""))) == ["mug", "new"]

    engine.go_live(NEXT)
    assert found(engine, "changed").total == 1
    assert found(engine, "").total == 2


def test_what_was_begun_can_be_abandoned(engine: Engine) -> None:
    engine.write([document("mug")])
    engine.begin(NEXT)
    engine.fill(NEXT, [document("cup")])
    engine.abandon("products-v1-another")
    assert engine.indexes()[1] == NEXT
    engine.abandon(NEXT)

    assert engine.indexes()[1] is None
    assert ids(found(engine, "")) == ["mug"]
    with pytest.raises(NotBuildingError):
        engine.fill(NEXT, [document("cup")])
    with pytest.raises(NotBuildingError):
        engine.go_live(NEXT)


def test_a_second_beginning_takes_the_place_of_the_first(engine: Engine) -> None:
    engine.write([document("mug")])
    engine.begin(NEXT)
    engine.fill(NEXT, [document("cup")])
    other = index_name("20261126")
    engine.begin(other)

    assert engine.indexes()[1] == other
    engine.fill(other, [document("jug")])
    engine.go_live(other)
    assert ids(found(engine, "")) == ["jug"]


def test_an_index_can_be_built_where_there_is_none(new_engine: NewEngine) -> None:
    engine = new_engine()
    engine.begin(NEXT)
    engine.fill(NEXT, [document("mug")])
    assert found(engine, "").total == 0

    engine.go_live(NEXT)
    engine.sweep()
    assert ids(found(engine, "")) == ["mug"]


def test_an_index_tells_what_it_holds(engine: Engine) -> None:
    engine.write([document(f"p{number}", revision=number + 1) for number in range(5)])
    engine.write([mark("p1", 9)])
    name = live(engine)

    held = engine.entries(name, ["p0", "p1", "nothing"])
    assert {key: (each.sequence, each.revision, each.shown) for key, each in held.items()} == {
        "p0": (1, 1, True),
        "p1": (9, 9, False),
    }


def test_while_indexes_take_each_others_place_no_answer_is_empty(engine: Engine, new_engine: NewEngine) -> None:
    documents = [document(f"p{number}") for number in range(20)]
    engine.write(documents)
    done = Event()
    totals: list[tuple[int, int]] = []

    def ask() -> None:
        while not done.is_set():
            result = found(engine, "mug", limit=20)
            totals.append((result.total, len(result.hits)))

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            for number in range(3):
                name = index_name(f"2026112{number}")
                engine.begin(name)
                engine.fill(name, documents)
                engine.go_live(name)
                engine.sweep()
        finally:
            done.set()
        asking.result()

    assert set(totals) == {(20, 20)}


def test_suggestions_follow_what_is_written(engine: Engine) -> None:
    engine.write([document("mug", tags=["ramen bowl"])])
    assert suggest(engine, "ram").queries == ["ramen bowl"]

    engine.write([mark("mug", 2)])
    assert suggest(engine, "ram").queries == []
