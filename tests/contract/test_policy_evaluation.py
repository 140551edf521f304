"""The emulator evaluates the roles of the templates as they stand, also what it does not know of IAM by itself."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from ecom67.local.connection import Connection
from ecom67.local.stage_paths import ACCOUNT, REGION

SHOP, OTHER = "shop@ecom67.example", "other@ecom67.example"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}],
}


@dataclass
class Role:
    """A role with one statement, and the clients of who has assumed it."""

    emulator: Connection
    name: str
    credentials: dict[str, str]

    @classmethod
    def create(cls, emulator: Connection) -> "Role":
        name, iam = f"role-{secrets.token_hex(4)}", emulator.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
        assumed = emulator.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="function")
        return cls(emulator, name, assumed["Credentials"])

    def allow(self, action: str, resource: str, **conditions: str) -> None:
        keys = {key.replace("_", ":"): value for key, value in conditions.items()}
        condition = {"Condition": {"StringEquals": keys}} if keys else {}
        statement = {"Effect": "Allow", "Action": action, "Resource": resource, **condition}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.emulator.client("iam").put_role_policy(RoleName=self.name, PolicyName="own", PolicyDocument=document)

    def client(self, service: str) -> Any:
        return botocore.session.get_session().create_client(
            service,
            endpoint_url=self.emulator.endpoint_url,
            region_name=REGION,
            aws_access_key_id=self.credentials["AccessKeyId"],
            aws_secret_access_key=self.credentials["SecretAccessKey"],
            aws_session_token=self.credentials["SessionToken"],
        )


@pytest.fixture
def role(emulator: Connection) -> Role:
    return Role.create(emulator)


@pytest.fixture
def bus(emulator: Connection) -> str:
    name = f"bus-{secrets.token_hex(4)}"
    return str(emulator.client("events").create_event_bus(Name=name)["EventBusArn"])


@pytest.fixture(autouse=True)
def identity(emulator: Connection) -> Iterator[str]:
    """The domain of the senders."""
    ses = emulator.client("sesv2")
    ses.create_email_identity(EmailIdentity="ecom67.example")
    yield f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/ecom67.example"
    ses.delete_email_identity(EmailIdentity="ecom67.example")


def denied(call: Callable[[], Any]) -> bool:
    """Return whether IAM refuses a call."""
    try:
        call()
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
        if not code.startswith("AccessDenied"):
            raise
        return True
    return False


def test_an_event_is_put_only_with_the_source_that_the_role_names(role: Role, bus: str) -> None:
    role.allow("events:PutEvents", bus, events_source="ecom67.orders")

    def put(*sources: str) -> Any:
        entries = [{"Source": one, "DetailType": "Any", "Detail": "{}", "EventBusName": bus} for one in sources]
        return role.client("events").put_events(Entries=entries)

    assert not denied(lambda: put("ecom67.orders", "ecom67.orders"))
    assert denied(lambda: put("ecom67.payment"))
    assert denied(lambda: put("ecom67.orders", "ecom67.payment"))


@pytest.mark.parametrize("sender", [SHOP, f"e-com67 <{SHOP}>"])
def test_a_mail_is_sent_only_from_the_address_that_the_role_names(role: Role, identity: str, sender: str) -> None:
    role.allow("ses:SendEmail", identity, ses_FromAddress=SHOP)

    def send(address: str) -> Any:
        text = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        return role.client("sesv2").send_email(
            FromEmailAddress=address, Destination={"ToAddresses": [OTHER]}, Content=text
        )

    assert not denied(lambda: send(sender))
    assert denied(lambda: send(OTHER))
    role.allow("ses:SendEmail", identity.replace("ecom67.example", "else.example"), ses_FromAddress=SHOP)
    assert denied(lambda: send(sender))


def test_parameters_are_listed_only_below_the_path_that_the_role_names(role: Role) -> None:
    role.allow("ssm:GetParametersByPath", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/ecom67/dev/exports/*")
    ssm = role.client("ssm")

    assert not denied(lambda: ssm.get_parameters_by_path(Path="/ecom67/dev/exports/"))
    assert denied(lambda: ssm.get_parameters_by_path(Path="/ecom67/dev/"))


def test_a_batch_of_messages_is_allowed_by_the_action_for_one(role: Role, emulator: Connection) -> None:
    name = f"queue-{secrets.token_hex(4)}"
    url = emulator.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    role.allow("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
    sqs = role.client("sqs")

    assert not denied(lambda: sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "0", "MessageBody": "m"}]))
    assert denied(lambda: sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "0", "ReceiptHandle": "h"}]))


def test_a_bucket_that_refuses_plain_http_answers(emulator: Connection) -> None:
    s3, bucket = emulator.client("s3"), f"bucket-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=bucket)
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [refusal]})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)

    assert not denied(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"b"))


def test_a_role_may_read_the_secret_that_a_template_refers_to(emulator: Connection) -> None:
    name = f"secret-{secrets.token_hex(4)}"
    reading = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": {"Ref": "Secret"}}
    template = {
        "Resources": {
            "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": name, "SecretString": "s"}},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": name,
                    "AssumeRolePolicyDocument": TRUST,
                    "Policies": [
                        {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [reading]}}
                    ],
                },
            },
        }
    }
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    role_arn = emulator.client("iam").get_role(RoleName=name)["Role"]["Arn"]
    assumed = emulator.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="function")
    secrets_manager = Role(emulator, name, assumed["Credentials"]).client("secretsmanager")

    assert not denied(lambda: secrets_manager.get_secret_value(SecretId=name))
    emulator.client("secretsmanager").create_secret(Name=f"{name}-other", SecretString="s")
    assert denied(lambda: secrets_manager.get_secret_value(SecretId=f"{name}-other"))
