"""Events of the identity service. Ids only: the address of a person stays in Cognito."""

from schemas.contract import Identifier, Timestamp
from schemas.event import Event


class UserRegistered(
    Event, aggregate="user_id", no_subscriber_reason="For teams outside the shop, such as a loyalty programme."
):
    """A shopper confirmed their e-mail address and has an account."""

    user_id: Identifier
    registered_at: Timestamp


class ExportReady(Event, aggregate="export_id"):
    """The file with all that the shop stores of a shopper can be had, until it expires."""

    export_id: Identifier
    user_id: Identifier
    expires_at: Timestamp


class UserDeleted(Event, aggregate="user_id"):
    """A shopper asked for erasure: whoever stores something of them deletes it."""

    user_id: Identifier
    deleted_at: Timestamp
