"""Hands letters to SES."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.metric import count
from services.notifications.domain import UndeliverableError
from services.notifications.letter import Letter

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

FINAL = frozenset({"MessageRejected", "BadRequestException"})
"""What SES says of a mail that it will never take. All else may pass: throttling, a paused account, a fault."""


class Postman:
    """Sends mails in the name of the shop.

    Parameters:
        ses: the SES client (version 2).
        sender: the From header, such as ``e-com67 <shop@ecom67.example>``.
        configuration_set: of SES.
    """

    def __init__(self, ses: "SESV2Client", sender: str, configuration_set: str) -> None:
        self._ses = ses
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, address: str, letter: Letter) -> str:
        """Send a letter and return SES's id of it.

        Raises UndeliverableError where it will never be taken, and ClientError or BotoCoreError where
        another attempt may succeed.
        """
        try:
            answer = self._ses.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address]},
                ConfigurationSetName=self._configuration_set,
                Content={
                    "Simple": {
                        "Subject": {"Data": letter.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Html": {"Data": letter.html, "Charset": "UTF-8"},
                            "Text": {"Data": letter.text, "Charset": "UTF-8"},
                        },
                    }
                },
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in FINAL:
                raise
            count("MailsRefused", reason=code)
            # Without SES's own sentence: it names the address.
            raise UndeliverableError(code) from error
        return answer["MessageId"]
