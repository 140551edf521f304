"""The Allowances table: how many questions a minute and tokens a day each caller has used."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bus.attribute_values import from_item, to_item
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

MINUTE = 60
"""Seconds."""
DAY = 24 * 3600
"""Seconds."""


class QuotaSettings(Settings):
    """The table in which use is counted, and the limits of one caller."""

    allowances_table: str
    questions_a_minute: int
    tokens_a_day: int


class QuotaExceededError(Exception):
    """A caller has used up a quota.

    Attributes:
        retry_after: seconds until the next question is accepted.
        daily: True for the tokens of the day, False for the questions of the minute.
    """

    def __init__(self, retry_after: int, *, daily: bool) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after
        self.daily = daily


class Quotas:
    """The quotas of all callers, in fixed windows of a minute and a day.

    Parameters:
        dynamodb: the DynamoDB client.
        settings: the table, keyed by ``allowanceId``, and the limits.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self, dynamodb: "DynamoDBClient", settings: QuotaSettings, now: Callable[[], float] = time.time
    ) -> None:
        self._dynamodb = dynamodb
        self._settings = settings
        self._now = now

    def consume_question(self, quota_id: str) -> None:
        """Count a question of a caller.

        Raises:
            QuotaExceededError: the questions of the minute or the tokens of the day are used up.
        """
        now = int(self._now())
        answer = self._dynamodb.get_item(TableName=self._settings.allowances_table, Key=_key(quota_id, now, DAY))
        if from_item(answer.get("Item", {})).get("used", 0) >= self._settings.tokens_a_day:
            raise QuotaExceededError(DAY - now % DAY, daily=True)
        if self._add(quota_id, now, MINUTE, 1) > self._settings.questions_a_minute:
            raise QuotaExceededError(MINUTE - now % MINUTE, daily=False)

    def consume_tokens(self, quota_id: str, tokens: int) -> None:
        """Count the tokens of an answer to a caller. The day's quota may be exceeded by one answer."""
        self._add(quota_id, int(self._now()), DAY, tokens)

    def use_of(self, quota_id: str) -> dict[str, int]:
        """Return what a caller has used in the windows that are stored: questions by minute, tokens by day."""
        now = int(self._now())
        use = {}
        for name, window in (("questionsThisMinute", MINUTE), ("tokensToday", DAY)):
            answer = self._dynamodb.get_item(TableName=self._settings.allowances_table, Key=_key(quota_id, now, window))
            use[name] = int(from_item(answer.get("Item", {})).get("used", 0))
        return use

    def _add(self, quota_id: str, now: int, window: int, amount: int) -> int:
        answer = self._dynamodb.update_item(
            TableName=self._settings.allowances_table,
            Key=_key(quota_id, now, window),
            UpdateExpression="SET expiresAt = :expiry ADD used :amount",
            ExpressionAttributeValues=to_item({":amount": amount, ":expiry": now + 2 * window}),
            ReturnValues="UPDATED_NEW",
        )
        return int(from_item(answer["Attributes"])["used"])


def _key(quota_id: str, now: int, window: int) -> dict[str, dict[str, str]]:
    return to_item({"allowanceId": f"{quota_id}#{window}#{now // window}"})
