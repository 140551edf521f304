"""The command ``get`` of the catalog: products by their ids, for another service."""

from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.catalog import ProductSnapshot
from schemas.contract import Contract, Identifier
from services.catalog.dependencies import store
from services.catalog.domain import is_visible


class GetInput(Contract):
    """Products to look up."""

    product_ids: list[Identifier] = Field(min_length=1, max_length=100)


class FoundOutcome(Contract):
    """The visible ones among the products, in the order of the input."""

    outcome: Literal["FOUND"] = "FOUND"
    products: list[ProductSnapshot]


def _get(given: GetInput) -> FoundOutcome:
    product_ids = list(dict.fromkeys(given.product_ids))
    records = store().get_records(product_ids)
    products = (records[product_id].product for product_id in product_ids if product_id in records)
    return FoundOutcome(products=[product for product in products if product is not None and is_visible(product)])


get = command(_get, GetInput)
