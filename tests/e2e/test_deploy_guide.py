"""The page about deployment works as it is written, command by command, on an account of the emulator.

The account is that of the run's stage, whose stacks stand for those of dev: the emulator's CloudFormation rejects some
types of the templates of AWS, so the CDK is only asked what it would be told. What owners do elsewhere happens in
between: a bootstrap, records in the DNS, an endpoint at Stripe.
"""

import json
import re
import secrets
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from typer.testing import CliRunner

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.demo.shopper import Shopper
from ecom67.deploy.settings import StageSettings
from ecom67.local.connection import Connection
from ecom67.main import app
from ecom67.stage_client import StageClient
from tests.e2e.events.operating import Said, bought, products_of_our_own

GUIDE = ROOT / "docs" / "deploy.md"
REGION = "us-east-1"
PASSWORD = "Workday-2026"
SETTINGS = StageSettings(
    region=REGION,
    account=None,
    mail_from="shop@first-order.org",
    domain=None,
    certificate_arn=None,
    alarm_emails=("ops@first-order.org",),
    model_id="us.anthropic.claude-haiku-4-5-20251001-v1:0",
    lambda_concurrency=10,
    stripe_mode="test",
    placeholders=(),
)
TYPED = {"stripe": "sk_test_1\nwhsec_1\npk_test_1\n", "staff": f"{PASSWORD}\n{PASSWORD}\n", "login": f"{PASSWORD}\n"}


def commands() -> list[str]:
    """Return the commands of the page in their order."""
    blocks = re.findall(r"```console\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


@dataclass
class Account:
    """The account, and what is done in it by the page and beside it."""

    stage: Connection
    cdk: list[list[str]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return self.stage.client(service)

    def put(self, name: str, value: str) -> None:
        self.client("ssm").put_parameter(Name=f"/ecom67/dev/{name}", Value=value, Type="String", Overwrite=True)

    def run(self, command: str) -> Said:
        """Run a command of the page within this process, and note its exit code."""
        for name, value in self.variables.items():
            command = command.replace(f"${name}", value)
        program, *arguments = shlex.split(command)
        assert program == "ecom67", command
        ran = CliRunner().invoke(app, arguments, input=TYPED.get(arguments[0], ""), env={"COLUMNS": "200"})
        if isinstance(ran.exception, CliError):
            said = Said(ran.stdout, str(ran.exception), 1)
        elif ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        else:
            said = Said(ran.stdout, ran.stderr, ran.exit_code)
        self.codes[command] = said.code
        return said

    def deployed(self) -> None:
        """Leave what the stacks of dev leave: the parameters of this stage's, and what only AWS has."""
        for name, value in self.stage.published().items():
            self.put(name, value)
        distribution = self.client("cloudfront").create_distribution(
            DistributionConfig={
                "CallerReference": secrets.token_hex(8),
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [{"Id": "shop", "DomainName": "shop.s3.amazonaws.com"}]},
                "DefaultCacheBehavior": {"TargetOriginId": "shop", "ViewerProtocolPolicy": "allow-all"},
            }
        )
        self.put("web/distribution-id", distribution["Distribution"]["Id"])
        self.put("web/shop-url", self.stage.shop_url)
        self.client("secretsmanager").create_secret(Name="ecom67/dev/stripe", SecretString='{"apiKey": ""}')

    def knowledge_base(self) -> None:
        """Create the knowledge base over the bucket of the help documents."""
        bedrock, bucket = self.client("bedrock-agent"), self.stage.published()["chat/help-bucket"]
        base = bedrock.create_knowledge_base(
            name=f"help-{secrets.token_hex(3)}",
            roleArn="arn:aws:iam::000000000000:role/help",
            knowledgeBaseConfiguration={
                "type": "VECTOR",
                "vectorKnowledgeBaseConfiguration": {
                    "embeddingModelArn": "arn:aws:bedrock:us-east-1::foundation-model/e"
                },
            },
            storageConfiguration={"type": "S3_VECTORS", "s3VectorsConfiguration": {"indexName": "help"}},
        )["knowledgeBase"]["knowledgeBaseId"]
        source = bedrock.create_data_source(
            knowledgeBaseId=base,
            name="help",
            dataSourceConfiguration={"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{bucket}"}},
        )["dataSource"]["dataSourceId"]
        self.put("chat/knowledge-base-id", base)
        self.put("chat/help-source-id", source)

    def first_order(self) -> None:
        """Buy as a shopper; the stand-in takes the place of Stripe at its own address."""
        (product_id,) = products_of_our_own(self.stage, 1)
        shopper = Shopper(self.stage)
        shopper.sign_up()
        order_id = bought(shopper, product_id).body["orderId"]
        shopper.mail_about(order_id)
        self.variables["ORDER"] = order_id
        keys = self.client("secretsmanager").get_secret_value(SecretId="ecom67/dev/stripe")["SecretString"]
        assert json.loads(keys) == {"apiKey": "sk_test_1", "webhookSecret": "whsec_1"}
        with_address = json.dumps({**json.loads(keys), "apiBase": self.stage.stripe_url})
        self.client("secretsmanager").put_secret_value(SecretId="ecom67/dev/stripe", SecretString=with_address)


@pytest.fixture
def account(stage: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    account = Account(stage)
    create = botocore.session.Session.create_client

    def at_the_emulator(session: Any, service: str, *arguments: Any, **options: Any) -> Any:
        return create(session, service, *arguments, **{**options, "endpoint_url": stage.endpoint_url})

    def cdk(arguments: list[str], _: object) -> int:
        account.cdk.append(arguments)
        return 0

    monkeypatch.setattr(botocore.session.Session, "create_client", at_the_emulator)
    monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", cdk)
    monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path))
    for reader in ("settings", "preflight", "stripe_commands"):
        monkeypatch.setattr(f"ecom67.deploy.{reader}.read_settings", lambda _: SETTINGS)
    # The resources of this stage are those of dev.
    monkeypatch.setattr(StageClient, "prefix", property(lambda _: "ecom67-local-"))
    account.variables["EMAIL"] = f"{secrets.token_hex(4)}@first-order.org"
    yield account
    with_parameters = account.client("ssm").get_paginator("get_parameters_by_path")
    for page in with_parameters.paginate(Path="/ecom67/dev/", Recursive=True):
        for parameter in page["Parameters"]:
            account.client("ssm").delete_parameter(Name=parameter["Name"])
    account.client("secretsmanager").delete_secret(SecretId="ecom67/dev/stripe", ForceDeleteWithoutRecovery=True)
    account.client("sesv2").delete_email_identity(EmailIdentity="first-order.org")


def test_the_page_leads_from_an_empty_account_to_the_first_order(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = iter(commands())

    def follow(*wanted: str, says: tuple[str, ...] = (), code: int = 0) -> None:
        command = next(page)
        assert all(part in command for part in wanted), command
        said = account.run(command)
        assert said.code == code, (command, said)
        for text in says:
            assert text in said.out + said.error, (command, said)

    # 1. The region
    name, _, value = next(page).removeprefix("export ").partition("=")
    monkeypatch.setenv(name, value)
    assert value == SETTINGS.region

    # 2. What is missing, and the bootstrap, which this emulator has
    follow("deploy --check", says=("does not know shop@first-order.org", "ecom67 deploy mail --stage dev"), code=1)
    assert next(page) == f"npx cdk bootstrap aws://$ACCOUNT/{REGION}"

    # 3. The sender: its stack is deployed before all others can be, and its owner puts the records into the DNS
    refused = account.run("ecom67 deploy --all --stage dev")
    assert (refused.code, account.cdk) == (1, [])
    follow("deploy mail")
    assert account.cdk[-1][:3] == ["deploy", "--exclusively", "ecom67-dev-mail"]
    account.client("sesv2").create_email_identity(EmailIdentity="first-order.org")

    # 4. Everything
    account.put("firewall-us-east-1/web-acl-arn", "arn:aws:wafv2:us-east-1:000000000000:global/webacl/dev/1")
    account.deployed()
    follow("deploy --all", says=("10 functions at once",) if few_executions(account) else ())
    assert [call[1:3] for call in account.cdk[-2:]] == [
        ["--exclusively", "ecom67-dev-firewall-us-east-1"],
        ["--all", "--parameters"],
    ]

    # 5. to 7. Keys, shop, help, staff and catalogue
    follow("stripe keys", says=("Stored.",))
    follow("web publish", says=("files are published",))
    account.knowledge_base()
    follow("help publish")
    follow("staff add $EMAIL", "--password", says=("with a new account",))
    follow("login $EMAIL", says=("Signed in for 60 minutes",))
    follow("catalog import", "--pictures", says=("pictures uploaded", "0 rejected"))
    config = account.client("s3").get_object(Bucket=account.stage.published()["web/bucket"], Key="config.json")
    assert json.load(config["Body"])["stripePublishableKey"] == "pk_test_1"

    # 8. The first order
    account.first_order()
    follow("events trace", says=("OrderPlaced", "NotificationSent", "Nothing is missing."))
    audited = account.run(next(page))
    assert account.variables["ORDER"] not in audited.out + audited.error

    # Away with it: the stacks of dev, and not this stage's
    with destroyable(account, monkeypatch) as bucket:
        follow("destroy", says=("ecom67-dev-web", f"1 objects of {bucket} are deleted."))
    assert [call[:3] for call in account.cdk[-2:]] == [
        ["destroy", "--exclusively", "ecom67-dev-web"],
        ["destroy", "--all", "--force"],
    ]
    assert account.client("ssm").get_parameters_by_path(Path="/ecom67/dev/", Recursive=True)["Parameters"] == []
    assert next(page, None) is None


def few_executions(account: Account) -> bool:
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    return bool(limits["ConcurrentExecutions"] < 100)


@contextmanager
def destroyable(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Create a stack of dev with a bucket that is not empty, and return the bucket."""
    bucket = f"dev-shop-{secrets.token_hex(4)}"
    resources = {"Shop": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}}
    cloudformation = account.client("cloudformation")
    cloudformation.create_stack(StackName="ecom67-dev-web", TemplateBody=json.dumps({"Resources": resources}))
    account.client("s3").put_object(Bucket=bucket, Key="index.html", Body=b"<html>")
    monkeypatch.setattr(StageClient, "prefix", property(lambda _: "ecom67-dev-"))
    try:
        yield bucket
    finally:
        cloudformation.delete_stack(StackName="ecom67-dev-web")


def test_every_command_of_the_page_exists() -> None:
    """Also what the text mentions beside the commands that are run."""
    mentioned = set(re.findall(r"`ecom67 ([a-z]+)", GUIDE.read_text()))

    assert mentioned
    assert {name for name in mentioned if CliRunner().invoke(app, [name, "--help"]).exit_code} == set()
