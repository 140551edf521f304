"""On the stage: what staff and orders change is found by search. `make bench` measures how soon."""

from uuid import uuid4

import httpx

from tests.e2e.search.shop import at_price, product, until


def test_a_changed_price_is_found(shop: httpx.Client) -> None:
    word = uuid4().hex[:12]  # no typo of any other
    name = f"{word} lamp"
    product_id = shop.post("/products", json=product(name=name)).raise_for_status().json()["productId"]
    until(shop, word, lambda items: bool(items))

    for price in (2000, 2001):
        shop.put(f"/products/{product_id}", json=product(name=name, price={"amount": price})).raise_for_status()
        until(shop, word, at_price(price))


def test_stock_and_deletion_reach_the_index(shop: httpx.Client) -> None:
    word = uuid4().hex[:12]  # no typo of any other
    given = product(name=f"{word} lamp", initialStock=3)
    product_id = shop.post("/products", json=given).raise_for_status().json()["productId"]
    until(shop, word, lambda items: [item["available"] for item in items] == [3])

    shop.put(f"/stock/{product_id}", json={"onHand": 0}).raise_for_status()
    until(shop, word, lambda items: [item["available"] for item in items] == [0])
    until(shop, word, lambda items: product_id not in [item["productId"] for item in items], inStock=True)

    shop.delete(f"/products/{product_id}").raise_for_status()
    until(shop, word, lambda items: product_id not in [item["productId"] for item in items])


def test_a_search_says_what_is_wrong_with_it(shop: httpx.Client) -> None:
    for query in (
        {"sort": "cheapest"},
        {"limit": 0},
        {"minPrice": "ten"},
        {"minPrice": 2, "maxPrice": 1},
        {"cursor": "x"},
    ):
        answer = shop.get("/search", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "VALIDATION"), query


def test_values_with_commas_and_repeated_ones_arrive_whole(shop: httpx.Client) -> None:
    answer = shop.get("/search", params=[("category", "kitchen"), ("category", "garden"), ("q", "oak, brass")]).json()

    assert {item["category"] for item in answer["items"]} <= {"kitchen", "garden"}
    assert shop.get("/search/suggest", params={"q": "lam"}).json()["queries"]
