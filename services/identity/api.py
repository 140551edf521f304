"""HTTP routes of identity: the caller's own profile, addresses, export and erasure."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from bus.http import Api, Caller, Problem, account_erased, not_found
from delivery.addresses import find_faults, normalize_address
from schemas.commands import ShippingAddress
from services.identity.api_models import (
    AddressList,
    AddressRequest,
    AddressView,
    Consents,
    ExportFileView,
    ExportView,
    ProfileView,
)
from services.identity.dependencies import store
from services.identity.domain import (
    MAX_ADDRESSES,
    AccountErasedError,
    Details,
    TooManyAddressesError,
    UnknownAddressError,
    UnknownProfileError,
    normalize_name,
)
from services.identity.subject_requests import erase_person, export_person, require_no_unsent_orders

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


@app.put("/api/me/consents", tags=["identity"])
def put_consents(consents: Annotated[Consents, Body()]) -> ProfileView:
    """Replace what the caller agrees to."""

    def record(caller: Caller) -> ProfileView:
        profile = store().record_cart_reminders(caller.user_id, agreed=consents.cart_reminders)
        return ProfileView.of(profile, caller.email)

    return _visit(record)


@app.delete("/api/me", tags=["identity"], status_code=204)
def erase(cancel_orders: Annotated[bool, Query(alias="cancelOrders")] = False) -> Response[None]:
    """Forget the caller, in all services, and close the account.

    409 `OPEN_ORDERS` while paid orders are still to be sent, unless `cancelOrders` says that they are to be cancelled
    and refunded. After another answer, call again: it continues where it stopped, and answers 410 once nothing is left
    to do.
    """
    user_id = api.caller().user_id
    if not cancel_orders:
        require_no_unsent_orders(user_id)
    if not erase_person(user_id):
        raise account_erased()
    return _no_content()


@app.get("/api/me/export", tags=["identity"], responses=EXPORT_RESPONSES)
def export() -> Response[ExportView | ExportFileView]:
    """Read all that the shop stores of the caller.

    202 where it is too much for an answer: a file is made in the background, and an e-mail says when it can be had. Ask
    again then: the answer has a link to it, which is valid for minutes.
    """

    def collect(caller: Caller) -> Response[ExportView | ExportFileView]:
        exported = export_person(caller.user_id, caller.email)
        return _json(200 if isinstance(exported, ExportView) else 202, exported)

    return _visit(collect)


@app.get("/api/me/addresses", tags=["identity"])
def list_addresses() -> AddressList:
    """List the caller's addresses, the oldest first."""
    return _visit(lambda caller: AddressList.of(store().get(caller.user_id)))


@app.post("/api/me/addresses", tags=["identity"], status_code=201)
def add_address(request: Annotated[AddressRequest, Body()]) -> Response[AddressView]:
    """Add an address. The first one is the default until another is chosen."""

    address = _complete_address(request)

    def add(caller: Caller) -> AddressView:
        address_id, profile = store().add_address(caller.user_id, address, is_default=request.is_default)
        return AddressView.of(profile, address_id)

    return Response(status_code=201, content_type="application/json", body=_visit(add))


@app.put("/api/me/addresses/<address_id>", tags=["identity"])
def put_address(address_id: str, request: Annotated[AddressRequest, Body()]) -> AddressView:
    """Replace an address; ``isDefault`` makes it the default, another one has to be chosen to end that."""
    address = _complete_address(request)
    profile = _visit(
        lambda caller: store().replace_address(caller.user_id, address_id, address, is_default=request.is_default)
    )
    return AddressView.of(profile, address_id)


@app.delete("/api/me/addresses/<address_id>", tags=["identity"], status_code=204)
def remove_address(address_id: str) -> Response[None]:
    """Remove an address. Where it was the default, the oldest that is left becomes it."""
    _visit(lambda caller: store().remove_address(caller.user_id, address_id))
    return _no_content()


def _complete_address(request: AddressRequest) -> ShippingAddress:
    """Return an address as its country writes it; raises the 422 problem with what it lacks there."""
    address = normalize_address(request.address)
    if faults := find_faults(address):
        errors = [{"path": fault.field, "message": fault.message} for fault in faults]
        raise Problem(422, "VALIDATION", "The address is not complete.", errors=errors)
    return address


def _visit(respond: Callable[[Caller], T]) -> T:
    """Return the response to the caller, who is registered first where that has not happened yet."""
    caller = api.caller()
    try:
        return respond(caller)
    except UnknownProfileError:
        store().register(caller.user_id, normalize_name(caller.name))
        return respond(caller)


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
