"""The Allowances table: how many questions a minute, and how many tokens a day, somebody has used."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bus.attribute_values import from_item, to_item
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

MINUTE = 60
DAY = 24 * 3600


class AllowanceSettings(Settings):
    """Where use is counted, and how much there may be of it."""

    allowances_table: str
    questions_a_minute: int
    tokens_a_day: int


class ExhaustedError(Exception):
    """Somebody has asked too much.

    Attributes:
        retry_after: seconds until they may ask again.
        daily: whether it is the day's tokens that are used up.
    """

    def __init__(self, retry_after: int, *, daily: bool) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after
        self.daily = daily


class Allowances:
    """What everybody has used.

    Parameters:
        dynamodb: the DynamoDB client.
        settings: the table, keyed by ``allowanceId``, and the limits.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self, dynamodb: "DynamoDBClient", settings: AllowanceSettings, now: Callable[[], float] = time.time
    ) -> None:
        self._dynamodb = dynamodb
        self._settings = settings
        self._now = now

    def take_question(self, holder: str) -> None:
        """Count a question; raises ExhaustedError where it is one too many, or the day's tokens are used up."""
        now = int(self._now())
        answer = self._dynamodb.get_item(TableName=self._settings.allowances_table, Key=_key(holder, now, DAY))
        if from_item(answer.get("Item", {})).get("used", 0) >= self._settings.tokens_a_day:
            raise ExhaustedError(DAY - now % DAY, daily=True)
        if self._add(holder, now, MINUTE, 1) > self._settings.questions_a_minute:
            raise ExhaustedError(MINUTE - now % MINUTE, daily=False)

    def use_tokens(self, holder: str, tokens: int) -> None:
        """Count tokens that an answer took."""
        self._add(holder, int(self._now()), DAY, tokens)

    def _add(self, holder: str, now: int, span: int, amount: int) -> int:
        answer = self._dynamodb.update_item(
            TableName=self._settings.allowances_table,
            Key=_key(holder, now, span),
            UpdateExpression="SET expiresAt = :gone ADD used :amount",
            ExpressionAttributeValues=to_item({":amount": amount, ":gone": now + 2 * span}),
            ReturnValues="UPDATED_NEW",
        )
        return int(from_item(answer["Attributes"])["used"])


def _key(holder: str, now: int, span: int) -> dict[str, dict[str, str]]:
    return to_item({"allowanceId": f"{holder}#{span}#{now // span}"})
