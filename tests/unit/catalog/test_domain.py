"""What happens to a product, without any AWS."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.catalog import ProductCreated, ProductDeleted, ProductUpdated
from services.catalog.domain import (
    ProductChange,
    ProductExistsError,
    ProductNotFoundError,
    ProductRecord,
    category_count_changes,
    category_name,
    create,
    create_or_replace,
    delete,
    replace,
)
from tests.unit.catalog.conftest import details

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NOW_MILLISECONDS = int(NOW.timestamp() * 1000)
GONE = ProductRecord(sequence=4, product=None)


def created(**said: object) -> ProductRecord:
    change = create("lamp", details(**said), None, NOW, None)
    return ProductRecord(change.sequence, change.after)


def test_a_new_product_is_shown_and_carries_its_first_stock() -> None:
    change = create("lamp", details(images=["/a.svg", "/b.svg"]), 7, NOW, None)
    assert change.after is not None
    assert (change.sequence, change.after.status, change.after.created_at) == (1, "ACTIVE", NOW)
    assert change.after.image_url == "/a.svg"
    assert change.event == ProductCreated(product_id="lamp", product=change.after, initial_stock=7)


def test_an_id_is_taken_once() -> None:
    with pytest.raises(ProductExistsError):
        create("lamp", details(), None, NOW, created())


@pytest.mark.parametrize(("stored", "written"), [(4, NOW_MILLISECONDS), (NOW_MILLISECONDS, NOW_MILLISECONDS + 1)])
def test_a_change_has_the_sequence_of_the_clock_or_the_next_one(stored: int, written: int) -> None:
    gone = ProductRecord(sequence=stored, product=None)
    again = create("lamp", details(), None, NOW, gone)
    assert again.sequence == written
    assert replace("lamp", details(name="II"), NOW, ProductRecord(stored, again.after)).sequence == written
    assert delete("lamp", NOW, ProductRecord(stored, again.after)).sequence == written


def test_a_replacement_keeps_when_it_was_created_and_empties_what_it_does_not_say() -> None:
    change = replace("lamp", details(name="Lamp II"), LATER, created(brand="Fen", tags=["desk"]))
    assert change.after is not None
    assert (change.after.created_at, change.after.updated_at) == (NOW, LATER)
    assert (change.after.brand, change.after.tags) == ("", [])
    assert change.event == ProductUpdated(product_id="lamp", product=change.after)


def test_the_same_again_changes_nothing() -> None:
    record = created(brand="Fen", attributes={"colour": "brass"})
    change = replace("lamp", details(brand="Fen", attributes={"colour": "brass"}), LATER, record)
    assert change.event is None
    assert change.after == record.product


def test_what_is_hidden_stays_hidden_unless_somebody_says_otherwise() -> None:
    hidden = created(status="HIDDEN")
    untold = replace("lamp", details(name="Lamp II"), LATER, hidden).after
    told = replace("lamp", details(status="ACTIVE"), LATER, hidden).after
    assert untold is not None
    assert told is not None
    assert (untold.status, told.status) == ("HIDDEN", "ACTIVE")


@pytest.mark.parametrize("record", [None, GONE])
def test_what_is_not_there_is_neither_replaced_nor_deleted(record: ProductRecord | None) -> None:
    with pytest.raises(ProductNotFoundError):
        replace("lamp", details(), NOW, record)
    with pytest.raises(ProductNotFoundError):
        delete("lamp", NOW, record)


def test_a_deletion_leaves_no_product() -> None:
    change = delete("lamp", LATER, created())
    assert change.after is None
    assert change.event == ProductDeleted(product_id="lamp", deleted_at=LATER)


@pytest.mark.parametrize("record", [None, GONE])
def test_an_import_creates_what_is_not_there(record: ProductRecord | None) -> None:
    event = create_or_replace("lamp", details(), 7, NOW, record).event
    assert isinstance(event, ProductCreated)
    assert event.initial_stock == 7


def test_an_import_never_touches_the_stock_of_what_is_there() -> None:
    event = create_or_replace("lamp", details(name="Lamp II"), 7, LATER, created()).event
    assert isinstance(event, ProductUpdated)
    assert "initialStock" not in event.model_dump_json()


def change_of(before: ProductRecord | None, **said: object) -> ProductChange:
    return create_or_replace("lamp", details(**said), None, LATER, before)


def test_counts_follow_what_shoppers_see() -> None:
    assert category_count_changes([change_of(None), change_of(None)]) == {"lighting": 2}
    assert category_count_changes([change_of(None, status="HIDDEN")]) == {}
    assert category_count_changes([change_of(created(), status="HIDDEN")]) == {"lighting": -1}
    assert category_count_changes([change_of(created(status="HIDDEN"), status="ACTIVE")]) == {"lighting": 1}
    assert category_count_changes([change_of(created(), category="desk")]) == {"lighting": -1, "desk": 1}
    assert category_count_changes([change_of(created(), name="Lamp II")]) == {}
    assert category_count_changes([delete("lamp", LATER, created())]) == {"lighting": -1}
    assert category_count_changes([delete("lamp", LATER, created(status="HIDDEN"))]) == {}


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("kitchen", "Kitchen"),
        ("coffee-and-tea", "Coffee & Tea"),
        ("Men's Shoes", "Men's Shoes"),
        ("café bar", "café bar"),
        ("-", "-"),
    ],
)
def test_a_category_has_a_name_for_people(category: str, name: str) -> None:
    assert category_name(category) == name
