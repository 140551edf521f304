"""The tables: lists without scans, counts and events in the same write as the product."""

from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from bus.attribute_values import to_item
from bus.cursor import InvalidCursorError, encode_cursor
from bus.optimistic_locking import ConflictError
from schemas.catalog import ProductCreated, ProductDeleted
from schemas.event import Envelope
from services.catalog import domain
from services.catalog.store import CatalogStore, Category
from tests.unit.catalog.conftest import CATEGORIES, NOW, PRODUCTS, Seed, details, events

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def change(store: CatalogStore, product_id: str = "lamp", **said: Any) -> None:
    record = store.get_records([product_id]).get(product_id)
    store.write_changes(
        [domain.create_or_replace(product_id, details(**said), None, NOW + timedelta(minutes=1), record)]
    )


def delete(store: CatalogStore, product_id: str = "lamp") -> None:
    store.write_changes([domain.delete(product_id, NOW, store.get_records([product_id]).get(product_id))])


def ids(store: CatalogStore, category: str | None = None, limit: int = 100) -> list[str]:
    return [product.product_id for product in store.list_visible(category, limit, None)[0]]


def walked(store: CatalogStore, category: str | None, limit: int) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        products, cursor = store.list_visible(category, limit, cursor)
        pages.append([product.product_id for product in products])
        if cursor is None:
            return pages


def test_a_product_comes_back_as_it_was_written(store: CatalogStore, seed: Seed) -> None:
    written = seed(brand="Fen", tags=["desk"], attributes={"colour": "brass"}, compareAtPrice={"amount": 3000})
    assert store.get_visible("lamp") == written.after


def test_the_event_is_in_the_same_item(store: CatalogStore, seed: Seed, dynamodb: "DynamoDBClient") -> None:
    written = seed()
    (detail,) = events(dynamodb, "lamp")
    envelope = Envelope[ProductCreated].read(detail)
    assert envelope.data.product == written.after
    assert (envelope.metadata.sequence, envelope.metadata.correlation_id) == (1, "the-request")


def test_what_is_hidden_is_in_no_list(store: CatalogStore, seed: Seed) -> None:
    seed()
    change(store, status="HIDDEN")
    assert store.get_visible("lamp") is None
    assert (ids(store), ids(store, "lighting"), store.list_categories()) == ([], [], [])
    # And shown again it is back
    change(store, status="ACTIVE")
    assert (ids(store), ids(store, "lighting")) == (["lamp"], ["lamp"])


def test_a_deleted_product_leaves_its_sequence_for_longer_than_a_replay_reaches(
    store: CatalogStore, seed: Seed, dynamodb: "DynamoDBClient"
) -> None:
    seed()
    delete(store)
    item = dynamodb.get_item(TableName=PRODUCTS, Key=to_item({"productId": "lamp"}))["Item"]
    assert store.get_visible("lamp") is None
    assert ids(store) == ids(store, "lighting") == []
    record = store.get_records(["lamp"])["lamp"]
    assert (record.sequence, record.product) == (int(NOW.timestamp() * 1000), None)
    assert [line.what for line in record.history] == ["CREATED", "DELETED"]
    assert int(item["expiresAt"]["N"]) == int((NOW + timedelta(days=400)).timestamp())
    assert Envelope[ProductDeleted].read(events(dynamodb, "lamp")[0]).data.deleted_at == NOW


def test_created_anew_it_no_longer_expires(store: CatalogStore, seed: Seed, dynamodb: "DynamoDBClient") -> None:
    seed()
    delete(store)
    deleted = store.get_records(["lamp"])["lamp"]
    change(store)
    item = dynamodb.get_item(TableName=PRODUCTS, Key=to_item({"productId": "lamp"}))["Item"]
    assert "expiresAt" not in item
    assert Envelope[ProductCreated].read(events(dynamodb, "lamp")[0]).metadata.sequence > deleted.sequence


def test_counts_move_with_the_products(store: CatalogStore, seed: Seed) -> None:
    seed("lamp")
    seed("lantern")
    seed("mug", category="Kitchen")
    change(store, "mug", category="lighting")
    delete(store, "lamp")
    assert store.list_categories() == [Category(category="lighting", name="Lighting", product_count=2)]


def pictures(store: CatalogStore) -> dict[str, str | None]:
    return {entry.category: entry.image_url for entry in store.list_categories()}


def test_a_category_has_the_picture_of_the_product_that_came_last(store: CatalogStore, seed: Seed) -> None:
    seed("plain")
    assert pictures(store) == {"lighting": None}
    seed("lamp", imageUrl="/images/lamp.svg")
    seed("lantern", imageUrl="/images/lantern.svg")
    seed("hidden", imageUrl="/images/hidden.svg", status="HIDDEN")
    assert pictures(store) == {"lighting": "/images/lantern.svg"}
    change(store, "lamp", imageUrl="/images/another.svg")
    assert pictures(store) == {"lighting": "/images/another.svg"}
    change(store, "lamp", imageUrl="/images/another.svg", name="Lamp, renamed")
    assert pictures(store) == {"lighting": "/images/another.svg"}


def test_a_category_keeps_no_picture_of_a_product_that_has_left_it(store: CatalogStore, seed: Seed) -> None:
    seed("lantern", imageUrl="/images/lantern.svg")
    seed("lamp", imageUrl="/images/lamp.svg")
    delete(store, "lantern")
    assert pictures(store) == {"lighting": "/images/lamp.svg"}
    change(store, "lamp", imageUrl="/images/lamp.svg", category="garden")
    seed("mug", category="lighting")
    assert pictures(store) == {"garden": "/images/lamp.svg", "lighting": None}
    change(store, "lamp", imageUrl="/images/lamp.svg", category="garden", status="HIDDEN")
    seed("rake", category="garden")
    assert pictures(store) == {"garden": None, "lighting": None}


def test_categories_come_by_their_keys(store: CatalogStore, seed: Seed) -> None:
    for category in ("tea", "Attic", "desk"):
        seed(f"in-{category.lower()}", category=category)
    assert [entry.category for entry in store.list_categories()] == ["Attic", "desk", "tea"]


def test_the_newest_come_first(store: CatalogStore, seed: Seed) -> None:
    for age, product_id in enumerate(("new", "middle", "old")):
        seed(product_id, now=NOW - timedelta(days=age))
    assert ids(store) == ["new", "middle", "old"]


@pytest.mark.parametrize("category", [None, "lighting"])
@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 6), (4, [4, 2]), (3, [3, 3]), (6, [6]), (7, [6])])
def test_pages_hold_every_product_once_and_none_is_empty(
    store: CatalogStore, seed: Seed, category: str | None, limit: int, sizes: list[int]
) -> None:
    products = {f"lamp-{number}" for number in range(6)}
    for product_id in products:
        seed(product_id)
    pages = walked(store, category, limit)
    assert [len(page) for page in pages] == sizes
    assert sorted(chain.from_iterable(pages)) == sorted(products)


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        encode_cursor(to_item({"category": "lighting", "productId": "lamp"})),
        encode_cursor(to_item({"listing": "HIDDEN", "listedAt": "2026", "productId": "lamp"})),
        encode_cursor(to_item({"listing": "ACTIVE", "listedAt": "", "productId": "lamp"})),
        encode_cursor(to_item({"listing": "ACTIVE", "listedAt": "2026", "productId": ""})),
        encode_cursor(to_item({"listing": "ACTIVE", "listedAt": "\ud800", "productId": "lamp"})),
    ],
)
def test_a_cursor_that_no_list_has_given_out_is_refused(store: CatalogStore, cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        store.list_visible(None, 10, cursor)


def test_a_cursor_is_of_one_category(store: CatalogStore) -> None:
    with pytest.raises(InvalidCursorError):
        store.list_visible("desk", 10, encode_cursor(to_item({"category": "lighting", "productId": "lamp"})))


def test_a_cursor_outlives_the_product_that_it_names(store: CatalogStore, seed: Seed) -> None:
    for product_id in ("a", "b", "c"):
        seed(product_id)
    (first,), cursor = store.list_visible(None, 1, None)
    delete(store, first.product_id)
    assert [product.product_id for product in store.list_visible(None, 5, cursor)[0]] == ["b", "a"]


def test_a_hundred_and_more_records_are_read(store: CatalogStore, seed: Seed) -> None:
    seed("lamp-3")
    seed("lamp-120")
    assert store.get_records([f"lamp-{number}" for number in range(130)]).keys() == {"lamp-3", "lamp-120"}
    assert store.get_records([]) == {}


def test_keys_that_the_table_left_out_are_asked_for_again(
    store: CatalogStore, seed: Seed, dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a table that answers for one key at a time
    seed("a")
    seed("b")
    whole: Any = dynamodb.batch_get_item

    def halting(RequestItems: dict[str, Any]) -> Any:  # noqa: N803 - as boto3 has it
        (asked,) = RequestItems.values()
        now, later = asked["Keys"][:1], asked["Keys"][1:]
        answer: dict[str, Any] = whole(RequestItems={PRODUCTS: {**asked, "Keys": now}})
        return {**answer, "UnprocessedKeys": {PRODUCTS: {**asked, "Keys": later}} if later else {}}

    monkeypatch.setattr(dynamodb, "batch_get_item", halting)
    assert store.get_records(["a", "b"]).keys() == {"a", "b"}


def test_a_list_goes_on_behind_what_one_answer_can_hold(
    store: CatalogStore, seed: Seed, dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a table whose answers end early, as those of a megabyte do
    for product_id in ("a", "b", "c"):
        seed(product_id)
    whole = dynamodb.query
    monkeypatch.setattr(dynamodb, "query", lambda **query: whole(**{**query, "Limit": 1}))
    assert sorted(ids(store, limit=3)) == ["a", "b", "c"]
    assert len(store.list_categories()) == 1


@pytest.mark.parametrize("category", [None, "lighting"])
def test_a_page_reads_as_much_however_many_products_there_are(
    store: CatalogStore,
    seed: Seed,
    dynamodb: "DynamoDBClient",
    monkeypatch: pytest.MonkeyPatch,
    category: str | None,
) -> None:
    whole, read = dynamodb.query, []

    def counted(**query: Any) -> Any:
        answer = whole(**query)
        read.append(len(answer["Items"]))
        return answer

    monkeypatch.setattr(dynamodb, "query", counted)
    for number in range(30):
        seed(f"lamp-{number}")
        if number in (9, 29):
            store.list_visible(category, 4, None)

    assert read == [5, 5]


def test_a_write_on_an_older_state_is_refused_whole(
    store: CatalogStore, seed: Seed, dynamodb: "DynamoDBClient"
) -> None:
    # Given a decision on a product that has changed since
    seed("lamp")
    stale = domain.replace("lamp", details(name="Stale"), NOW, store.get_records(["lamp"])["lamp"])
    change(store, name="Fresh")
    # When it is written together with another product
    with pytest.raises(ConflictError):
        store.write_changes([domain.create("mug", details(), None, NOW, None), stale])
    # Then neither is, and no count has moved
    assert (ids(store), store.list_categories()[0].product_count) == (["lamp"], 1)
    shown = store.get_visible("lamp")
    assert shown is not None
    assert shown.name == "Fresh"


def test_two_creations_of_one_id_do_not_both_succeed(store: CatalogStore, seed: Seed) -> None:
    both = [domain.create("lamp", details(name=name), None, NOW, None) for name in ("First", "Second")]
    store.write_changes(both[:1])
    with pytest.raises(ConflictError):
        store.write_changes(both[1:])


def test_a_fault_of_the_table_is_no_refusal(store: CatalogStore, dynamodb: "DynamoDBClient") -> None:
    dynamodb.delete_table(TableName=CATEGORIES)
    with pytest.raises(ClientError):
        store.write_changes([domain.create("lamp", details(), None, NOW, None)])


def test_a_change_that_changes_nothing_is_not_written(store: CatalogStore, seed: Seed) -> None:
    seed()
    same = domain.replace("lamp", details(), NOW, store.get_records(["lamp"])["lamp"])
    with pytest.raises(ValueError, match="nothing changes of lamp"):
        store.write_changes([same])
