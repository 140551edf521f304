"""Sends e-mails with SES."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.metric import count
from services.notifications.domain import UndeliverableError
from services.notifications.email_renderer import RenderedEmail

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

PERMANENT_ERRORS = frozenset({"BadRequestException"})
"""SES's errors of an e-mail that it will never take. All others may pass: throttling, a paused account, a failure, and
``MessageRejected``, with which it answers as long as the sender is not verified, or in its sandbox the recipient."""


class SesSender:
    """Sends e-mails from the shop's address.

    Parameters:
        ses: the SES client (version 2).
        sender: the From header, such as ``e-com67 <shop@ecom67.example>``.
        configuration_set: name of SES's configuration set.
    """

    def __init__(self, ses: "SESV2Client", sender: str, configuration_set: str) -> None:
        self._ses = ses
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, address: str, email: RenderedEmail) -> str:
        """Send an e-mail and return SES's message id.

        Parameters:
            address: of the recipient.
            email: its subject and both bodies.

        Raises UndeliverableError where SES will never take it, and ClientError or BotoCoreError where another attempt
        may succeed.
        """
        try:
            answer = self._ses.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address]},
                ConfigurationSetName=self._configuration_set,
                Content={
                    "Simple": {
                        "Subject": {"Data": email.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Html": {"Data": email.html, "Charset": "UTF-8"},
                            "Text": {"Data": email.text, "Charset": "UTF-8"},
                        },
                        "Headers": [{"Name": name, "Value": value} for name, value in email.headers.items()],
                    }
                },
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in PERMANENT_ERRORS:
                raise
            count("MailsRefused", reason=code)
            # Without SES's own message, which has the address in it.
            raise UndeliverableError(code) from error
        return answer["MessageId"]
