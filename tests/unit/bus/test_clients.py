"""One client a service and process, with our time limits, and no more than was asked for changed."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

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


class Body:
    """The body of a response, as urllib3 gives it."""

    def stream(self) -> Iterator[bytes]:
        yield b'{"__type": "InternalServerError"}'


@pytest.mark.parametrize("status", [500, 503])
def test_every_call_has_three_attempts_however_many_have_failed_before(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def fail(request: Any, **_: object) -> AWSResponse:
        attempts[-1] += 1
        return AWSResponse(request.url, status, {}, Body())  # type: ignore[arg-type]

    monkeypatch.setattr("time.sleep", lambda _: None)
    events: Any = dynamodb().meta.events
    events.register("before-send", fail)
    for _ in range(120):
        attempts.append(0)
        with pytest.raises(ClientError):
            dynamodb().describe_limits()

    assert set(attempts) == {3}
