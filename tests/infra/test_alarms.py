"""Alarms: each notifies someone, and says what to do."""

import re
from typing import Any

from infra.constructs import schedule
from infra.constructs.paths import ROOT
from schemas.time_zone import TIME_ZONE
from tests.infra.synthesis import Shop, Template, reference

RUNBOOK = re.compile(r"See (docs/runbooks/[a-z-]+\.md)\.$")


def alarms(shop: Shop) -> list[tuple[Template, str, dict[str, Any]]]:
    found = list(shop.of_type("AWS::CloudWatch::Alarm"))
    assert len(found) > 30
    return found


def test_an_alarm_notifies_when_it_is_raised_and_when_it_is_over(shop: Shop) -> None:
    (topic,) = shop.templates["bus"].of_type("AWS::SNS::Topic")

    for template, name, properties in alarms(shop):
        for actions in (properties["AlarmActions"], properties["OKActions"]):
            (action,) = actions
            own = template.service == "bus" and action == {"Ref": topic}
            assert own or template.parameter_of(action) == f"/ecom67/{shop.stage}/bus/alarm-topic-arn", name
        assert properties.get("ActionsEnabled", True), name


def test_an_alarm_names_a_runbook_that_exists(shop: Shop) -> None:
    for _, name, properties in alarms(shop):
        found = RUNBOOK.search(properties["AlarmDescription"])
        assert found, name
        assert (ROOT / found[1]).is_file(), name


def test_only_cloudwatch_may_publish_alarms_and_only_of_this_account(deployed: Shop) -> None:
    (policy,) = deployed.templates["bus"].of_type("AWS::SNS::TopicPolicy").values()

    allowed = [found for found in policy["Properties"]["PolicyDocument"]["Statement"] if found["Effect"] == "Allow"]
    assert [found["Principal"] for found in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]
    assert "aws:SourceAccount" in str(allowed[0]["Condition"])


def test_a_job_that_keeps_failing_raises_an_alarm(shop: Shop) -> None:
    judged = 0
    for template, name, properties in shop.of_type("AWS::Scheduler::Schedule"):
        function = reference(properties["Target"]["Arn"])
        (alarm,) = [
            alarm["Properties"]
            for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
            if alarm["Properties"].get("MetricName") == "Errors"
            and function in [reference(found["Value"]) for found in alarm["Properties"]["Dimensions"]]
        ]
        assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Sum", 3, 3600), name
        judged += 1

    assert judged >= 4


def test_a_day_of_the_shop_is_the_same_to_timers_and_mails() -> None:
    assert schedule.SHOP_TIME_ZONE == TIME_ZONE
