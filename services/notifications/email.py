"""Sends announced mails: asks Cognito for the address, writes the letter, hands it to SES, once each."""

from bus.command import queued_command
from bus.context import current
from bus.log import logger
from bus.replay import is_suppressed
from schemas.notifications import NotificationFailed, NotificationSent
from services.notifications.dependencies import directory, email_settings, postman, send_log
from services.notifications.domain import Mail, UndeliverableError
from services.notifications.letter import letter_of

NO_RECIPIENT = "NO_RECIPIENT"


def deliver(mail: Mail) -> None:
    """Send a mail, or note why it cannot be sent. What may pass is raised: the queue brings the mail again."""
    event_id = current().causation_id
    if event_id is None:
        raise ValueError(f"nothing has caused this {mail.template} mail")
    if is_suppressed("email"):
        logger.info("suppressed in a replay", event_id=event_id)
        return
    if not send_log().claim(event_id):
        logger.info("sent before", event_id=event_id)
        return
    try:
        message_id = _sent(mail)
    except UndeliverableError as error:
        _note_failure(event_id, mail, str(error))
    except Exception:
        send_log().release(event_id)
        raise
    else:
        _note_success(event_id, mail, message_id)


def _sent(mail: Mail) -> str:
    recipient = directory().find(mail.user_id)
    if recipient is None:
        raise UndeliverableError(NO_RECIPIENT)
    return postman().send(recipient.address, letter_of(mail, recipient.name, email_settings().shop_url))


def _note_success(event_id: str, mail: Mail, message_id: str) -> None:
    sent = NotificationSent(notification_id=event_id, **_about(mail))
    send_log().complete(event_id, sent, **sent.model_dump(), messageId=message_id)


def _note_failure(event_id: str, mail: Mail, reason: str) -> None:
    logger.warning("mail not sent", event_id=event_id, template=mail.template, reason=reason)
    failed = NotificationFailed(notification_id=event_id, **_about(mail), reason=reason)
    send_log().complete(event_id, failed, **failed.model_dump())


def _about(mail: Mail) -> dict[str, str]:
    return {"user_id": mail.user_id, "template": mail.template, "subject_id": mail.subject_id}


handler = queued_command(deliver, Mail)
