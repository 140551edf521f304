"""The local runner by its command line, on the stage of this run and on folders that are no stage yet."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from ecom67.base.errors import CliError
from ecom67.demo.shopper import eventually
from ecom67.local.connection import Connection
from ecom67.local.persistence.snapshot import SnapshotFolder
from ecom67.local.process_specs import stripe
from ecom67.local.stage_paths import HOST, Ports, StagePaths
from ecom67.main import app
from tests.conftest import PRODUCTS
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.events.operating import Said, bought, mails, products_of_our_own, signed_up
from tests.free_ports import free_ports

pytestmark = pytest.mark.emulator
PROCESSES = ("emulator", "stripe", "bedrock", "origin")


@dataclass(frozen=True)
class CommandLine:
    """``ecom67`` with a state and ports of its own."""

    state: Path
    ports: Ports

    def __call__(self, *arguments: str, **environment: str) -> Said:
        """Run the command line within this process: most of a command's time would be its start."""
        ran = CliRunner().invoke(app, list(arguments), env=self.environment() | environment)
        if isinstance(ran.exception, CliError):
            return Said(ran.stdout, str(ran.exception), 1)
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return Said(ran.stdout, ran.stderr, ran.exit_code)

    def alone(self, *arguments: str) -> Said:
        """Run the command line in a process of its own, as an operator does."""
        ran = subprocess.run(
            [sys.executable, "-m", "ecom67", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return Said(ran.stdout, ran.stderr, ran.returncode)

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ECOM67_STATE": str(self.state),
            "ECOM67_SHOP_PORT": str(self.ports.shop),
            "ECOM67_EMULATOR_PORT": str(self.ports.emulator),
            "ECOM67_STRIPE_PORT": str(self.ports.stripe),
        }

    def pids(self) -> dict[str, int]:
        return {file.stem: json.loads(file.read_text())["pid"] for file in (self.state / "processes").glob("*.json")}


@pytest.fixture
def ecom67(tmp_path: Path) -> Iterator[CommandLine]:
    command = CommandLine(tmp_path / "state", free_ports())
    yield command
    if command.pids():
        command("down")


def test_a_stage_comes_up_once_and_outlives_its_processes(stage: Connection) -> None:
    ecom67 = CommandLine(stage.paths.state, stage.paths.ports)
    before, pids = _state_of_the_shop(ecom67), ecom67.pids()
    mails_before = mails(stage)

    again = ecom67.alone("up", "--products", str(PRODUCTS))

    assert again.code == 0, again.out + again.error
    assert "they run already" in again.out
    assert "Deploy the stacks  nothing has changed" in again.out
    assert "Fill the shop with its catalogue  nothing has changed" in again.out
    assert "Warm search up" not in again.out
    assert ecom67.pids() == pids

    assert ecom67.alone("down").code == 0
    assert ecom67.pids() == {}
    assert not stage.paths.scratch.exists()
    assert ecom67("status").code == 1
    restarted = ecom67.alone("up", "--products", str(PRODUCTS))

    assert restarted.code == 0, restarted.out + restarted.error
    assert "Deploy the stacks  nothing has changed" in restarted.out
    assert "Warm search up" in restarted.out
    assert _state_of_the_shop(ecom67) == before
    assert mails(stage) == mails_before > 0
    _assert_events_flow(ecom67)


def test_a_killed_emulator_loses_no_order_that_was_saved_and_stripe_goes_back_with_it(stage: Connection) -> None:
    # Given an order that is older than the last save, and one that is paid a moment before the power is cut
    ecom67, saved = CommandLine(stage.paths.state, stage.paths.ports), SnapshotFolder(stage.paths.services_data)
    (product_id,) = products_of_our_own(stage, 1)
    ada, grace = signed_up(stage), signed_up(stage)
    kept = bought(ada, product_id).body["orderId"]
    ada.mail_about(kept)
    confirmed = time.time()
    eventually("it is saved", lambda: True if (saved.taken_at() or 0) > confirmed else None)
    lost = bought(grace, product_id)
    os.kill(ecom67.pids()["emulator"], signal.SIGKILL)

    # When the shop is started again
    restarted = ecom67.alone("up", "--products", str(PRODUCTS))

    # Then the one is there with its mail, and the other one has left no charge, unless it was saved as well
    assert restarted.code == 0, restarted.out + restarted.error
    assert "The emulator was killed. The shop is as it was at" in restarted.out
    assert ada.order(kept)["status"] == "PROCESSING"
    assert ada.mails_about(kept) == 1
    if f"orders {lost.body['orderId']}" in restarted.out:
        assert grace.call(f"GET /orders/{lost.body['orderId']}").status == 404
        assert _charges_of(stage, lost.body["orderId"]) == 0
    else:
        assert grace.order(lost.body["orderId"])["status"] == "PROCESSING"
    _assert_events_flow(ecom67, "came-after-the-power-cut")


def _charges_of(stage: Connection, order_id: str) -> int:
    state = httpx.get(f"{stage.stripe_url}/_state/payment_intents", params={"metadata[orderId]": order_id})
    succeeded: int = state.raise_for_status().json()["charges"]["succeeded"]
    return succeeded


def _assert_events_flow(ecom67: CommandLine, product_id: str = "came-after-the-restart") -> None:
    """A new product becomes known to inventory, which hears of it by an event alone."""
    status = ecom67("status", "--json").json()
    token = ecom67("token", "--email", "staff@ecom67.example", "--staff").out.strip()
    product = {
        "productId": product_id,
        "name": "Came after the restart",
        "description": "Its events must not be lost.",
        "category": "lighting",
        "brand": "Late",
        "price": {"amount": 2500, "currency": "USD"},
        "imageUrl": "/images/gooseneck-kettle.svg",
        "initialStock": 7,
    }
    headers = {"Authorization": f"Bearer {token}"}
    created = httpx.post(f"{status['api']}/products", json=product, headers=headers, timeout=DEADLINE_SECONDS)
    assert created.status_code == 201, created.text

    def in_stock() -> int | None:
        answer = httpx.get(f"{status['api']}/stock/{product_id}", timeout=DEADLINE_SECONDS)
        return int(answer.json()["available"]) if answer.status_code == 200 else None

    assert eventually("inventory knows the product", in_stock) == 7


def _state_of_the_shop(ecom67: CommandLine) -> tuple[object, ...]:
    """Return the status, the products and the profile of one shopper."""
    status = ecom67("status", "--json").json()
    assert {"shop", "api", "ws", "emulator", "region", "userPoolId", "userPoolClientId"} <= status.keys()
    assert {"stripe", "mailbox", "stage"} <= status.keys()
    assert status["processes"] == dict.fromkeys(PROCESSES, "running")
    token = ecom67("token", "--email", "ada@ecom67.example").out.strip()
    products = httpx.get(f"{status['api']}/products", timeout=DEADLINE_SECONDS).raise_for_status().json()
    assert products["items"]
    me = httpx.get(f"{status['api']}/me", headers={"Authorization": f"Bearer {token}"}, timeout=DEADLINE_SECONDS)
    return status, products, me.raise_for_status().json()


def test_one_service_of_a_running_stage_is_deployed_and_its_logs_are_read(stage: Connection) -> None:
    ecom67 = CommandLine(stage.paths.state, stage.paths.ports)
    token = ecom67("token", "--email", "grace@ecom67.example", "--staff").out.strip()
    headers = {"Authorization": f"Bearer {token}"}

    deployed = ecom67("deploy", "identity")
    httpx.get(f"{stage.shop_url}/api/me", headers=headers, timeout=DEADLINE_SECONDS).raise_for_status()
    refused = httpx.post(f"{stage.shop_url}/api/products", headers=headers, json=[], timeout=DEADLINE_SECONDS)
    logs = ecom67("logs", "catalog")

    assert deployed.code == 0, deployed.out + deployed.error
    assert "Deploy identity" in deployed.out
    assert refused.status_code == 422
    assert logs.code == 0
    assert all(" catalog-" in line for line in logs.out.splitlines() if line[:1].isdigit())


def test_data_are_not_moved_to_another_emulator_port(ecom67: CommandLine) -> None:
    (ecom67.state / "emulator").mkdir(parents=True)
    (ecom67.state / "ports.json").write_text(json.dumps({"shop": 1, "emulator": 2, "stripe": 3}))

    refused = ecom67("up")

    assert refused.code == 1
    assert "Keep that port, or forget the data with `ecom67 clean`" in refused.error


def test_a_taken_port_is_told_of_and_nothing_is_left_running(ecom67: CommandLine) -> None:
    with socket.create_server((HOST, ecom67.ports.stripe)):
        refused = ecom67("up")

    assert refused.code == 1
    assert f"Port {ecom67.ports.stripe}, which the stand-in for Stripe needs, is taken by another" in refused.error
    assert "ECOM67_STRIPE_PORT" in refused.error
    assert ecom67.pids() == {}


def test_a_process_that_ends_at_its_start_is_told_of_with_the_end_of_its_log(ecom67: CommandLine) -> None:
    ecom67.state.mkdir()
    (ecom67.state / "stage.lock").touch()
    (ecom67.state / "stripe").write_text("in the way of the folder")

    refused = ecom67("up")

    assert refused.code == 1
    assert "The stand-in for Stripe stopped as soon as it was started." in refused.error
    assert f"The log is {ecom67.state / 'logs' / 'stripe.log'}" in refused.error
    assert ecom67.pids() == {}


def test_interrupted_it_stops_what_it_has_started(ecom67: CommandLine, tmp_path: Path) -> None:
    # A synthesis or deployment that never ends stands in for one that is interrupted half-way.
    node = tmp_path / "node"
    node.write_text('#!/bin/sh\n[ "$1" = --version ] && echo v20.0.0 || exec sleep 60\n')
    node.chmod(0o755)
    slow = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    with subprocess.Popen(
        [sys.executable, "-m", "ecom67", "up"],
        env=ecom67.environment() | slow,
        stdout=subprocess.PIPE,
        text=True,
        # A run in the background ignores SIGINT, and hands that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        assert running.stdout
        for line in running.stdout:
            if "Start the emulator" in line:
                break
        started = ecom67.pids()
        running.send_signal(signal.SIGINT)
        running.stdout.read()

    assert running.returncode == 130
    assert started.keys() == set(PROCESSES)
    assert ecom67.pids() == {}


def test_without_node_nothing_is_started(ecom67: CommandLine) -> None:
    refused = ecom67("up", PATH=str(ecom67.state))

    assert refused.code == 1
    assert "Node.js is missing" in refused.error
    assert ecom67.pids() == {}


def test_without_the_node_that_is_to_be_searched_with_nothing_is_started(ecom67: CommandLine) -> None:
    nowhere = f"http://{HOST}:{ecom67.ports.emulator}"

    refused = ecom67("up", OPENSEARCH_URL=nowhere)

    assert refused.code == 1
    assert f"OPENSEARCH_URL is {nowhere}, and no OpenSearch answers there" in refused.error
    assert ecom67.pids() == {}


def test_a_crashed_process_is_told_of_by_the_status(ecom67: CommandLine) -> None:
    process = stripe(StagePaths(ecom67.state, ecom67.ports))
    process.start()
    process.await_ready()
    os.kill(ecom67.pids()["stripe"], signal.SIGKILL)
    eventually("the process has ended", lambda: True if process.pid() is None else None)

    status = ecom67("status", "--json")

    assert status.code == 1
    assert status.json()["processes"] == {**dict.fromkeys(PROCESSES, "stopped"), "stripe": "crashed"}


def test_without_a_running_stage_a_command_says_so(ecom67: CommandLine) -> None:
    for arguments in (("token", "--email", "ada@ecom67.example"), ("logs",), ("deploy", "edge")):
        refused = ecom67(*arguments)

        assert refused.code == 1
        assert "Start" in refused.error


def test_a_folder_that_is_no_stage_is_not_cleaned(ecom67: CommandLine) -> None:
    ecom67.state.mkdir()
    (ecom67.state / "thesis.txt").write_text("ten years of work")

    refused = ecom67("clean")

    assert refused.code == 1
    assert (ecom67.state / "thesis.txt").exists()
    (ecom67.state / "thesis.txt").unlink()
