"""HTTP routes of the shop's staff: creation, replacement, deletion and import of products.

They are a function of their own: it alone may write, store pictures, and fetch them from other hosts.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from bus.http import Api, Problem, not_found, request_bytes
from bus.log import logger
from bus.optimistic_locking import RetriesExhaustedError
from schemas.catalog import ProductSnapshot
from services.catalog import domain
from services.catalog.decisions import apply_decisions
from services.catalog.dependencies import pictures, store
from services.catalog.domain import Decision, ProductChange, ProductExistsError, ProductNotFoundError
from services.catalog.import_report import ImportInterruptedError, ImportReport, InvalidImportError
from services.catalog.product_input import AnyProduct, NewProduct, ReplacedProduct

api = Api()
app = api.app
REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
"""What the API puts in the place of bytes that are not UTF-8, where the content type is a text's."""
ProductIdInPath = Annotated[str, Path(max_length=128)]


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
def replace_product(product_id: ProductIdInPath, product: Annotated[ReplacedProduct, Body()]) -> ProductSnapshot:
    """Replace the whole of a product (staff). The last one to write wins."""
    if product.product_id not in (None, product_id):
        raise Problem(422, "VALIDATION", "The productId of the body is another one than that of the address.")
    pictured = _with_pictures(product_id, product)
    return _apply_and_return(product_id, partial(domain.replace, product_id, pictured, datetime.now(UTC)))


@app.delete("/api/products/<product_id>", tags=["catalog"], status_code=204)
@api.for_staff
def delete_product(product_id: ProductIdInPath) -> Response[None]:
    """Delete a product (staff)."""
    _apply(product_id, partial(domain.delete, product_id, datetime.now(UTC)))
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
        return bulk_import.import_products(store(), file, datetime.now(UTC), dry_run, pictures().fetch_all)
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


def _apply_and_return(product_id: str, decide: Decision) -> ProductSnapshot:
    product = _apply(product_id, decide).after
    if product is None:
        raise not_found("product")
    return product


def _apply(product_id: str, decide: Decision) -> ProductChange:
    try:
        (change,) = apply_decisions(store(), {product_id: decide})
    except ProductNotFoundError:
        raise not_found("product") from None
    except ProductExistsError:
        sentence = f"There is a product {product_id} already."
        raise Problem(409, "PRODUCT_EXISTS", sentence, productId=product_id) from None
    except RetriesExhaustedError:
        raise Problem(503, "BUSY", "Others are changing the same products. Please try again.") from None
    return change
