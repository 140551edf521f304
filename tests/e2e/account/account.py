"""An AWS account in which nothing is, and its owner, who follows the page about deployment.

The emulator takes the account's place, the stand-in that of Stripe. What is deployed are the templates of dev as they
are, by the CDK's own command line.
"""

import json
import re
import secrets
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from os import link
from pathlib import Path
from typing import Any

import botocore.session
import httpx
import pytest
from typer.testing import CliRunner

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.demo.shopper import ADDRESS, PASSWORD, Shopper, ShopResponse, eventually
from ecom67.deploy.settings import read_settings
from ecom67.local import emulator
from ecom67.local.connection import Connection
from ecom67.local.process_specs import stripe
from ecom67.main import app
from tests.e2e.events.operating import Said
from tests.emulator import running_emulator
from tests.infra.synthesis import NEW_ACCOUNT_CONCURRENCY, Shop

CDK = str(ROOT / "node_modules" / ".bin" / "cdk")
THROTTLED = (429, 500, 503)
"""Answers of API Gateway where the account runs as many functions as it may."""
PATIENCE_SECONDS = 400.0
"""Shoppers who buy at once, and whoever delivers their orders, wait for each other where ten functions run at once."""
CODE = r"Your code for e-com67 is (\d+)\."
STAFF_PASSWORD = "Workday-2026"
WEBHOOK_SECRET = "whsec_1"
TYPED = {
    "stripe": f"sk_test_1\n{WEBHOOK_SECRET}\npk_test_1\n",
    "staff": f"{STAFF_PASSWORD}\n{STAFF_PASSWORD}\n",
    "login": f"{STAFF_PASSWORD}\n",
}
"""What the owner types where a command asks."""


@dataclass
class Account:
    """The account: the stage dev in it, and what its owner does by commands.

    Attributes:
        connection: of the emulator.
        assembly: folder of the synthesised templates of dev.
        variables: what stands for the page's ``$NAMES``.
        said: all that the commands of the CDK wrote.
    """

    connection: Connection
    assembly: Path
    variables: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def endpoint_url(self) -> str:
        return self.connection.endpoint_url

    @property
    def mailbox_url(self) -> str:
        return self.connection.mailbox_url

    @property
    def shop_url(self) -> str:
        """Where the API answers; CloudFront's address leads nowhere here."""
        return f"{self.endpoint_url}/_aws/execute-api/{self.published()['edge/api-id']}/$default"

    def client(self, service: str) -> Any:
        return self.connection.client(service)

    def published(self) -> dict[str, str]:
        pages = self.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/ecom67/dev/", Recursive=True)
        return {
            parameter["Name"].removeprefix("/ecom67/dev/"): parameter["Value"]
            for page in pages
            for parameter in page["Parameters"]
        }

    def put(self, name: str, value: str) -> None:
        self.client("ssm").put_parameter(Name=f"/ecom67/dev/{name}", Value=value, Type="String", Overwrite=True)

    def cdk(self, arguments: list[str], _: object = None) -> int:
        """Run the CDK's command line on the synthesised templates, and agree with what it asks."""
        if "--app" in arguments:
            place = arguments.index("--app")
            arguments = arguments[:place] + arguments[place + 2 :]
        agreed = ["--require-approval", "never", "--concurrency", "2"] if arguments[0] == "deploy" else []
        ran = subprocess.run(
            [CDK, *arguments, "--app", str(self.assembly), *agreed],
            cwd=ROOT,
            env=self.connection.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.said.append(ran.stdout)
        return ran.returncode

    def run(self, command: str) -> Said:
        """Run a command of the page: the CDK's, or ``ecom67`` within this process."""
        for name, value in self.variables.items():
            command = command.replace(f"${name}", value)
        program, *arguments = shlex.split(command)
        if program == "npx":
            return Said("", "", self.cdk(arguments[1:]))
        assert program == "ecom67", command
        ran = CliRunner().invoke(app, arguments, input=TYPED.get(arguments[0], ""), env={"COLUMNS": "200"})
        if isinstance(ran.exception, CliError):
            return Said(ran.stdout, str(ran.exception), 1)
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return Said(ran.stdout, ran.stderr, ran.exit_code)

    def knowledge_base(self) -> None:
        """Create the knowledge base, whose type the emulator's CloudFormation does not have."""
        bedrock, bucket = self.client("bedrock-agent"), self.published()["chat/help-bucket"]
        embedding = "arn:aws:bedrock:us-east-1::foundation-model/e"
        base = bedrock.create_knowledge_base(
            name="help",
            roleArn="arn:aws:iam::000000000000:role/help",
            knowledgeBaseConfiguration={
                "type": "VECTOR",
                "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": embedding},
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

    def dead_letters(self) -> dict[str, int]:
        """Return how many messages each dead-letter queue has that is not empty."""
        sqs, counted = self.client("sqs"), "ApproximateNumberOfMessages"
        urls = [url for url in sqs.list_queues()["QueueUrls"] if url.endswith("-dlq")]
        assert len(urls) > 10
        counts = {url: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[counted]) for url in urls}
        return {url: count for url, answer in counts.items() if (count := int(answer["Attributes"][counted]))}

    @contextmanager
    def stripe(self) -> Iterator[None]:
        """Run the stand-in at the address to which the secret sends the functions, and with the endpoint's secret."""
        process = stripe(self.connection.paths)
        options = ["--webhook-url", f"{self.shop_url}/api/payments/webhook", "--webhook-secret", WEBHOOK_SECRET]
        command = process.command[: process.command.index("--webhook-url")] + tuple(options)
        process = replace(process, command=command)
        process.start()
        try:
            process.await_ready()
            manager, name = self.client("secretsmanager"), "ecom67/dev/stripe"
            keys = json.loads(manager.get_secret_value(SecretId=name)["SecretString"])
            assert keys == {"apiKey": "sk_test_1", "webhookSecret": WEBHOOK_SECRET}
            with_address = json.dumps({**keys, "apiBase": self.connection.stripe_url})
            manager.put_secret_value(SecretId=name, SecretString=with_address)
            yield
        finally:
            process.stop()

    def resources(self) -> set[str]:
        """Return everything in the account that a stack of the stage, or a function, could have left."""
        listings = {
            "dynamodb": ("list_tables", "TableNames", None),
            "lambda": ("list_functions", "Functions", "FunctionName"),
            "sqs": ("list_queues", "QueueUrls", None),
            "s3": ("list_buckets", "Buckets", "Name"),
            "sns": ("list_topics", "Topics", "TopicArn"),
            "logs": ("describe_log_groups", "logGroups", "logGroupName"),
            "iam": ("list_roles", "Roles", "RoleName"),
            "secretsmanager": ("list_secrets", "SecretList", "Name"),
            "apigatewayv2": ("get_apis", "Items", "Name"),
            "stepfunctions": ("list_state_machines", "stateMachines", "name"),
            "scheduler": ("list_schedules", "Schedules", "Name"),
            "cloudwatch": ("describe_alarms", "MetricAlarms", "AlarmName"),
            "cloudformation": ("describe_stacks", "Stacks", "StackName"),
            "sesv2": ("list_email_identities", "EmailIdentities", "IdentityName"),
            "ssm": ("describe_parameters", "Parameters", "Name"),
        }
        found = set()
        for service, (method, member, name) in listings.items():
            answer = getattr(self.client(service), method)()
            found |= {f"{service} {one[name] if name else one}" for one in answer.get(member, [])}
        buses = self.client("events").list_event_buses()["EventBuses"]
        found |= {f"events {bus['Name']}" for bus in buses if bus["Name"] != "default"}
        pools = self.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        found |= {f"cognito-idp {pool['Name']}" for pool in pools}
        distributions = self.client("cloudfront").list_distributions()["DistributionList"].get("Items", [])
        return found | {f"cloudfront {one['Id']}" for one in distributions}


class Buyer(Shopper):
    """A shopper of a stage in AWS: the code comes by mail, and only the browser could sign in without rights."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)  # type: ignore[arg-type]  # it has what a shopper uses of a stage
        self._account = account

    def sign_up(self) -> None:
        published, cognito = self._account.published(), self._account.client("cognito-idp")
        pool, client = published["identity/user-pool-id"], published["identity/user-pool-client-id"]
        attributes = [{"Name": "email", "Value": self.email}]
        cognito.sign_up(ClientId=client, Username=self.email, Password=PASSWORD, UserAttributes=attributes)
        code = eventually("the mail with the code", lambda: re.search(CODE, " ".join(self._mails())))
        cognito.confirm_sign_up(ClientId=client, Username=self.email, ConfirmationCode=code[1])
        answer = cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": self.email, "PASSWORD": PASSWORD},
        )
        self._token = answer["AuthenticationResult"]["IdToken"]

    def buy_one(self, product_id: str) -> str:
        """Buy a unit of a product as the pages do, which repeat what is throttled; return the order's id."""
        self.fill_cart((product_id, 1))
        cart = self._repeated("GET /cart")
        order = {"paymentMethodId": "pm_card_visa", "shippingAddress": ADDRESS, "expectedTotal": cart["total"]}
        return str(self._repeated("POST /orders", order, key=secrets.token_hex(12))["orderId"])

    def _repeated(self, route: str, body: object = None, *, key: str | None = None) -> dict[str, Any]:
        def answered() -> ShopResponse | None:
            try:
                answer = self.call(route, body, key=key)
            except httpx.TimeoutException:
                return None
            runs_still = answer.body.get("code") == "IN_PROGRESS"
            return None if runs_still or answer.status in THROTTLED else answer

        answer = eventually(f"{route} is answered", answered, seconds=PATIENCE_SECONDS)
        assert answer.status in (200, 201), (route, answer.status, answer.body)
        return answer.body


@contextmanager
def empty_account(synthesised: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Yield an account with nothing in it; the command line reaches it as the owner's.

    Parameters:
        synthesised: the templates of dev for a new account.
        folder: an empty folder.
        monkeypatch: undone afterwards.
    """
    assembly = without_layers(synthesised, folder / "assembly")
    settings = replace(read_settings("dev"), placeholders=(), lambda_concurrency=NEW_ACCOUNT_CONCURRENCY)
    with ExitStack() as running:
        connection = running.enter_context(
            running_emulator(
                folder / "emulator",
                module="tests.e2e.account.emulator",
                LAMBDA_ACCOUNT_CONCURRENCY=str(NEW_ACCOUNT_CONCURRENCY),
                PYTHONPATH=str(ROOT),
            )
        )
        account = Account(connection, assembly)
        create = botocore.session.Session.create_client

        def at_the_account(session: Any, service: str, *arguments: Any, **options: Any) -> Any:
            return create(session, service, *arguments, **{**options, "endpoint_url": account.endpoint_url})

        monkeypatch.setattr(botocore.session.Session, "create_client", at_the_account)
        monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", account.cdk)
        monkeypatch.setattr("typer.get_app_dir", lambda _: str(folder / "owner"))
        for reader in ("settings", "preflight", "stripe_commands"):
            monkeypatch.setattr(f"ecom67.deploy.{reader}.read_settings", lambda _: settings)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.ACCESS_KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.ACCESS_KEY)
        yield account


def without_layers(synthesised: Shop, folder: Path) -> Path:
    """Copy an assembly, with empty layers: the emulator's functions find their packages in its own interpreter."""
    layers = {
        f"asset.{properties['Content']['S3Key'].removesuffix('.zip')}"
        for _, _, properties in synthesised.of_type("AWS::Lambda::LayerVersion")
    }
    shutil.copytree(
        synthesised.folder,
        folder,
        copy_function=link,
        ignore=lambda _, names: layers.intersection(names),
    )
    for layer in layers:
        (folder / layer / "python").mkdir(parents=True)
        (folder / layer / "python" / "README").write_text("Nothing.\n")
    return folder
