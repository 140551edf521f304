"""A count is one line in CloudWatch's embedded metric format."""

import json
import time

import pytest

from bus.metric import NAMESPACE, count


def test_a_count_is_one_line_that_cloudwatch_reads(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_900_000_000.25)

    count("EventsInvalid", source="their.service", detailType="Thing\nHappened")

    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert json.loads(printed) == {
        "_aws": {
            "Timestamp": 1_900_000_000_250,
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    # One set of no dimensions: properties would make a metric, and a price, of each value.
                    "Dimensions": [[]],
                    "Metrics": [{"Name": "EventsInvalid", "Unit": "Count"}],
                }
            ],
        },
        "EventsInvalid": 1,
        "source": "their.service",
        "detailType": "Thing\nHappened",
    }
