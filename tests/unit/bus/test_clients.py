"""One client a service and process, with our time limits, and no more than was asked for changed."""

from collections.abc import Iterator

import pytest
from botocore.config import Config

from bus.clients import client, dynamodb


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    client.cache_clear()
    yield
    client.cache_clear()


def test_a_client_is_made_once() -> None:
    assert client("sqs") is client("sqs")
    assert dynamodb() is client("dynamodb")


def test_a_client_answers_or_fails_within_seconds() -> None:
    config = client("sqs").meta.config

    assert (config.connect_timeout, config.read_timeout) == (2, 10)
    assert config.retries["total_max_attempts"] == 3


def test_a_setting_of_ones_own_leaves_the_others() -> None:
    config = client("lambda", Config(read_timeout=30)).meta.config

    assert (config.connect_timeout, config.read_timeout) == (2, 30)
    assert config.retries["total_max_attempts"] == 3
