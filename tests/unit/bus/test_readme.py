"""The code of the event library's page runs as it is written."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus import clients
from bus.consumer import Consumer
from bus.outbox import new_entries

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

README = Path(clients.__file__).with_name("README.md")


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


@mock_aws
def test_a_write_stores_its_event_and_a_handler_gets_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dynamodb: DynamoDBClient = boto3.client("dynamodb", "us-east-1")
    dynamodb.create_table(
        TableName="Stock",
        KeySchema=[{"AttributeName": "productId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "productId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    monkeypatch.setattr(clients, "dynamodb", lambda: dynamodb)
    write, subscribe = blocks()
    names: dict[str, Any] = {}

    exec(write, names)  # noqa: S102 - the page's own code
    exec(subscribe, names)  # noqa: S102

    item = dynamodb.get_item(TableName="Stock", Key={"productId": {"S": "mug"}})["Item"]
    (entry,) = new_entries({}, item)
    consumer: Consumer = names["consumer"]
    consumer.handle(f'{{"source": "{entry.source}", "detail-type": "{entry.detail_type}", "detail": {entry.detail}}}')
    assert capsys.readouterr().out == "mug 1\n"
