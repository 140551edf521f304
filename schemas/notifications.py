"""Events of the notifications service. They name the person by id, never by address."""

from schemas.contract import Identifier
from schemas.event import Event


class NotificationSent(
    Event,
    aggregate="notification_id",
    no_subscriber_reason="Closes the tree of a purchase: the journal shows that the mail left.",
):
    """An e-mail was handed to SES."""

    notification_id: Identifier
    user_id: Identifier
    template: str
    subject_id: Identifier


class NotificationFailed(
    Event,
    aggregate="notification_id",
    no_subscriber_reason="Closes the tree of a purchase: the journal shows why no mail left.",
):
    """An e-mail could not be sent."""

    notification_id: Identifier
    user_id: Identifier
    template: str
    subject_id: Identifier
    reason: str
