"""The e-mail channel: takes published e-mails from its queue and sends each of them once."""

from bus.command import queued_command
from bus.context import current
from bus.log import logger
from bus.replay_guard import is_suppressed
from schemas.notifications import NotificationFailed, NotificationSent
from services.notifications.dependencies import (
    cart_reminder_consents,
    delivery_addresses,
    email_settings,
    recipients,
    send_log,
    ses_sender,
)
from services.notifications.domain import Email, UndeliverableError
from services.notifications.email_renderer import render_email

NO_RECIPIENT = "NO_RECIPIENT"


def deliver(email: Email) -> None:
    """Send an e-mail, or record why it cannot be sent; raises what may pass, so that the queue delivers it again."""
    event_id = current().causation_id
    if event_id is None:
        raise ValueError(f"nothing has caused this {email.template} mail")
    if is_suppressed("email"):
        logger.info("suppressed in a replay", event_id=event_id)
        return
    unsubscribe_token = cart_reminder_consents().unsubscribe_token(email.user_id) if email.needs_consent else None
    if email.needs_consent and unsubscribe_token is None:
        logger.info("not agreed to", event_id=event_id, template=email.template)
        return
    if not send_log().claim(event_id):
        logger.info("sent before", event_id=event_id)
        return
    try:
        message_id = _send(email, unsubscribe_token)
    except UndeliverableError as error:
        _record_failed(event_id, email, str(error))
    except Exception:
        send_log().release(event_id)
        raise
    else:
        _record_sent(event_id, email, message_id)


def _send(email: Email, unsubscribe_token: str | None) -> str:
    recipient = recipients().find(email.user_id)
    if recipient is None:
        raise UndeliverableError(NO_RECIPIENT)
    asks = email.names_address or email.link.signed
    delivery = delivery_addresses().find(email.subject_id, email.user_id) if asks else None
    rendered = render_email(email, recipient.name, email_settings().shop_url, delivery, unsubscribe_token)
    return ses_sender().send(recipient.address, rendered)


def _record_sent(event_id: str, email: Email, message_id: str) -> None:
    sent = NotificationSent(notification_id=event_id, **_event_fields(email))
    send_log().complete(event_id, sent, **sent.model_dump(), messageId=message_id)


def _record_failed(event_id: str, email: Email, reason: str) -> None:
    logger.warning("mail not sent", event_id=event_id, template=email.template, reason=reason)
    failed = NotificationFailed(notification_id=event_id, **_event_fields(email), reason=reason)
    send_log().complete(event_id, failed, **failed.model_dump())


def _event_fields(email: Email) -> dict[str, str]:
    return {"user_id": email.user_id, "template": email.template, "subject_id": email.subject_id}


handler = queued_command(deliver, Email)
