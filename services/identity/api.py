"""HTTP routes of identity: the caller's own profile, addresses, export and erasure."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from bus.clients import client, dynamodb
from bus.http import Api, Caller, Problem, not_found
from services.identity.directory import Directory, DirectorySettings
from services.identity.domain import (
    MAX_ADDRESSES,
    Details,
    ErasedError,
    TooManyAddressesError,
    UnknownAddressError,
    UnknownProfileError,
    name_from_sign_up,
)
from services.identity.export import ExportSettings, Shares
from services.identity.store import IdentitySettings, ProfileStore
from services.identity.views import AddressList, AddressRequest, AddressView, ExportView, ProfileView

T = TypeVar("T")

api = Api()
app = api.app


@cache
def _store() -> ProfileStore:
    return ProfileStore(dynamodb(), IdentitySettings.load().users_table)


@cache
def _directory() -> Directory:
    return Directory(client("cognito-idp"), DirectorySettings.load().user_pool_id)


@cache
def _shares() -> Shares:
    return Shares(client("ssm"), client("lambda"), ExportSettings.load().parameters_path)


@app.get("/api/me", tags=["identity"])
def get_profile() -> ProfileView:
    """Read the caller's profile; the first visit of an account that staff made registers it."""
    return _registered(lambda caller: ProfileView.of(_store().get(caller.user_id), caller.email))


@app.put("/api/me", tags=["identity"])
def put_profile(details: Annotated[Details, Body()]) -> ProfileView:
    """Replace the caller's details. Addresses stay as they are."""
    return _registered(lambda caller: ProfileView.of(_store().change_details(caller.user_id, details), caller.email))


@app.delete("/api/me", tags=["identity"], status_code=204)
def erase() -> Response[None]:
    """Forget the caller, in all services, and close the account. Any other answer than 204: call again."""
    user_id = api.caller().user_id
    _store().erase(user_id)
    _directory().delete(user_id)
    return _no_content()


@app.get("/api/me/export", tags=["identity"])
def export() -> ExportView:
    """Read all that the shop stores of the caller."""

    def exported(caller: Caller) -> ExportView:
        profile = _store().get(caller.user_id)
        return ExportView(
            exported_at=datetime.now(UTC),
            profile=ProfileView.of(profile, caller.email),
            addresses=AddressList.of(profile).items,
            services=_shares().of(caller.user_id),
        )

    return _registered(exported)


@app.get("/api/me/addresses", tags=["identity"])
def list_addresses() -> AddressList:
    """List the caller's addresses, the oldest first."""
    return _registered(lambda caller: AddressList.of(_store().get(caller.user_id)))


@app.post("/api/me/addresses", tags=["identity"], status_code=201)
def add_address(request: Annotated[AddressRequest, Body()]) -> Response[AddressView]:
    """Add an address. The first one is the default until another is chosen."""

    def added(caller: Caller) -> AddressView:
        address_id, profile = _store().add_address(caller.user_id, request.address, is_default=request.is_default)
        return AddressView.of(profile, address_id)

    return Response(status_code=201, content_type="application/json", body=_registered(added))


@app.put("/api/me/addresses/<address_id>", tags=["identity"])
def put_address(address_id: str, request: Annotated[AddressRequest, Body()]) -> AddressView:
    """Replace an address; ``isDefault`` makes it the default, another one has to be chosen to end that."""
    replaced = _registered(
        lambda caller: _store().replace_address(
            caller.user_id, address_id, request.address, is_default=request.is_default
        )
    )
    return AddressView.of(replaced, address_id)


@app.delete("/api/me/addresses/<address_id>", tags=["identity"], status_code=204)
def remove_address(address_id: str) -> Response[None]:
    """Remove an address. Where it was the default, the oldest that is left becomes it."""
    _registered(lambda caller: _store().remove_address(caller.user_id, address_id))
    return _no_content()


def _registered(visit: Callable[[Caller], T]) -> T:
    caller = api.caller()
    try:
        return visit(caller)
    except UnknownProfileError:
        _store().register(caller.user_id, name_from_sign_up(caller.name))
        return visit(caller)


def _no_content() -> Response[None]:
    return Response(status_code=204)


PROBLEMS = {
    ErasedError: Problem(410, "ACCOUNT_ERASED", "This account was erased at your request."),
    UnknownAddressError: not_found("address"),
    TooManyAddressesError: Problem(409, "TOO_MANY_ADDRESSES", f"There is room for {MAX_ADDRESSES} addresses."),
}
app.exception_handler(list(PROBLEMS))(lambda error: PROBLEMS[type(error)].response())
