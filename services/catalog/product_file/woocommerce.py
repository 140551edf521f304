"""WooCommerce's export of products: a variable product's variations stand in rows of their own, anywhere in the file.

Source: WooCommerce's documentation, "Product CSV Importer and Exporter: CSV schema".
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from services.catalog.lists import split_addresses, split_list
from services.catalog.product_file.amounts import Amounts, cents, set_compare_at
from services.catalog.product_file.cells import is_yes, split_path, usable_tags
from services.catalog.product_file.rows import MAX_ATTRIBUTE, LeftOutRow, Record, RowBuilder, Rows

NAME = "WooCommerce"
PRICES = ("regularprice", "saleprice")
VISIBILITY = ("visibilityincatalog", "visibilityincatalogue")
ATTRIBUTES = range(1, 21)
USED = frozenset(
    (
        *PRICES,
        *(
            "id",
            "type",
            "sku",
            "name",
            "published",
            "visibilityincatalog",
            "visibilityincatalogue",
            "shortdescription",
            "description",
        ),
        *("datesalepricestarts", "datesalepriceends", "instock", "stock", "categories", "tags", "images", "parent"),
        *(
            "weightkg",
            "weightlbs",
            "weightg",
            "lengthcm",
            "widthcm",
            "heightcm",
            "brands",
            "brand",
            "gtinupceanorisbn",
            "gtin",
        ),
        *(f"attribute{number}{part}" for number in ATTRIBUTES for part in ("name", "values")),
    )
)
LEFT_OUT = (
    ("meta", "it is a plugin's"),
    ("tax", "taxes are the shop's own"),
    ("shippingclass", "delivery is the shop's own"),
    ("backorders", "the shop sells what it has"),
    ("attribute", "all attributes are shown"),
    ("upsells", "the shop has no links between products"),
    ("crosssells", "the shop has no links between products"),
    ("groupedproducts", "the shop has no groups of products"),
    ("download", "the shop sells goods"),
    ("isfeatured", "home chooses its products itself"),
    ("position", "lists have orders of their own"),
    ("allowcustomerreviews", "the shop has no reviews"),
    ("lowstockamount", "stock is inventory's"),
)
_MEASURES = {
    "weightkg": ("weight", "kg"),
    "weightg": ("weight", "g"),
    "weightlbs": ("weight", "lb"),
    "lengthcm": ("dimensions.length", "cm"),
    "widthcm": ("dimensions.width", "cm"),
    "heightcm": ("dimensions.height", "cm"),
}


def uses(column: str) -> bool:
    """Return whether something is taken of a column, by its plain name."""
    return column in USED


def matches(columns: frozenset[str]) -> bool:
    """Return whether these are the columns of the layout."""
    return {"name", "regularprice"} <= columns and bool(columns & {"type", "sku", "published", "categories"})


def rows(source: Callable[[], Iterator[Record]], amounts: Amounts) -> Rows:
    """Yield a row for each product; a product's variations are part of it."""
    variations: dict[str, list[Record]] = {}
    for record in source():
        if _is_variation(record):
            variations.setdefault(record.get("parent").casefold(), []).append(record)
    today = datetime.now(UTC).date()
    for record in source():
        kinds = {kind.strip() for kind in record.get("type").casefold().split(",")}
        if "variation" in kinds:
            continue
        own = [key for key in (f"id:{record.get('id')}", record.get("sku").casefold()) if key not in ("id:", "")]
        found = [variation for key in own for variation in variations.pop(key, [])]
        if "grouped" in kinds:
            yield LeftOutRow(record.number, "a grouped product has no price of its own; its products have rows")
        elif "external" in kinds:
            yield LeftOutRow(record.number, "an external product is sold by another shop")
        else:
            yield _product(record, found, amounts, today).build()
    for parent, orphans in variations.items():
        for orphan in orphans:
            yield LeftOutRow(orphan.number, f"a variation whose product {parent or '(none)'} is not in the file")


def _is_variation(record: Record) -> bool:
    return "variation" in {kind.strip() for kind in record.get("type").casefold().split(",")}


def _product(record: Record, variations: list[Record], amounts: Amounts, today: date) -> RowBuilder:
    row = RowBuilder(record.number)
    paths = [split_path(path) for path in split_list(record.get("categories"))]
    category = next((path[-1] for path in paths if path), "")
    further = [part for path in paths for part in path if part != category]
    tags, unusable = usable_tags([*split_list(record.get("tags")), *further])
    sku, offered = record.get("sku"), [variation for variation in variations if _is_visible(variation)]
    images = [address for each in (record, *offered) for address in split_addresses(each.get("images"))]
    row.set(
        sku=sku,
        # A number of the other shop's database; where there is a SKU, that is the identity.
        id="" if sku else record.get("id"),
        name=_unescaped(record.get("name")),
        description=_description(record),
        category=category,
        brand=record.get("brands", "brand"),
        tags=tags,
        images=list(dict.fromkeys(images)),
        status="ACTIVE" if _is_visible(record) else "HIDDEN",
        attributes=_attributes(record, amounts),
    )
    if unusable:
        row.note(f"tags that are too long or too many are left out: {', '.join(unusable)}")
    _add_price(row, [record] if _price_of(record, today) else offered, amounts, today)
    if variations:
        several = f"its {len(variations)} variations are one product here, sold at the lowest of their prices"
        row.note(several if len(variations) > 1 else "its only variation is the product here, sold at its price")
    _add_stock(row, record, offered)
    return row


def _is_visible(record: Record) -> bool:
    published = record.get("published")
    return (not published or is_yes(published)) and record.get(
        "visibilityincatalog", "visibilityincatalogue"
    ).casefold() != "hidden"


def _description(record: Record) -> str:
    short, long = _unescaped(record.get("shortdescription")), _unescaped(record.get("description"))
    return long if short in long else "\n\n".join(filter(None, (short, long)))


def _unescaped(text: str) -> str:
    """Return a text without what the export puts before signs that a spreadsheet would compute, and for line ends."""
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    return text.replace("\\n", "\n")


def _attributes(record: Record, amounts: Amounts) -> dict[str, str]:
    found = {"barcode": record.get("gtinupceanorisbn", "gtin")}
    for column, (name, unit) in _MEASURES.items():
        if value := record.get(column):
            found[name] = f"{value.replace(',', '.') if amounts.decimal_comma else value} {unit}"
    for number in ATTRIBUTES:
        if name := record.get(f"attribute{number}name"):
            found[name] = ", ".join(split_list(record.get(f"attribute{number}values")))[:MAX_ATTRIBUTE]
    return {name: value for name, value in found.items() if value}


def _add_price(row: RowBuilder, sold: list[Record], amounts: Amounts, today: date) -> None:
    priced = [record for record in sold if _price_of(record, today)]
    if not priced:
        return
    cheapest = min(priced, key=lambda record: cents(amounts.parse(_price_of(record, today))))
    row.set(price=amounts.parse(_price_of(cheapest, today)))
    if _is_on_sale(cheapest, today):
        set_compare_at(row, amounts.parse(cheapest.get("regularprice")))
    elif cheapest.get("saleprice"):
        row.note("the sale price is left out: its time is over, or has not come")


def _price_of(record: Record, today: date) -> str:
    return record.get("saleprice") if _is_on_sale(record, today) else record.get("regularprice")


def _is_on_sale(record: Record, today: date) -> bool:
    starts, ends = (_day(record.get(f"datesaleprice{end}")) for end in ("starts", "ends"))
    return bool(record.get("saleprice")) and (starts is None or starts <= today) and (ends is None or today <= ends)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _add_stock(row: RowBuilder, record: Record, variations: list[Record]) -> None:
    counted = [text for each in (record, *variations) if (text := each.get("stock").removesuffix(".0"))]
    if counted and all(text.removeprefix("-").isdecimal() for text in counted):
        row.set(initialStock=sum(max(0, int(text)) for text in counted))
    elif any(is_yes(each.get("instock")) for each in (record, *variations)):
        row.set(initialStock=1)
        row.note("the other shop does not count its stock; 1 unit is taken, so set its stock")
    else:
        row.set(initialStock=0)
