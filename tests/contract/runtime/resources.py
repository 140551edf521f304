"""What functions use, made on an emulator by its API from the templates; each function has its own role.

Nothing else is deployed: what a function calls is asked of the emulator, which evaluates the role's policies.
"""

import io
import json
import zipfile
from typing import Any

from ecom67.local.connection import Connection
from ecom67.local.stage_paths import ACCOUNT, REGION
from tests.contract.runtime.stored import MUCH, Stored
from tests.contract.stripe.standin import KEY, SECRET
from tests.infra.synthesis import Function, Shop, Template, reference
from tests.infra.test_grants import listed
from tests.infra.test_sources import READING

UNKNOWN = "known-when-deployed"
"""Stands for what no function needs for its first event."""
PSEUDO = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::URLSuffix": "amazonaws.com"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}],
}


ASKED = (
    *("orders-returnable-order", "orders-show", "orders-delivery-address"),
    *("orders-export", "orders-unsent-orders"),
)
"""Commands that another service invokes whatever the request or the event is."""
LOOKED_UP = "/people/orders/"
"""In the names of parameters that a function looks up when it runs; all others are in its environment."""
COMMAND = f"""
def handler(event, context):
    if event["input"].get("userId", "").startswith({MUCH!r}):
        return {{"orders": ["o" * 3_500_000], "nextCursor": "more"}}
    price = {{"amount": 37800, "currency": "USD"}}
    free = {{"amount": 0, "currency": "USD"}}
    line = {{"productId": "casserole", "name": "Casserole", "quantity": 1, "unitPrice": price}}
    order = {{"orderId": event["input"].get("orderId"), "lines": [line], "subtotal": price, "shipping": free}}
    orders = [{{**order, "total": price, "placedAt": "2030-03-14T09:26:53.589Z"}}]
    return {{"outcome": "NONE", "orders": orders, "count": 0}}
"""
"""Stands for each of them: it has an order of the id that is asked for, or pages without end, and nothing else."""
OF_SOURCES = {action for needed in READING.values() for action in needed} | {
    *("sqs:ChangeMessageVisibility", "sqs:GetQueueUrl", "dynamodb:ListStreams")
}
"""What Lambda does in a function's name to read its queue or stream."""


class Resources:
    """Tables, queues, buckets and topics of a stage, the secret of Stripe, and the functions' roles.

    Parameters:
        emulator: an emulator without them.
        shop: the templates.
        stripe_url: the stand-in for Stripe.
    """

    def __init__(self, emulator: Connection, shop: Shop, stripe_url: str) -> None:
        self._emulator, self._shop = emulator, shop
        self._stripe_url = stripe_url
        self._names: dict[tuple[str, str], str] = {}
        self._arns: dict[tuple[str, str], str] = {}
        for template in shop.templates.values():
            for name, resource in template.resources.items():
                made = self._make(resource["Type"], name, resource.get("Properties", {}))
                if made is not None:
                    self._names[template.service, name], self._arns[template.service, name] = made
        for template, _, properties in shop.of_type("AWS::SSM::Parameter"):
            if LOOKED_UP in (path := properties["Name"]):
                arn = self._resolve(properties["Value"], template)
                emulator.client("ssm").put_parameter(Name=path, Value=arn, Type="String")

    def stored_for(self, environment: dict[str, str]) -> Stored:
        """Return what stores what the first events of a function are about.

        Parameters:
            environment: of the function.
        """
        return Stored(self._emulator, environment)

    def environment_of(self, function: Function) -> dict[str, str]:
        """Return the environment of a function, with the credentials of its role, which is made."""
        given = {name: self._resolve(value, function.stack) for name, value in function.environment.items()}
        aws = {name: value for name, value in self._emulator.environment.items() if name.startswith("AWS_")}
        credentials = self._credentials_of(function)
        return {**aws, **credentials, "AWS_LAMBDA_FUNCTION_NAME": function.properties["FunctionName"], **given}

    def statements_of(self, function: Function) -> list[dict[str, Any]]:
        """Return the statements of a function's role, with the ARNs of what was made."""
        role = reference(function.properties["Role"])
        return [
            {
                **statement,
                "Action": listed(statement["Action"]),
                "Resource": [self._resolve(resource, function.stack) for resource in listed(statement["Resource"])],
            }
            for policy in function.stack.of_type("AWS::IAM::Policy").values()
            if role in map(reference, policy["Properties"]["Roles"])
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        ]

    def actions_of(self, function: Function) -> list[str]:
        """Return the actions of a function's role that its own code may use: none of tracing, none of event sources."""
        actions = {action for statement in self.statements_of(function) for action in statement["Action"]}
        return sorted(action for action in actions - OF_SOURCES if not action.startswith(("xray:", "logs:")))

    def allow(self, function: Function, *, but: str | None = None) -> None:
        """Give a function's role its statements.

        Parameters:
            function: the function.
            but: an action that is left out; None for none.
        """
        statements = [
            {**statement, "Action": actions}
            for statement in self.statements_of(function)
            if (actions := [action for action in statement["Action"] if action != but])
        ]
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self._emulator.client("iam").put_role_policy(RoleName=function.name, PolicyName="own", PolicyDocument=document)

    def _credentials_of(self, function: Function) -> dict[str, str]:
        trusting = json.dumps(TRUST)
        role = self._emulator.client("iam").create_role(RoleName=function.name, AssumeRolePolicyDocument=trusting)
        self.allow(function)
        assumed = self._emulator.client("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="function")
        credentials = assumed["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
        }

    def _resolve(self, value: Any, template: Template) -> str:
        if path := template.parameter_of(value):
            return self._published(path)
        match value:
            case str():
                return value
            case {"Fn::Join": [separator, parts]}:
                return str(separator).join(self._resolve(part, template) for part in parts)
            case {"Ref": str(name)} if name in PSEUDO:
                return PSEUDO[name]
            case {"Fn::GetAtt": [str(name), "Arn"]}:
                return self._arns.get((template.service, name), UNKNOWN)
        return self._names.get((template.service, reference(value) or ""), UNKNOWN)

    def _published(self, path: str) -> str:
        for template in self._shop.templates.values():
            for parameter in template.of_type("AWS::SSM::Parameter").values():
                if parameter["Properties"]["Name"] == path:
                    return self._resolve(parameter["Properties"]["Value"], template)
        return UNKNOWN

    def _make(self, kind: str, name: str, properties: dict[str, Any]) -> tuple[str, str] | None:
        """Make a resource if functions use its kind; return what ``Ref`` gives of it, and its ARN."""
        match kind:
            case "AWS::DynamoDB::Table":
                taken = ("TableName", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")
                table = {member: properties[member] for member in taken if member in properties}
                created = self._emulator.client("dynamodb").create_table(**table)["TableDescription"]
                return created["TableName"], created["TableArn"]
            case "AWS::SQS::Queue":
                queue = properties["QueueName"]
                url = self._emulator.client("sqs").create_queue(QueueName=queue)["QueueUrl"]
                return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
            case "AWS::S3::Bucket":
                bucket = f"{name.lower()[:40]}-bucket"
                self._emulator.client("s3").create_bucket(Bucket=bucket)
                return bucket, f"arn:aws:s3:::{bucket}"
            case "AWS::Events::EventBus":
                bus = self._emulator.client("events").create_event_bus(Name=properties["Name"])["EventBusArn"]
                return properties["Name"], bus
            case "AWS::Cognito::UserPool":
                pool = self._emulator.client("cognito-idp").create_user_pool(PoolName=name)["UserPool"]
                return pool["Id"], pool["Arn"]
            case "AWS::SNS::Topic":
                topic = self._emulator.client("sns").create_topic(Name=name)["TopicArn"]
                return topic, topic
            case "AWS::SecretsManager::Secret":
                keys = {"apiKey": KEY, "webhookSecret": SECRET, "apiBase": self._stripe_url}
                made = self._emulator.client("secretsmanager").create_secret(
                    Name=properties["Name"], SecretString=json.dumps(keys)
                )
                return made["ARN"], made["ARN"]
            case "AWS::Lambda::Function":
                function = properties["FunctionName"]
                if function.endswith(ASKED):
                    self._make_command(function)
                return function, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
        return None

    def _make_command(self, function: str) -> None:
        """Make a command, for those who ask it in their first event."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("command.py", COMMAND)
        trusting = json.dumps(TRUST)
        role = self._emulator.client("iam").create_role(RoleName=function, AssumeRolePolicyDocument=trusting)
        self._emulator.client("lambda").create_function(
            FunctionName=function,
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Handler="command.handler",
            Code={"ZipFile": package.getvalue()},
        )
