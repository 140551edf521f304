"""Where as many functions run as the account may run at once, the emulator tries again, as Lambda does."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from ecom67.demo.shopper import eventually
from ecom67.local.connection import Connection
from ecom67.local.stage_paths import ACCOUNT
from tests.emulator import running_emulator

CODE = """
import boto3, time

def hold(event, context):
    ssm, deadline = boto3.client("ssm"), time.monotonic() + 120
    ssm.put_parameter(Name="/held", Value="yes", Type="String")
    while not ssm.get_parameters(Names=["/free"])["Parameters"] and time.monotonic() < deadline:
        time.sleep(0.05)

def note(event, context):
    receives = [one["attributes"]["ApproximateReceiveCount"] for one in event.get("Records", [])]
    boto3.client("ssm").put_parameter(Name="/noted", Value=",".join(receives) or "invoked", Type="String")
"""
MORE_THAN_RETRIES = 5
"""An asynchronous invocation that fails is tried three times."""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture
def one_at_once(tmp_path: Path) -> Iterator[Connection]:
    """An emulator of an account that may run one function at once, with the two functions."""
    with running_emulator(tmp_path / "emulator", LAMBDA_ACCOUNT_CONCURRENCY="1") as emulator:
        iam, package = emulator.client("iam"), io.BytesIO()
        role = iam.create_role(RoleName="all", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName="all", PolicyName="own", PolicyDocument=json.dumps(ALL))
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("functions.py", CODE)
        for name in ("hold", "note"):
            emulator.client("lambda").create_function(
                FunctionName=name,
                Runtime="python3.13",
                Role=role,
                Handler=f"functions.{name}",
                Code={"ZipFile": package.getvalue()},
                Timeout=130,
            )
        yield emulator


@contextmanager
def held(emulator: Connection) -> Iterator[None]:
    """Keep the account's only execution until the block ends."""
    holding = threading.Thread(target=lambda: emulator.client("lambda").invoke(FunctionName="hold"), daemon=True)
    holding.start()
    eventually("the execution is held", lambda: value_of(emulator, "/held"))
    yield
    emulator.client("ssm").put_parameter(Name="/free", Value="yes", Type="String")
    holding.join()


def value_of(emulator: Connection, name: str) -> str | None:
    try:
        return str(emulator.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
    except ClientError:
        return None


def throttles(emulator: Connection) -> int:
    """Return how often the second function was throttled."""
    now = datetime.now(UTC)
    counted = emulator.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Throttles",
        Dimensions=[{"Name": "FunctionName", "Value": "note"}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=60,
        Statistics=["Sum"],
    )
    return int(sum(point["Sum"] for point in counted["Datapoints"]))


def test_a_delivery_of_a_queue_is_repeated_while_its_messages_are_hidden_and_is_one_receive(
    one_at_once: Connection,
) -> None:
    sqs = one_at_once.client("sqs")
    url = sqs.create_queue(QueueName="queue", Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
    with held(one_at_once):
        one_at_once.client("lambda").create_event_source_mapping(
            EventSourceArn=f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue", FunctionName="note"
        )
        sqs.send_message(QueueUrl=url, MessageBody="{}")
        eventually("throttles", lambda: throttles(one_at_once) > 1 or None)
        assert value_of(one_at_once, "/noted") is None

    assert eventually("the message arrives", lambda: value_of(one_at_once, "/noted")) == "1"


def test_an_asynchronous_invocation_is_not_used_up_by_throttles(one_at_once: Connection) -> None:
    with held(one_at_once):
        one_at_once.client("lambda").invoke(FunctionName="note", InvocationType="Event")
        eventually("throttles", lambda: throttles(one_at_once) > MORE_THAN_RETRIES or None)

    assert eventually("the invocation happens", lambda: value_of(one_at_once, "/noted")) == "invoked"
