"""The SNS topic on which mails are announced to whatever brings them to people."""

from typing import TYPE_CHECKING

from bus.command import Command
from bus.context import current
from bus.settings import Settings
from services.notifications.domain import Mail

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient


class TopicSettings(Settings):
    """What the stack tells whoever announces."""

    topic_arn: str


class Topic:
    """The topic.

    Parameters:
        sns: the SNS client.
        arn: of the topic.
    """

    def __init__(self, sns: "SNSClient", arn: str) -> None:
        self._sns = sns
        self._arn = arn

    def announce(self, mail: Mail) -> None:
        """Publish a mail with the context that it is caused in; subscribers may filter by ``template``."""
        message = Command[Mail](context=current(), input=mail)
        self._sns.publish(
            TopicArn=self._arn,
            Message=message.model_dump_json(exclude_none=True),
            MessageAttributes={"template": {"DataType": "String", "StringValue": mail.template}},
        )
