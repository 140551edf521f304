"""The SNS topic on which e-mails are published to the channels that deliver them."""

from typing import TYPE_CHECKING

from bus.command import Command
from bus.context import current
from bus.settings import Settings
from services.notifications.domain import Email

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient


class TopicSettings(Settings):
    """Environment of the functions that publish e-mails: the ARN of the topic."""

    topic_arn: str


class EmailTopic:
    """The topic.

    Parameters:
        sns: the SNS client.
        arn: ARN of the topic.
    """

    def __init__(self, sns: "SNSClient", arn: str) -> None:
        self._sns = sns
        self._arn = arn

    def publish(self, email: Email) -> None:
        """Publish an e-mail in the current context; subscribers may filter by the attribute ``template``."""
        message = Command[Email](context=current(), input=email)
        self._sns.publish(
            TopicArn=self._arn,
            Message=message.model_dump_json(exclude_none=True),
            MessageAttributes={"template": {"DataType": "String", "StringValue": email.template}},
        )
