"""A service of another team: it subscribes to OrderPlaced and gives a point for every dollar."""

import json
import os

import boto3
from ecom67_events.orders import OrderPlacedEvent

NAME = "loyalty-orders"
events, sqs, ssm = (boto3.client(service) for service in ("events", "sqs", "ssm"))

# The shop says where its bus is; nothing else of it has to be known.
bus = ssm.get_parameter(Name=f"/ecom67/{os.environ.get('STAGE', 'local')}/bus/name")["Parameter"]["Value"]

# Rule → queue. In production this is a template of yours, with a dead-letter queue and an alarm on it.
queue = sqs.create_queue(QueueName=NAME)["QueueUrl"]
queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
pattern = {"source": ["ecom67.orders"], "detail-type": ["OrderPlaced"]}
rule_arn = events.put_rule(Name=NAME, EventBusName=bus, EventPattern=json.dumps(pattern))["RuleArn"]
allow = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
allow |= {"Resource": queue_arn, "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}}}
policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
events.put_targets(Rule=NAME, EventBusName=bus, Targets=[{"Id": "queue", "Arn": queue_arn}])
print("Waiting for orders", flush=True)

while True:
    received = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5, MaxNumberOfMessages=10)
    for message in received.get("Messages", []):
        order = OrderPlacedEvent.model_validate_json(message["Body"]).detail.data
        print(f"{order.user_id} earns {order.total.amount // 100} points for order {order.order_id}", flush=True)
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
