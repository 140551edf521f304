"""The command of the catalog: products by their ids, for another service."""

from functools import cache
from typing import Literal

from pydantic import Field

from bus.clients import dynamodb
from bus.command import command
from schemas.catalog import ProductSnapshot
from schemas.contract import Contract, Identifier
from services.catalog.domain import is_shown
from services.catalog.store import CatalogSettings, CatalogStore


class GetInput(Contract):
    """Products to look up."""

    product_ids: list[Identifier] = Field(min_length=1, max_length=100)


class Found(Contract):
    """Those of them that shoppers see, in the order in which they were named."""

    outcome: Literal["FOUND"] = "FOUND"
    products: list[ProductSnapshot]


@cache
def _store() -> CatalogStore:
    return CatalogStore(dynamodb(), CatalogSettings.load())


def _get(given: GetInput) -> Found:
    named = list(dict.fromkeys(given.product_ids))
    records = _store().records(named)
    products = (records[name].product for name in named if name in records)
    return Found(products=[product for product in products if product is not None and is_shown(product)])


get = command(_get, GetInput)
