"""Queues: dead letters, alarms, encryption and policies."""

from typing import Any

from tests.infra.synthesis import Shop, Template, reference

FOURTEEN_DAYS = 14 * 24 * 3600


def dead_letter_queues(template: Template) -> set[str]:
    """Return the logical ids of the queues that take dead letters, of queues, rules or subscriptions."""
    found: set[str] = set()
    for resource in template.resources.values():
        properties = resource.get("Properties", {})
        redrive = properties.get("RedrivePolicy", {})
        arns = [redrive.get("deadLetterTargetArn")]
        arns += [target.get("DeadLetterConfig", {}).get("Arn") for target in properties.get("Targets", [])]
        found |= {name for arn in arns if (name := reference(arn))}
    return found


def has_no_consumer(template: Template, name: str) -> bool:
    """Return whether a queue has no consumer: dead-letter queues, and parking queues."""
    return name in dead_letter_queues(template) or "Parking" in name


def alarms_on(template: Template, queue: str) -> list[dict[str, Any]]:
    return [
        alarm["Properties"]
        for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
        if any(reference(found["Value"]) == queue for found in alarm["Properties"].get("Dimensions", []))
    ]


def test_a_message_that_fails_five_times_goes_to_the_dead_letters(shop: Shop) -> None:
    for template, name, properties in shop.of_type("AWS::SQS::Queue"):
        if has_no_consumer(template, name):
            assert "RedrivePolicy" not in properties, name
        else:
            assert properties["RedrivePolicy"]["maxReceiveCount"] == 5, name


def test_the_first_dead_letter_raises_an_alarm(shop: Shop) -> None:
    for template, name, _ in shop.of_type("AWS::SQS::Queue"):
        if has_no_consumer(template, name):
            (alarm,) = alarms_on(template, name)
            assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
            assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Statistic"]) == (1, 1, "Maximum"), name
            assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
            assert alarm["TreatMissingData"] == "notBreaching"


def test_dead_letters_are_kept_as_long_as_a_queue_can(shop: Shop) -> None:
    for template, name, properties in shop.of_type("AWS::SQS::Queue"):
        if has_no_consumer(template, name):
            assert properties["MessageRetentionPeriod"] == FOURTEEN_DAYS, name


def test_a_queue_is_encrypted(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::SQS::Queue"):
        assert properties["SqsManagedSseEnabled"] is True, name


def test_a_queue_in_aws_refuses_what_comes_without_tls(deployed: Shop) -> None:
    for template, name, _ in deployed.of_type("AWS::SQS::Queue"):
        refusing = [
            statement
            for policy in template.of_type("AWS::SQS::QueuePolicy").values()
            if name in {reference(queue) for queue in policy["Properties"]["Queues"]}
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Deny"
        ]
        assert [statement["Condition"] for statement in refusing] == [{"Bool": {"aws:SecureTransport": "false"}}], name


def test_a_rule_that_cannot_deliver_leaves_a_dead_letter(shop: Shop) -> None:
    for template, name, properties in shop.of_type("AWS::Events::Rule"):
        for target in properties["Targets"]:
            queue = template.resources.get(str(reference(target["Arn"])), {"Type": None})
            if queue["Type"] == "AWS::SQS::Queue":
                assert reference(target["DeadLetterConfig"]["Arn"]) in template.resources, name


def test_only_its_own_rule_or_topic_may_put_into_a_queue(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::SQS::QueuePolicy"):
        for statement in properties["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                assert statement["Principal"]["Service"] in {"events.amazonaws.com", "sns.amazonaws.com"}, name
                assert "aws:SourceArn" in str(statement["Condition"]), name
