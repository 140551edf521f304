import json

import boto3
import pytest
from moto import mock_aws

from ecom67.base.errors import CliError
from ecom67.logs.entries import LogEntry, format_entry, read
from ecom67.stage_client import StageClient

AT = 1_795_431_765_058


def _line(message: object) -> str | None:
    return format_entry(LogEntry(AT, "orders-api", message if isinstance(message, str) else json.dumps(message)))


def test_a_structured_line_is_written_for_a_reader() -> None:
    line = _line(
        {"level": "INFO", "message": "order placed", "service": "orders", "orderId": "o-1", "cold_start": True}
    )

    assert line == "11:02:45.058 orders-api               INFO    order placed  orderId=o-1"


def test_a_message_that_is_data_stays_readable() -> None:
    assert (_line({"level": "INFO", "message": {"orderId": "o-1"}}) or "").endswith('INFO    {"orderId": "o-1"}')


def test_a_traceback_is_below_its_line() -> None:
    line = _line({"level": "ERROR", "message": "fault", "exception": "Traceback\n  File", "exception_name": "KeyError"})

    assert (line or "").splitlines()[1:] == ["Traceback", "  File"]


def test_plain_text_stays_as_it_is() -> None:
    assert _line("hello\n") == "11:02:45.058 orders-api               hello"


def test_what_the_platform_and_the_metrics_write_is_left_out() -> None:
    assert _line("START RequestId: 5d07 Version: $LATEST") is None
    assert _line("REPORT RequestId: 5d07\tDuration: 395 ms") is None
    assert _line({"_aws": {"CloudWatchMetrics": []}, "EventsInvalid": 1}) is None
    assert _line("\n") is None


@pytest.mark.parametrize("stage", ["local", "dev"])
def test_a_service_that_is_not_there_is_told_of_with_those_that_are(stage: str) -> None:
    with mock_aws():
        logs = boto3.client("logs", region_name="us-east-1")
        for function in ("orders-api", "orders-place", "cart-api"):
            logs.create_log_group(logGroupName=f"/aws/lambda/ecom67-{stage}-{function}")
        client = StageClient(stage, lambda _: logs)

        assert read(client, "orders") == []
        with pytest.raises(CliError, match=r"'order'.*There are: cart, orders"):
            read(client, "order")
