"""Whatever invokes a function may, and a function may read what it is invoked with: the emulator enforces neither."""

import json
import re
from typing import Any

from tests.infra.synthesis import Shop, Template, reference
from tests.infra.test_grants import listed

READING = {
    "AWS::SQS::Queue": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    "stream": {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
}
"""What Lambda needs of a function's role for each kind of event source; source: Lambda's developer guide."""


def test_a_function_may_read_its_event_source(shop: Shop) -> None:
    judged = 0
    for template, name, properties in shop.of_type("AWS::Lambda::EventSourceMapping"):
        source = properties["EventSourceArn"]
        function = template.resources[str(reference(properties["FunctionName"]))]["Properties"]
        kind = template.resources.get(reference(source) or "", {}).get("Type")
        needed = READING["AWS::SQS::Queue" if kind == "AWS::SQS::Queue" else "stream"]
        allowed = {
            action
            for policy in template.of_type("AWS::IAM::Policy").values()
            if reference(function["Role"]) in map(reference, policy["Properties"]["Roles"])
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            if source in listed(statement["Resource"])
            for action in listed(statement["Action"])
        }
        assert needed <= allowed, (name, needed - allowed)
        judged += 1

    assert judged > 20


def test_a_route_s_function_may_be_invoked_by_its_api(shop: Shop) -> None:
    judged = 0
    for template, name, properties in shop.of_type("AWS::ApiGatewayV2::Route"):
        integration = re.search(r'"Ref": "(\w+)"', json.dumps(properties["Target"]))
        assert integration, name
        function = function_in(template, template.resources[integration[1]]["Properties"])
        api, (_, _, path) = json.dumps(properties["ApiId"]), properties["RouteKey"].rpartition(" ")
        sources = sources_of(template, function, "apigateway.amazonaws.com")
        assert any(api in source and f'{path}"' in source for source in sources), (name, sources)
        judged += 1

    assert judged > 20


def test_an_authorizer_may_be_invoked_by_its_api(shop: Shop) -> None:
    found = [
        (template, properties)
        for template, _, properties in shop.of_type("AWS::ApiGatewayV2::Authorizer")
        if properties["AuthorizerType"] == "REQUEST"
    ]

    assert found
    for template, properties in found:
        sources = sources_of(template, function_in(template, properties), "apigateway.amazonaws.com")
        assert any(json.dumps(properties["ApiId"]) in source and "/authorizers/" in source for source in sources)


def test_a_schedule_s_role_may_invoke_its_function_and_nothing_else(shop: Shop) -> None:
    judged = 0
    for template, name, properties in shop.of_type("AWS::Scheduler::Schedule"):
        role = str(reference(properties["Target"]["RoleArn"]))
        (trust,) = template.resources[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}, name
        assert trust["Condition"]["StringEquals"].keys() == {"aws:SourceAccount"}, name
        allowed = [
            (statement["Action"], statement["Resource"])
            for policy in template.of_type("AWS::IAM::Policy").values()
            if role in map(reference, policy["Properties"]["Roles"])
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        ]
        assert allowed == [("lambda:InvokeFunction", properties["Target"]["Arn"])], name
        judged += 1

    assert judged >= 4


def test_no_timer_is_a_rule_of_the_default_bus(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::Events::Rule"):
        assert "ScheduleExpression" not in properties, name


def test_cognito_may_invoke_its_triggers(shop: Shop) -> None:
    ((template, name, properties),) = shop.of_type("AWS::Cognito::UserPool")

    triggers = [str(reference(arn)) for arn in properties["LambdaConfig"].values() if reference(arn)]
    assert triggers
    for function in triggers:
        assert sources_of(template, function, "cognito-idp.amazonaws.com") == [
            json.dumps({"Fn::GetAtt": [name, "Arn"]})
        ]


def test_a_topic_may_send_to_the_queues_that_subscribe_to_it(shop: Shop) -> None:
    judged = 0
    for template, name, properties in shop.of_type("AWS::SNS::Subscription"):
        if properties["Protocol"] == "sqs":
            queues = [properties["Endpoint"], properties.get("RedrivePolicy", {}).get("deadLetterTargetArn")]
            for queue in filter(None, queues):
                assert properties["TopicArn"] in topics_sending(template, str(reference(queue))), (name, queue)
                judged += 1

    assert judged


def topics_sending(template: Template, queue: str) -> list[Any]:
    """Return the topics that a queue's policy lets send."""
    return [
        statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        for policy in template.of_type("AWS::SQS::QueuePolicy").values()
        if queue in map(reference, policy["Properties"]["Queues"])
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": "sns.amazonaws.com"}
        if "sqs:SendMessage" in listed(statement["Action"])
    ]


def function_in(template: Template, properties: dict[str, Any]) -> str:
    """Return the logical id of the function that an integration or an authorizer invokes."""
    text = json.dumps(properties)
    (found,) = [function.logical_id for function in template.functions() if f'"{function.logical_id}"' in text]
    return found


def sources_of(template: Template, function: str, principal: str) -> list[str]:
    """Return from where a service may invoke a function, as JSON."""
    return [
        json.dumps(properties["SourceArn"])
        for permission in template.of_type("AWS::Lambda::Permission").values()
        for properties in [permission["Properties"]]
        if reference(properties["FunctionName"]) == function and properties["Principal"] == principal
    ]
