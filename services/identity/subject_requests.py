"""Export and erasure of a person's data: asked for by themselves, or by staff on their request."""

from datetime import UTC, datetime

from bus.erased_users import erased_users
from bus.http import Problem
from services.identity.api_models import AddressList, ExportFileView, ExportView, ProfileView
from services.identity.dependencies import export_files, service_commands, store, user_pool
from services.identity.exports import Export, ExportPart
from services.identity.service_commands import ExportTooLargeError

PAGES_AT_ONCE = 20
"""Pages of all services that an export reads while the caller waits: some 2,000 items."""


def export_person(user_id: str, email: str | None) -> ExportView | ExportFileView:
    """Return all that the shop stores of a person, or the state of the file where it is too much for an answer.

    The file is begun where there is none.

    Parameters:
        user_id: the person.
        email: their address, which Cognito alone stores.

    Raises UnknownProfileError, AccountErasedError, and CommandFailedError where a service fails.
    """
    profile = store().get(user_id)
    if begun := store().find_export(user_id):
        return _file_view(user_id, begun)
    try:
        services = service_commands().collect(user_id, PAGES_AT_ONCE)
    except ExportTooLargeError:
        return _export_in_background(user_id, email)
    return ExportView(
        exported_at=datetime.now(UTC),
        profile=ProfileView.of(profile, email),
        addresses=AddressList.of(profile).items,
        services=services,
    )


def require_no_unsent_orders(user_id: str) -> None:
    """Raise the 409 problem while paid orders of a person are still to be sent.

    The index of orders lags, and an order may be placed at this moment: such a one is cancelled by the erasure itself.
    """
    if erased_users().includes(user_id):
        return
    count, orders = service_commands().unsent_orders(user_id)
    if count:
        which = "An order is" if count == 1 else f"{count} orders are"
        raise Problem(
            409,
            "OPEN_ORDERS",
            f"{which} paid and not sent yet. Have them cancelled and refunded now (cancelOrders=true), or delete the"
            " account after delivery.",
            orders=orders,
            orderCount=count,
        )


def erase_person(user_id: str) -> bool:
    """Forget a person in all services and close their account; return False where nothing was left to do.

    After a failure the same call continues where it stopped. Raises RetriesExhaustedError.
    """
    newly = store().erase(user_id)
    export_files().delete_all(user_id)
    closed = user_pool().delete_user(user_id)
    return newly or closed


def _export_in_background(user_id: str, email: str | None) -> ExportFileView:
    export, is_new = store().begin_export(user_id)
    if is_new:
        export_files().send(ExportPart(export_id=export.export_id, user_id=user_id, email=email))
    return _file_view(user_id, export)


def _file_view(user_id: str, export: Export) -> ExportFileView:
    link = export_files().link(user_id, export.export_id) if export.is_ready else None
    return ExportFileView(
        export_id=export.export_id,
        status="READY" if export.is_ready else "PREPARING",
        expires_at=export.expires_at,
        url=link,
    )
