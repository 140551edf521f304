"""HTTP routes of the shop's staff: lists with what is hidden, creation, replacement, deletion, pictures and import.

They are a function of their own: it alone may write, store pictures, and fetch them from other hosts.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path, Query
from pydantic import Field

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found, request_bytes
from bus.log import logger
from bus.optimistic_locking import RetriesExhaustedError
from schemas.catalog import ProductSnapshot, ProductStatus
from schemas.contract import Contract
from services.catalog import domain
from services.catalog.decisions import apply_decisions
from services.catalog.dependencies import pictures, store
from services.catalog.domain import (
    Decision,
    ProductChange,
    ProductChangedError,
    ProductExistsError,
    ProductNotFoundError,
    ProductRecord,
)
from services.catalog.history import HistoryLine
from services.catalog.import_report import ImportInterruptedError, ImportReport, InvalidImportError
from services.catalog.product_input import AnyProduct, NewProduct, ReplacedProduct
from services.catalog.store import CatalogStore
from services.catalog.upload_models import PictureUpload, UploadForm

api = Api()
app = api.app
MAX_IDS = 100
REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
"""What the API puts in the place of bytes that are not UTF-8, where the content type is a text's."""
ProductIdInPath = Annotated[str, Path(max_length=128)]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^"?\d{1,19}"?$',
        description="Version that was edited; 412 where another one is stored. Left out: the last one to write wins.",
    ),
]


class StaffProductPage(Contract):
    """A page of products of one status, the newest first. It may have fewer than asked for, and still a next one."""

    items: list[ProductSnapshot]
    next_cursor: str | None = None


class StaffProduct(Contract):
    """A product as staff edits it."""

    product: ProductSnapshot
    version: int = Field(description="For `If-Match`: a change of another version is refused.")
    history: list[HistoryLine] = Field(description="Who changed it, the newest line first.")

    @classmethod
    def of(cls, record: ProductRecord) -> "StaffProduct | None":
        """Return the product of a record; None where it is deleted."""
        if record.product is None:
            return None
        return cls(product=record.product, version=record.sequence, history=[*reversed(record.history)])


@app.get("/api/staff/products", tags=["catalog"])
@api.for_staff
def list_staff_products(
    status: Annotated[ProductStatus, Query()] = "ACTIVE",
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    ids: Annotated[str, Query(max_length=13_000, description="Up to 100 ids with commas; all else is not read.")] = "",
) -> StaffProductPage:
    """List the products that shoppers see, or those that are hidden (staff); `q` is in names, ids, brands or SKUs.

    With `ids` it is those products that exist, whatever their status: another list gets the names of its rows so.
    """
    if ids:
        wanted = list(dict.fromkeys(filter(None, ids.split(","))))[:MAX_IDS]
        records = store().get_records(wanted)
        found = [records[each].product for each in wanted if each in records]
        return StaffProductPage(items=[product for product in found if product])
    try:
        products, following = store().list_by_status(status, q.casefold().split(), limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return StaffProductPage(items=products, next_cursor=following)


@app.get("/api/staff/products/<product_id>", tags=["catalog"])
@api.for_staff
def get_staff_product(product_id: ProductIdInPath) -> StaffProduct:
    """Read a product with its version and its history, also one that is hidden (staff)."""
    return _read(product_id)


@app.post("/api/products/images", tags=["catalog"], status_code=201)
@api.for_staff
def create_picture_upload(upload: Annotated[PictureUpload, Body()]) -> UploadForm:
    """Return a form by which a browser uploads a picture into the shop's bucket (staff)."""
    # Imported late: of all routes this one alone signs a form.
    from services.catalog.uploads import create_form, signing_client, upload_settings

    return create_form(upload, signing_client(), upload_settings())


@app.post("/api/products", tags=["catalog"], status_code=201)
@api.for_staff
def create_product(product: Annotated[NewProduct, Body()]) -> ProductSnapshot:
    """Create a product (staff)."""
    product_id = product.product_id or domain.identify(product.name).product_id
    pictured = _with_pictures(product_id, product)
    return _apply_and_return(
        product_id, partial(domain.create, product_id, pictured, product.initial_stock, datetime.now(UTC))
    )


@app.put("/api/products/<product_id>", tags=["catalog"])
@api.for_staff
def replace_product(
    product_id: ProductIdInPath, product: Annotated[ReplacedProduct, Body()], if_match: IfMatch = None
) -> ProductSnapshot:
    """Replace the whole of a product (staff).

    With `If-Match` 412 `PRODUCT_CHANGED` and the product as it is now, if it is not at that version any more.
    """
    if product.product_id not in (None, product_id):
        raise Problem(422, "VALIDATION", "The productId of the body is another one than that of the address.")
    pictured = _with_pictures(product_id, product)
    seen = _version(if_match)
    return _apply_and_return(product_id, partial(domain.replace, product_id, pictured, datetime.now(UTC), seen=seen))


@app.delete("/api/products/<product_id>", tags=["catalog"], status_code=204)
@api.for_staff
def delete_product(product_id: ProductIdInPath, if_match: IfMatch = None) -> Response[None]:
    """Delete a product (staff); `If-Match` as for a replacement."""
    _apply(product_id, partial(domain.delete, product_id, datetime.now(UTC), seen=_version(if_match)))
    return Response(status_code=204)


@app.post("/api/products/import", tags=["catalog"])
@api.for_staff
def import_products(dry_run: Annotated[bool, Query(alias="dryRun")] = False) -> ImportReport:
    """Create or replace up to 500 products (staff).

    The body is an array of rows, or the file that another shop exports, whatever its content type says; see the
    catalog's README.
    """
    # Imported late: reading a file takes many modules, of which the other routes need none.
    from services.catalog import bulk_import

    # The raw body is parsed: Powertools would read amounts with decimals as floats.
    body = request_bytes(app.current_event)
    if REPLACEMENT in body:
        sentence = "Characters of this body are lost, because it is not UTF-8. Send it as application/octet-stream."
        raise Problem(422, "VALIDATION", sentence)
    try:
        file = bulk_import.parse_body(body)
        return bulk_import.import_products(_signed_store(), file, datetime.now(UTC), dry_run, pictures().fetch_all)
    except InvalidImportError as error:
        raise Problem(422, "VALIDATION", str(error)) from None
    except ImportInterruptedError as interrupted:
        logger.exception("import interrupted")
        sentence = "The import was interrupted. The rows that are told of are written; send the same rows again."
        raise Problem(503, "IMPORT_INTERRUPTED", sentence, report=interrupted.report) from None


def _with_pictures(product_id: str, product: AnyProduct) -> AnyProduct:
    """Return a product whose pictures are all in the shop; raises Problem where one cannot be fetched."""
    if not product.foreign_pictures:
        return product
    # Imported late: most products have their pictures in the shop.
    from services.catalog.pictures import addresses_to_fetch, with_stored_pictures

    record = store().get_records([product_id]).get(product_id)
    missing = pictures().fetch_all(addresses_to_fetch(product, record.product if record else None))
    if missing:
        errors = [{"path": "body.images", "message": f"{address}: {reason}"} for address, reason in missing.items()]
        raise Problem(422, "VALIDATION", "Some pictures could not be fetched.", errors=errors)
    return with_stored_pictures(product)


def _version(if_match: str | None) -> int | None:
    return int(if_match.strip('"')) if if_match else None


def _read(product_id: str) -> StaffProduct:
    record = store().get_records([product_id]).get(product_id)
    product = StaffProduct.of(record) if record else None
    if product is None:
        raise not_found("product")
    return product


def _signed_store() -> CatalogStore:
    return store().signed_by(api.caller().user_id)


def _apply_and_return(product_id: str, decide: Decision) -> ProductSnapshot:
    product = _apply(product_id, decide).after
    if product is None:
        raise not_found("product")
    return product


def _apply(product_id: str, decide: Decision) -> ProductChange:
    try:
        (change,) = apply_decisions(_signed_store(), {product_id: decide})
    except ProductNotFoundError:
        raise not_found("product") from None
    except ProductExistsError:
        sentence = f"There is a product {product_id} already."
        raise Problem(409, "PRODUCT_EXISTS", sentence, productId=product_id) from None
    except ProductChangedError as error:
        sentence = "Somebody has changed this product since you opened it. Look at what it is now, then save again."
        raise Problem(412, "PRODUCT_CHANGED", sentence, current=StaffProduct.of(error.record)) from None
    except RetriesExhaustedError:
        raise Problem(503, "BUSY", "Others are changing the same products. Please try again.") from None
    return change
