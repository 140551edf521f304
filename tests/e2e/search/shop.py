"""The shop over HTTP, as its staff use it, and searches that are repeated until they find what is meant."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.deadlines import DEADLINE_SECONDS

Items = list[dict[str, Any]]


@contextmanager
def staffed(stage: Connection) -> Iterator[httpx.Client]:
    """Yield a client of the shop's API that is signed in as its staff."""
    headers = {"Authorization": f"Bearer {stage.token(STAFF, staff=True)}"}
    with httpx.Client(
        base_url=f"{stage.shop_url}/api", headers=headers, timeout=DEADLINE_SECONDS, trust_env=False
    ) as shop:
        yield shop


def product(**said: Any) -> dict[str, Any]:
    """Return a product as staff send it; takes what differs from a lamp of $10.00."""
    return {"name": "Quibbleflax Lamp", "category": "lighting", "price": {"amount": 1000}, **said}


def until(shop: httpx.Client, query: str, fits: Callable[[Items], bool], **filters: bool) -> float:
    """Search until what is found fits; return how long that took, fail at the deadline.

    Each process that answers trusts what it knows of the index for half a second, so one may be behind another.
    """
    started = time.monotonic()
    while True:
        answer = shop.get("/search", params={"q": query, **filters})
        waited = time.monotonic() - started
        if answer.status_code == httpx.codes.OK and fits(answer.json()["items"]):
            return waited
        assert waited < DEADLINE_SECONDS, f"after {waited:.1f} s: {answer.status_code} {answer.text[:500]}"
        time.sleep(0.05)


def at_price(price: int) -> Callable[[Items], bool]:
    """Return whether the product that is found first has a price."""
    return lambda items: [item["price"]["amount"] for item in items[:1]] == [price]


def functions_with_an_engine(stage: Connection) -> dict[str, dict[str, str]]:
    """Return the variables of the functions that have an engine, by the functions' names."""
    pages = stage.client("lambda").get_paginator("list_functions").paginate()
    listed = [found for page in pages for found in page["Functions"]]
    variables = {found["FunctionName"]: found.get("Environment", {}).get("Variables", {}) for found in listed}
    return {name: given for name, given in variables.items() if "SEARCH_BUCKET" in given}
