"""Shopify's export of products: several rows of one handle are one product, its variants and its pictures.

Both sets of columns are known: ``Handle``, ``Variant Price``, ``Image Src``, and the later ``URL handle``, ``Price``,
``Product image URL``. Source: Shopify's help centre, "Using CSV files to import and export products".
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from services.catalog.lists import split_list
from services.catalog.product_file.amounts import Amounts, cents, set_compare_at
from services.catalog.product_file.cells import is_yes, split_path, usable_tags
from services.catalog.product_file.rows import MAX_ATTRIBUTE, LeftOutRow, Record, RowBuilder, Rows

NAME = "Shopify"
METAFIELD = "productmetafields"
"""In the plain name of a column such as ``Colour (product.metafields.custom.colour)``."""
PRICES = ("variantprice", "price", "variantcompareatprice", "compareatprice")
USED = frozenset(
    (
        *PRICES,
        *("handle", "urlhandle", "title", "bodyhtml", "description", "vendor", "type", "productcategory", "tags"),
        *("customproducttype", "standardproducttype"),
        *("published", "publishedononlinestore", "status", "variantsku", "sku", "variantbarcode", "barcode"),
        *("imagesrc", "productimageurl", "imagesource", "imageposition", "variantimage", "variantimageurl"),
        *("variantgrams", "weightvaluegrams", "variantinventoryqty", "inventoryquantity"),
        *("variantinventorytracker", "inventorytracker"),
        *(f"option{number}{part}" for number in (1, 2, 3) for part in ("name", "value")),
    )
)
LEFT_OUT = (
    ("seo", "pages name themselves by the product's name and description"),
    ("googleshopping", "it is for Google's feed"),
    ("imagealttext", "a picture is named by its product"),
    ("costperitem", "the catalog has no purchase prices"),
    ("option", "options are told by their names and values"),
    ("price", "the shop sells in one currency, at one price"),
    ("compareatprice", "the shop sells in one currency, at one price"),
    ("included", "the shop sells in one market"),
    ("varianttax", "taxes are the shop's own"),
    ("chargetax", "taxes are the shop's own"),
    ("taxcode", "taxes are the shop's own"),
    ("variantrequiresshipping", "delivery is the shop's own"),
    ("requiresshipping", "delivery is the shop's own"),
    ("variantfulfillment", "delivery is the shop's own"),
    ("fulfillment", "delivery is the shop's own"),
    ("variantweightunit", "weights are in grams"),
    ("weightunit", "weights are in grams"),
)


def uses(column: str) -> bool:
    """Return whether something is taken of a column, by its plain name."""
    return column in USED or (METAFIELD in column and not column.startswith("googleshopping"))


def matches(columns: frozenset[str]) -> bool:
    """Return whether these are the columns of the layout."""
    old = {"handle", "title"} <= columns and bool(columns & {"variantprice", "bodyhtml", "imagesrc", "variantsku"})
    return old or {"urlhandle", "title"} <= columns


def rows(source: Callable[[], Iterator[Record]], amounts: Amounts) -> Rows:
    """Yield a row for each handle; its rows stand together."""
    for handle, group in groupby(source(), key=lambda record: record.get("handle", "urlhandle")):
        records = list(group)
        if not handle:
            yield from (LeftOutRow(record.number, "it has no handle") for record in records)
        elif not any(record.get("title") for record in records):
            yield LeftOutRow(records[0].number, f"the product {handle} has no row with a title")
        else:
            yield _product(handle, records, amounts).build()


def _product(handle: str, records: Sequence[Record], amounts: Amounts) -> RowBuilder:
    main = next(record for record in records if record.get("title"))
    row = RowBuilder(main.number)
    taxonomy = split_path(main.get("productcategory", "standardproducttype"))
    category = main.get("type", "customproducttype") or next(iter(taxonomy[-1:]), "")
    tags, unusable = usable_tags(split_list(main.get("tags")))
    row.set(
        handle=handle,
        name=main.get("title"),
        description=main.get("bodyhtml", "description"),
        category=category,
        brand=main.get("vendor"),
        tags=tags,
        images=_images(records),
        status=_status(main),
    )
    if unusable:
        row.note(f"tags that are too long or too many are left out: {', '.join(unusable)}")
    _add_variants(row, main, [record for record in records if record.get("variantprice", "price")], amounts)
    return row


def _images(records: Sequence[Record]) -> list[str]:
    def position(record: Record) -> int:
        return int(text) if (text := record.get("imageposition")).isdecimal() else len(records)

    pictured = [record for record in records if record.get("imagesrc", "productimageurl", "imagesource")]
    found = [record.get("imagesrc", "productimageurl", "imagesource") for record in sorted(pictured, key=position)]
    return list(dict.fromkeys([*found, *filter(None, (r.get("variantimage", "variantimageurl") for r in records))]))


def _status(main: Record) -> str:
    published = main.get("published", "publishedononlinestore")
    is_active = main.get("status").casefold() in ("", "active")
    return "ACTIVE" if is_active and (not published or is_yes(published)) else "HIDDEN"


def _add_variants(row: RowBuilder, main: Record, variants: Sequence[Record], amounts: Amounts) -> None:
    if not variants:
        return
    cheapest = min(variants, key=lambda variant: cents(amounts.parse(variant.get("variantprice", "price"))))
    prices = list(dict.fromkeys(variant.get("variantprice", "price") for variant in variants))
    row.set(price=amounts.parse(cheapest.get("variantprice", "price")))
    set_compare_at(row, amounts.parse(cheapest.get("variantcompareatprice", "compareatprice")))
    if len(variants) > 1:
        sold_at = f"; their prices are {', '.join(prices)}, and it is sold at the lowest" if len(prices) > 1 else ""
        row.note(f"its {len(variants)} variants are one product here{sold_at}")
    skus = _distinct(variants, "variantsku", "sku")
    barcodes = [code.lstrip("'") for code in _distinct(variants, "variantbarcode", "barcode")]
    grams = cheapest.get("variantgrams", "weightvaluegrams")
    attributes = {
        "sku": ", ".join(skus)[:MAX_ATTRIBUTE],
        "barcode": ", ".join(barcodes)[:MAX_ATTRIBUTE],
        "weight": f"{grams} g" if grams not in ("", "0", "0.0") else "",
        **_metafields(main),
        **_options(main, variants),
    }
    row.set(attributes={name: value for name, value in attributes.items() if value})
    _add_stock(row, variants)


def _metafields(main: Record) -> dict[str, str]:
    return {
        name.partition(METAFIELD)[0]: value[:MAX_ATTRIBUTE]
        for name, value in main.cells.items()
        if METAFIELD in name and not name.startswith("googleshopping")
    }


def _options(main: Record, variants: Sequence[Record]) -> dict[str, str]:
    options: dict[str, str] = {}
    for number in (1, 2, 3):
        name, values = main.get(f"option{number}name"), _distinct(variants, f"option{number}value")
        if values and name not in ("", "Title"):
            options[name] = ", ".join(values)[:MAX_ATTRIBUTE]
    return options


def _add_stock(row: RowBuilder, variants: Sequence[Record]) -> None:
    tracked = [v for v in variants if v.get("variantinventorytracker", "inventorytracker") or _quantity(v) > 0]
    if len(tracked) == len(variants):
        row.set(initialStock=sum(max(0, _quantity(variant)) for variant in tracked))
    else:
        row.set(initialStock=1)
        row.note("the other shop does not count its stock; 1 unit is taken, so set its stock")


def _quantity(variant: Record) -> int:
    text = variant.get("variantinventoryqty", "inventoryquantity").removesuffix(".0")
    return int(text) if text.removeprefix("-").isdecimal() else 0


def _distinct(records: Sequence[Record], *names: str) -> list[str]:
    return list(dict.fromkeys(value for record in records if (value := record.get(*names))))
