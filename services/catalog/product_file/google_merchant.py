"""Google Merchant Center's product feed, as text with tabs or commas, or as RSS: each item is a product.

Source: Google Merchant Center's help, "Product data specification".
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from services.catalog.lists import split_addresses
from services.catalog.product_file.amounts import Amounts, set_compare_at
from services.catalog.product_file.cells import split_path
from services.catalog.product_file.rows import MAX_ATTRIBUTE, Record, RowBuilder, Rows

NAME = "Google Merchant"
PRICES = ("price", "saleprice")
_ATTRIBUTES = {
    "gtin": "barcode",
    "mpn": "mpn",
    "color": "color",
    "size": "size",
    "material": "material",
    "pattern": "pattern",
    "gender": "gender",
    "agegroup": "ageGroup",
    "condition": "condition",
    "shippingweight": "weight",
    "productweight": "weight",
}
USED = frozenset(
    (
        *PRICES,
        *_ATTRIBUTES,
        *("id", "title", "description", "imagelink", "additionalimagelink", "producttype", "googleproductcategory"),
        *("availability", "brand", "salepriceeffectivedate", "quantity", "itemgroupid"),
    )
)
LEFT_OUT = (
    ("link", "the product has an address of this shop"),
    ("mobilelink", "the product has an address of this shop"),
    ("shipping", "delivery is the shop's own"),
    ("tax", "taxes are the shop's own"),
    ("customlabel", "it is for Google's campaigns"),
    ("adsredirect", "it is for Google's campaigns"),
    ("identifierexists", "it is for Google's checks"),
)


def uses(column: str) -> bool:
    """Return whether something is taken of a column, by its plain name."""
    return column in USED


def matches(columns: frozenset[str]) -> bool:
    """Return whether these are the columns of the layout."""
    return {"id", "title", "price"} <= columns and bool(
        columns & {"imagelink", "producttype", "googleproductcategory"} or {"availability", "link"} <= columns
    )


def rows(source: Callable[[], Iterator[Record]], amounts: Amounts) -> Rows:
    """Yield a row for each item."""
    now = datetime.now(UTC)
    for record in source():
        yield _product(record, amounts, now).build()


def _product(record: Record, amounts: Amounts, now: datetime) -> RowBuilder:
    row = RowBuilder(record.number)
    # A repeated column is one list; the first type is the main one.
    kind = record.get("producttype", "googleproductcategory").partition("|")[0]
    path = split_path(kind) if not kind.isdecimal() else []
    row.set(
        id=record.get("id"),
        name=record.get("title"),
        description=record.get("description"),
        category=path[-1] if path else "",
        brand=record.get("brand"),
        tags=[part for part in path[:-1] if len(part) <= 50],
        images=list(
            dict.fromkeys(
                [*split_addresses(record.get("imagelink")), *split_addresses(record.get("additionalimagelink"))]
            )
        ),
        attributes={
            name: record.get(column)[:MAX_ATTRIBUTE] for column, name in _ATTRIBUTES.items() if record.get(column)
        },
    )
    on_sale = record.get("saleprice") and _is_in_effect(record.get("salepriceeffectivedate"), now)
    row.set(price=amounts.parse(record.get("saleprice") if on_sale else record.get("price")))
    if on_sale:
        set_compare_at(row, amounts.parse(record.get("price")))
    elif record.get("saleprice"):
        row.note("the sale price is left out: its time is over, or has not come")
    _add_stock(row, record)
    return row


def _is_in_effect(period: str, now: datetime) -> bool:
    """Return whether a period such as ``2026-11-01T00:00+0100/2026-12-01T00:00+0100`` contains a time."""
    starts, _, ends = period.partition("/")
    try:
        return (not starts or _moment(starts) <= now) and (not ends or now <= _moment(ends))
    except ValueError:
        return False


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _add_stock(row: RowBuilder, record: Record) -> None:
    quantity, availability = record.get("quantity"), record.get("availability").casefold()
    if quantity.isdecimal():
        row.set(initialStock=int(quantity))
    elif availability.replace("_", " ") == "in stock":
        row.set(initialStock=1)
        row.note("the feed does not count its stock; 1 unit is taken, so set its stock")
    elif availability:
        row.set(initialStock=0)
        if availability.replace("_", " ") != "out of stock":
            row.note(f"its availability is {availability!r}; it has no stock until staff set it")
