"""The resources of the templates that functions use, made on an emulator by its API: no function is deployed to it."""

import json
from typing import Any

from ecom67.local.connection import Connection
from tests.contract.stripe.standin import KEY, SECRET
from tests.infra.synthesis import Function, Shop, Template, reference

UNKNOWN = "known-when-deployed"
"""Stands for what no function needs for its first event."""


class Resources:
    """Tables, queues, buckets and topics of a stage, and the secret of Stripe.

    Parameters:
        emulator: an emulator without them.
        shop: the templates.
        stripe_url: the stand-in for Stripe.
    """

    def __init__(self, emulator: Connection, shop: Shop, stripe_url: str) -> None:
        self._emulator, self._shop = emulator, shop
        self._stripe_url = stripe_url
        self._made: dict[tuple[str, str], str] = {}
        for template in shop.templates.values():
            for name, resource in template.resources.items():
                made = self._make(resource["Type"], name, resource.get("Properties", {}))
                if made is not None:
                    self._made[template.service, name] = made

    def environment_of(self, function: Function) -> dict[str, str]:
        """Return the environment of a function, in which every AWS client reaches the emulator."""
        given = {name: self._resolve(value, function.stack) for name, value in function.environment.items()}
        aws = {name: value for name, value in self._emulator.environment.items() if name.startswith("AWS_")}
        return {**aws, "AWS_LAMBDA_FUNCTION_NAME": function.properties["FunctionName"], **given}

    def _resolve(self, value: Any, template: Template) -> str:
        if isinstance(value, str):
            return value
        if path := template.parameter_of(value):
            for other in self._shop.templates.values():
                for parameter in other.of_type("AWS::SSM::Parameter").values():
                    if parameter["Properties"]["Name"] == path:
                        return self._resolve(parameter["Properties"]["Value"], other)
        return self._made.get((template.service, reference(value) or ""), UNKNOWN)

    def _make(self, kind: str, name: str, properties: dict[str, Any]) -> str | None:
        match kind:
            case "AWS::DynamoDB::Table":
                return self._make_table(properties)
            case "AWS::SQS::Queue":
                url: str = self._emulator.client("sqs").create_queue(QueueName=properties["QueueName"])["QueueUrl"]
                return url
            case "AWS::S3::Bucket":
                bucket = f"{name.lower()[:40]}-bucket"
                self._emulator.client("s3").create_bucket(Bucket=bucket)
                return bucket
            case "AWS::SNS::Topic":
                arn: str = self._emulator.client("sns").create_topic(Name=name)["TopicArn"]
                return arn
            case "AWS::SecretsManager::Secret":
                keys = {"apiKey": KEY, "webhookSecret": SECRET, "apiBase": self._stripe_url}
                self._emulator.client("secretsmanager").create_secret(
                    Name=properties["Name"], SecretString=json.dumps(keys)
                )
        return None

    def _make_table(self, properties: dict[str, Any]) -> str:
        taken = ("TableName", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")
        table = {name: properties[name] for name in taken if name in properties}
        created = self._emulator.client("dynamodb").create_table(**table)["TableDescription"]
        return str(created["TableName"])
