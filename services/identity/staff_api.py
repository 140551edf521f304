"""HTTP routes of the shop's staff: customers, and their export and erasure on request.

They are a function of their own: it alone may list accounts.
"""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from bus.http import Api, Problem, account_erased, not_found
from services.identity.api_models import CustomerPage, CustomerSummary, CustomerView, ExportFileView, ExportView
from services.identity.dependencies import staff_actions, store, user_pool
from services.identity.domain import AccountErasedError, Profile, UnknownProfileError, normalize_name
from services.identity.subject_requests import erase_person, export_person, require_no_unsent_orders
from services.identity.user_pool import Account, InvalidPageError

EXPORT_RESPONSES: dict[int, OpenAPIResponse] = {
    200: {"description": "All of it.", "content": {"application/json": {"model": ExportView}}},
    202: {
        "description": "It is made in the background, or can be had as a file.",
        "content": {"application/json": {"model": ExportFileView}},
    },
}

api = Api()
app = api.app
UserIdInPath = Annotated[str, Path(max_length=128)]


@app.get("/api/staff/customers", tags=["identity"])
@api.for_staff
def list_customers(
    q: Annotated[str | None, Query(max_length=254)] = None,
    limit: Annotated[int, Query(ge=1, le=60)] = 50,
    cursor: Annotated[str | None, Query(max_length=4096)] = None,
) -> CustomerPage:
    """List accounts (staff): those whose e-mail address begins with ``q``, or the one with that id."""
    try:
        accounts, next_cursor = user_pool().list_accounts((q or "").strip(), limit, cursor)
    except InvalidPageError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return CustomerPage(items=[CustomerSummary.of(account) for account in accounts], next_cursor=next_cursor)


@app.get("/api/staff/customers/<user_id>", tags=["identity"])
@api.for_staff
def get_customer(user_id: UserIdInPath) -> CustomerView:
    """Read a customer (staff), with what staff asked for about them; of an erased one only that is left."""
    actions = staff_actions().list(user_id)
    account = user_pool().find(user_id)
    try:
        profile: Profile | None = store().get(user_id)
    except UnknownProfileError:
        profile = None
    except AccountErasedError:
        return CustomerView(user_id=user_id, status="ERASED", actions=actions)
    if account is None:
        raise not_found("customer")
    return CustomerView.of(account, profile, actions)


@app.post("/api/staff/customers/<user_id>/export", tags=["identity"], responses=EXPORT_RESPONSES)
@api.for_staff
def export_customer(user_id: UserIdInPath) -> Response[ExportView | ExportFileView]:
    """Read all that the shop stores of a customer, on their request (staff). It is recorded who asked.

    202 where it is too much for an answer: a file is made in the background. Ask again for the link to it.
    """
    account = _account(user_id)
    staff_actions().record(user_id, "EXPORT", api.caller().user_id)
    try:
        exported = export_person(user_id, account.email)
    except UnknownProfileError:
        # An account that staff created, and that never visited the shop.
        store().register(user_id, normalize_name(account.name))
        exported = export_person(user_id, account.email)
    status = 200 if isinstance(exported, ExportView) else 202
    return Response(status_code=status, content_type="application/json", body=exported)


@app.delete("/api/staff/customers/<user_id>", tags=["identity"], status_code=204)
@api.for_staff
def erase_customer(
    user_id: UserIdInPath, cancel_orders: Annotated[bool, Query(alias="cancelOrders")] = False
) -> Response[None]:
    """Forget a customer in all services, on their request (staff). It is recorded who asked.

    409 `OPEN_ORDERS` while paid orders are still to be sent, unless `cancelOrders` says that they are to be cancelled
    and refunded; 409 `STAFF_ACCOUNT` for an account of the staff. After another answer, call again: it continues where
    it stopped, and answers 410 once nothing is left to do.
    """
    if user_pool().is_staff(user_id):
        raise Problem(
            409, "STAFF_ACCOUNT", "An account of the staff is taken out of the staff before it can be erased."
        )
    if user_pool().find(user_id) is None:
        _require_known(user_id)
    if not cancel_orders:
        require_no_unsent_orders(user_id)
    staff_actions().record(user_id, "ERASURE", api.caller().user_id)
    if not erase_person(user_id):
        raise account_erased()
    return Response(status_code=204)


def _account(user_id: str) -> Account:
    account = user_pool().find(user_id)
    if account is None:
        raise not_found("customer")
    return account


def _require_known(user_id: str) -> None:
    """Raise the problem of a customer of whom there is nothing; one whose erasure was cut short has a profile."""
    try:
        store().get(user_id)
    except UnknownProfileError:
        raise not_found("customer") from None
    except AccountErasedError:
        return


app.exception_handler(AccountErasedError)(lambda _: account_erased().response())
