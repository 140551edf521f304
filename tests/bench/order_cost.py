"""What an order costs, from the click to the mail: invocations, calls and write units, counted on a stage."""

import secrets
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from ecom67.demo.shopper import Shopper, UnexpectedError
from ecom67.local.connection import Connection
from infra.constructs.paths import ROOT
from tests.bench.counting_emulator import PATH
from tests.deadlines import DEADLINE_SECONDS

PREFIX = "ecom67-local-"
QUIET_SECONDS = 3.0
"""How long nothing is called before all that an order causes is taken for done."""
PAUSE_SECONDS = 0.2
SQS_SOURCE = "aws:sqs"
ONCE = ("ssm", "secretsmanager", "logs", "sts")
"""Services that a function asks once in its life."""

SERVICES = {
    "states": "Step Functions, runs",
    "events": "EventBridge, events put",
    "s3": "S3, calls",
    "sns": "SNS, messages",
    "ses": "SES, mails",
    "cognito-idp": "Cognito, calls",
    "sqs": "SQS, calls by functions",
}
"""Of other services, by the name under which requests are signed."""
TABLE = ROOT / "docs" / "cost.md"


@dataclass(slots=True)
class OrderCost:
    """What an order costs.

    Attributes:
        invocations: by function.
        messages: of queues, each of which is sent, received and deleted once.
        writes: calls that write to DynamoDB.
        write_units: of tables and their indexes, by table.
        reads: calls that read from DynamoDB.
        calls: of other services: events are counted one by one.
    """

    invocations: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    writes: int = 0
    write_units: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, calls: Iterable[dict[str, Any]], timers: frozenset[str]) -> "OrderCost":
        """Add calls up, without those of timers, which run whether anything is bought or not."""
        cost = cls()
        for call in calls:
            if call["caller"] not in timers:
                cost._add(call)
        return cost

    def _add(self, call: dict[str, Any]) -> None:
        match call["service"]:
            case "lambda":
                self.invocations[call["caller"].removeprefix(PREFIX)] += 1
                self.messages += call["entries"] if call["operation"] == SQS_SOURCE else 0
            case "dynamodb" if call["write"]:
                self.writes += 1
                for table, units in call["units"].items():
                    self.write_units[table.removeprefix(PREFIX)] += units
            case "dynamodb":
                self.reads += 1
            case service if service not in ONCE:
                self.calls[service] += call["entries"]

    def figures(self) -> dict[str, float]:
        """Return the numbers of the table, by their names."""
        return {
            "Invocations of functions": self.invocations.total(),
            "Messages of queues, each sent, received and deleted": self.messages,
            "DynamoDB, calls that write": self.writes,
            "DynamoDB, write units": self.write_units.total(),
            "DynamoDB, calls that read": self.reads,
            **{f"{title}": self.calls[service] for service, title in SERVICES.items()},
        }


def committed_cost() -> dict[int, dict[str, float]]:
    """Return the table of ``docs/cost.md``: the figures of an order by its number of lines."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in TABLE.read_text().splitlines()
        if line.startswith("|")
    ]
    heading, _, *body = rows
    body = body[: len(OrderCost().figures())]
    lines = [int(cell.split()[0]) for cell in heading[1:]]
    return {count: {row[0]: float(row[place]) for row in body} for place, count in enumerate(lines, 1)}


def cost_of_order(stage: Connection, products: list[str]) -> OrderCost:
    """Buy one of each product, and return what followed from the click on; the mail is sent by then.

    Parameters:
        stage: whose emulator counts.
        products: ids of products that are in stock.
    """
    shopper = Shopper(stage)
    shopper.sign_up()
    cart = shopper.fill_cart(*((product_id, 1) for product_id in products))
    _quiet(stage)
    order = shopper.buy_until_decided("pm_card_visa", cart["total"], secrets.token_hex(12)).expect(201).body
    shopper.mail_about(order["orderId"])
    return OrderCost.of(_quiet(stage), _timers(stage))


def _quiet(stage: Connection) -> list[dict[str, Any]]:
    """Return what is called until no function runs, no queue has a message, and nothing is called for a while."""
    found: list[dict[str, Any]] = []
    deadline, timers = time.monotonic() + DEADLINE_SECONDS, _timers(stage)
    last = time.monotonic()
    while time.monotonic() < deadline:
        answer = httpx.get(f"{stage.endpoint_url}{PATH}", timeout=DEADLINE_SECONDS).json()
        found += answer["calls"]
        if answer["running"] or any(call["caller"] not in timers for call in answer["calls"]) or _waiting(stage):
            last = time.monotonic()
        elif time.monotonic() - last > QUIET_SECONDS:
            return found
        time.sleep(PAUSE_SECONDS)
    raise UnexpectedError(f"the stage is not quiet after {DEADLINE_SECONDS} s")


def _waiting(stage: Connection) -> int:
    sqs = stage.client("sqs")
    names = [f"ApproximateNumberOfMessages{state}" for state in ("", "NotVisible", "Delayed")]
    waiting = 0
    for url in sqs.list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", []):
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        waiting += sum(map(int, counts.values()))
    return waiting


def _timers(stage: Connection) -> frozenset[str]:
    """Return the names of the functions that run by the clock."""
    scheduler = stage.client("scheduler")
    schedules = scheduler.list_schedules()["Schedules"]
    return frozenset(schedule["Target"]["Arn"].rpartition(":")[2] for schedule in schedules)
