"""HTTP routes of identity: the caller's own profile, addresses, export and erasure."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from bus.erased_users import erased_users
from bus.http import Api, Caller, Problem, account_erased, not_found
from services.identity.api_models import (
    AddressList,
    AddressRequest,
    AddressView,
    ExportFileView,
    ExportView,
    ProfileView,
)
from services.identity.dependencies import export_files, service_commands, store, user_pool
from services.identity.domain import (
    MAX_ADDRESSES,
    AccountErasedError,
    Details,
    TooManyAddressesError,
    UnknownAddressError,
    UnknownProfileError,
    normalize_name,
)
from services.identity.exports import Export, ExportPart
from services.identity.service_commands import ExportTooLargeError

PAGES_AT_ONCE = 20
"""Pages of all services that an export reads while the caller waits: some 2,000 items."""
EXPORT_RESPONSES: dict[int, OpenAPIResponse] = {
    200: {"description": "All of it.", "content": {"application/json": {"model": ExportView}}},
    202: {
        "description": "It is made in the background, or can be had as a file.",
        "content": {"application/json": {"model": ExportFileView}},
    },
}
T = TypeVar("T")

# An erasure that failed half-way is continued by the same request.
api = Api(open_to_erased=frozenset({"DELETE /api/me"}))
app = api.app


@app.get("/api/me", tags=["identity"])
def get_profile() -> ProfileView:
    """Read the caller's profile; the first visit of an account that staff made registers it."""
    return _visit(lambda caller: ProfileView.of(store().get(caller.user_id), caller.email))


@app.put("/api/me", tags=["identity"])
def put_profile(details: Annotated[Details, Body()]) -> ProfileView:
    """Replace the caller's details. Addresses stay as they are."""
    return _visit(lambda caller: ProfileView.of(store().replace_details(caller.user_id, details), caller.email))


@app.delete("/api/me", tags=["identity"], status_code=204)
def erase(cancel_orders: Annotated[bool, Query(alias="cancelOrders")] = False) -> Response[None]:
    """Forget the caller, in all services, and close the account.

    409 `OPEN_ORDERS` while paid orders are still to be sent, unless `cancelOrders` says that they are to be cancelled
    and refunded. After another answer, call again: it continues where it stopped, and answers 410 once nothing is left
    to do.
    """
    user_id = api.caller().user_id
    if not (cancel_orders or erased_users().includes(user_id)):
        _require_no_unsent_orders(user_id)
    newly = store().erase(user_id)
    export_files().delete_all(user_id)
    closed = user_pool().delete_user(user_id)
    if not (newly or closed):
        raise account_erased()
    return _no_content()


@app.get("/api/me/export", tags=["identity"], responses=EXPORT_RESPONSES)
def export() -> Response[ExportView | ExportFileView]:
    """Read all that the shop stores of the caller.

    202 where it is too much for an answer: a file is made in the background, and an e-mail says when it can be had. Ask
    again then: the answer has a link to it, which is valid for minutes.
    """

    def collect(caller: Caller) -> Response[ExportView | ExportFileView]:
        profile = store().get(caller.user_id)
        if begun := store().find_export(caller.user_id):
            return _json(202, _file_view(caller, begun))
        try:
            services = service_commands().collect(caller.user_id, PAGES_AT_ONCE)
        except ExportTooLargeError:
            return _json(202, _export_in_background(caller))
        view = ExportView(
            exported_at=datetime.now(UTC),
            profile=ProfileView.of(profile, caller.email),
            addresses=AddressList.of(profile).items,
            services=services,
        )
        return _json(200, view)

    return _visit(collect)


@app.get("/api/me/addresses", tags=["identity"])
def list_addresses() -> AddressList:
    """List the caller's addresses, the oldest first."""
    return _visit(lambda caller: AddressList.of(store().get(caller.user_id)))


@app.post("/api/me/addresses", tags=["identity"], status_code=201)
def add_address(request: Annotated[AddressRequest, Body()]) -> Response[AddressView]:
    """Add an address. The first one is the default until another is chosen."""

    def add(caller: Caller) -> AddressView:
        address_id, profile = store().add_address(caller.user_id, request.address, is_default=request.is_default)
        return AddressView.of(profile, address_id)

    return Response(status_code=201, content_type="application/json", body=_visit(add))


@app.put("/api/me/addresses/<address_id>", tags=["identity"])
def put_address(address_id: str, request: Annotated[AddressRequest, Body()]) -> AddressView:
    """Replace an address; ``isDefault`` makes it the default, another one has to be chosen to end that."""
    profile = _visit(
        lambda caller: store().replace_address(
            caller.user_id, address_id, request.address, is_default=request.is_default
        )
    )
    return AddressView.of(profile, address_id)


@app.delete("/api/me/addresses/<address_id>", tags=["identity"], status_code=204)
def remove_address(address_id: str) -> Response[None]:
    """Remove an address. Where it was the default, the oldest that is left becomes it."""
    _visit(lambda caller: store().remove_address(caller.user_id, address_id))
    return _no_content()


def _require_no_unsent_orders(user_id: str) -> None:
    """Raise the 409 problem while paid orders of the caller are still to be sent.

    The index of orders lags, and an order may be placed at this moment: such a one is cancelled by the erasure itself.
    """
    count, orders = service_commands().unsent_orders(user_id)
    if count:
        which = "An order is" if count == 1 else f"{count} orders are"
        raise Problem(
            409,
            "OPEN_ORDERS",
            f"{which} paid and not sent yet. Have them cancelled and refunded now (cancelOrders=true), or delete your"
            " account after delivery.",
            orders=orders,
            orderCount=count,
        )


def _visit(respond: Callable[[Caller], T]) -> T:
    """Return the response to the caller, who is registered first where that has not happened yet."""
    caller = api.caller()
    try:
        return respond(caller)
    except UnknownProfileError:
        store().register(caller.user_id, normalize_name(caller.name))
        return respond(caller)


def _export_in_background(caller: Caller) -> ExportFileView:
    """Return the state of the caller's file, which is begun where there is none."""
    export, is_new = store().begin_export(caller.user_id)
    if is_new:
        export_files().send(ExportPart(export_id=export.export_id, user_id=caller.user_id, email=caller.email))
    return _file_view(caller, export)


def _file_view(caller: Caller, export: Export) -> ExportFileView:
    link = export_files().link(caller.user_id, export.export_id) if export.is_ready else None
    return ExportFileView(
        export_id=export.export_id,
        status="READY" if export.is_ready else "PREPARING",
        expires_at=export.expires_at,
        url=link,
    )


def _json(status: int, body: ExportView | ExportFileView) -> Response[ExportView | ExportFileView]:
    return Response(status_code=status, content_type="application/json", body=body)


def _no_content() -> Response[None]:
    return Response(status_code=204)


PROBLEMS = {
    AccountErasedError: account_erased(),
    UnknownAddressError: not_found("address"),
    TooManyAddressesError: Problem(409, "TOO_MANY_ADDRESSES", f"There is room for {MAX_ADDRESSES} addresses."),
}
app.exception_handler(list(PROBLEMS))(lambda error: PROBLEMS[type(error)].response())
