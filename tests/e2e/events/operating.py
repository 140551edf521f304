"""What the tests of the operators' commands share: the command line, shoppers at once, all tables as they are."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
from typer.testing import CliRunner

from ecom67.audit.settling import ON_THEIR_WAY
from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.demo.journal import deployed
from ecom67.demo.shopper import Shopper, ShopResponse, eventually
from ecom67.demo.show import new_product
from ecom67.local.accounts import STAFF
from ecom67.local.connection import STATE_VARIABLE, Connection
from ecom67.main import app

Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command wrote, and its exit code."""

    out: str
    error: str
    code: int

    def json(self) -> Any:
        """Return its output as JSON."""
        return json.loads(self.out)


def ecom67(stage: Connection, *arguments: str, code: int | None = 0) -> Said:
    """Run the command line on a stage, within this process: most of a command's time would be its start.

    Parameters:
        stage: the stage.
        arguments: of the command line.
        code: that it has to exit with; None takes any.
    """
    environment = {STATE_VARIABLE: str(stage.paths.state), "COLUMNS": "200"}
    ran = CliRunner().invoke(app, list(arguments), env=environment)
    if isinstance(ran.exception, CliError):
        said = Said(ran.stdout, str(ran.exception), 1)
    elif ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    else:
        said = Said(ran.stdout, ran.stderr, ran.exit_code)
    assert code in (None, said.code), said
    return said


def ecom67_alone(stage: Connection, *arguments: str, debugger: Sequence[str] = ()) -> str:
    """Run the command line on a stage, in a process of its own; return what it wrote.

    For what sets its process up as a function of the stage is.
    """
    ran = subprocess.run(
        [sys.executable, *debugger, "-m", "ecom67", *arguments],
        cwd=ROOT,
        env={**os.environ, STATE_VARIABLE: str(stage.paths.state), "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


def signed_up(stage: Connection) -> Shopper:
    shopper = Shopper(stage)
    shopper.sign_up()
    return shopper


def bought(shopper: Shopper, product_id: str) -> ShopResponse:
    """Return the answer to an order for one unit of a product."""
    cart = shopper.fill_cart((product_id, 1))
    return shopper.buy("pm_card_visa", cart["total"], secrets.token_hex(12)).expect(201)


def products_of_our_own(stage: Connection, count: int) -> list[str]:
    """Return products that no other test buys, with more units than are needed."""
    staff = stage.token(STAFF, staff=True)
    return [new_product(Shopper(stage), staff, price=2500, stock=500) for _ in range(count)]


def orders_of_many(
    stage: Connection, products: list[str], *, shoppers: int, each: int
) -> list[tuple[str, ShopResponse]]:
    """Have several shoppers buy at once, each order after order; return the product and answer of each order."""

    def shop(number: int) -> list[tuple[str, ShopResponse]]:
        shopper = signed_up(stage)
        wanted = [products[(number + turn) % len(products)] for turn in range(each)]
        placed = []
        for product_id in wanted:
            answer = bought(shopper, product_id)
            # The next order is of the next product alone.
            eventually("the cart is empty", lambda: None if shopper.call("GET /cart").body["lines"] else True)
            placed.append((product_id, answer))
        return placed

    with ThreadPoolExecutor(shoppers) as pool:
        return [order for orders in pool.map(shop, range(shoppers)) for order in orders]


def tables(stage: Connection) -> Tables:
    """Return all items of all tables, by table and key."""
    dynamodb = stage.client("dynamodb")
    found: Tables = {}
    for page in dynamodb.get_paginator("list_tables").paginate():
        for name in page["TableNames"]:
            keys = [key["AttributeName"] for key in dynamodb.describe_table(TableName=name)["Table"]["KeySchema"]]
            items = [item for part in dynamodb.get_paginator("scan").paginate(TableName=name) for item in part["Items"]]
            found[name] = {json.dumps([item[key] for key in keys]): item for item in items}
    return found


def differences(before: Tables, after: Tables) -> list[str]:
    """Return what differs between two states of all tables, item by item."""
    return [
        f"{name} {key}: {before.get(name, {}).get(key)} → {after.get(name, {}).get(key)}"
        for name in sorted(before.keys() | after.keys())
        for key in sorted(before.get(name, {}).keys() | after.get(name, {}).keys())
        if before.get(name, {}).get(key) != after.get(name, {}).get(key)
    ]


def mails(stage: Connection) -> int:
    """Return how many e-mails were sent."""
    accounts = httpx.get(stage.mailbox_url).raise_for_status().json()["messages"]
    return sum(len(messages) for messages in accounts.values())


def holds_messages(stage: Connection, queue_url: str) -> bool:
    """Return whether a queue holds messages, of which others may be at work on some; delayed ones do not count."""
    attributes = stage.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    return any(int(attributes[name]) for name in ON_THEIR_WAY)


def settle(stage: Connection) -> None:
    """Wait until nothing is on its way any more: no queue but dead letters holds a message, and no table changes."""
    queues = [queue.physical_id for queue in deployed(stage).of_kind("AWS::SQS::Queue")]
    working = [url for url in queues if not url.endswith(("-dlq", "parking"))]
    seen: list[Tables] = []

    def at_rest() -> bool | None:
        if any(holds_messages(stage, url) for url in working):
            seen.clear()
            return None
        seen.append(tables(stage))
        # The streams' readers look every tenth of a second; three equal looks are well beyond that.
        return True if len(seen) >= 3 and seen[-1] == seen[-2] == seen[-3] else None

    eventually("nothing is on its way", at_rest)
