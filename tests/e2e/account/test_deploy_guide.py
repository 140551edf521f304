"""The page about deployment works as it is written, command by command, from an empty account to nothing again.

What owners do elsewhere happens in between: records in the DNS, an endpoint at Stripe, a purchase in the browser.
"""

import json
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ecom67.base.paths import ROOT
from ecom67.demo.shopper import UnexpectedError, eventually
from ecom67.main import app
from tests.e2e.account.account import Account, Buyer, empty_account
from tests.e2e.events.operating import Said
from tests.infra import synthesis

GUIDE = ROOT / "docs" / "deploy.md"
BUYERS = 5
BOOTSTRAP = re.compile("cdk-hnb659fds|cdk-bootstrap|CDKToolkit")
"""In the names of what the CDK's bootstrap has made, which stays."""


def commands() -> list[str]:
    """Return the commands of the page in their order."""
    blocks = re.findall(r"```console\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


class Reader:
    """Follows the page.

    Parameters:
        account: where the commands run.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._page = iter(commands())

    def next(self) -> str | None:
        """Return the next command, which is not run; None at the end of the page."""
        return next(self._page, None)

    def follow(self, *wanted: str, says: tuple[str, ...] = (), code: int = 0) -> Said:
        """Run the next command, which has to be the wanted one, and to exit and say as expected."""
        command = next(self._page)
        assert all(part in command for part in wanted), command
        said = self._account.run(command)
        assert said.code == code, (command, said, "".join(self._account.said)[-5000:])
        for text in says:
            assert text in said.out + said.error, (command, said)
        return said

    def follow_until(self, *wanted: str, says: tuple[str, ...]) -> None:
        """Run the next command, as an owner does who waits for what it says: the journal gathers for some seconds."""
        command = next(self._page)
        assert all(part in command for part in wanted), command

        def said() -> bool | None:
            out = self._account.run(command).out
            return all(text in out for text in says) or None

        eventually(f"{command} says {says}", said)


def test_the_page_leads_from_an_empty_account_to_the_first_order_and_back(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = synthesis.of_new_account(tmp_path_factory)
    with empty_account(templates, tmp_path, monkeypatch) as account:
        assert account.resources() == set()
        page = Reader(account)
        deploy(account, page, monkeypatch)
        with account.stripe():
            sell(account, page)
        # Away with it
        page.follow("destroy", says=("ecom67-dev-web", "objects of "))
        assert page.next() is None
        assert {name for name in account.resources() if not BOOTSTRAP.search(name)} == set()


def deploy(account: Account, page: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Follow the steps up to the staff and the catalogue."""
    # 1. The region
    name, _, value = str(page.next()).removeprefix("export ").partition("=")
    monkeypatch.setenv(name, value)

    # 2. What is missing
    missing = ("CDK is not bootstrapped in us-east-1", "does not know shop@dev.ecom67.example", "deploy mail")
    page.follow("deploy --check", says=missing, code=1)
    account.variables |= {"ACCOUNT": "000000000000", "EMAIL": f"{secrets.token_hex(4)}@first-order.org"}
    page.follow("npx cdk bootstrap")

    # 3. The sender. Nothing else can be deployed without it; the emulator sees the records at once.
    refused = account.run("ecom67 deploy --all --stage dev")
    assert (refused.code, "does not know shop@dev.ecom67.example" in refused.out) == (1, True)
    page.follow("deploy mail")
    assert len(re.findall(r"^ecom67-dev-mail\.\w+ = ", account.said[-1], flags=re.MULTILINE)) >= 5

    # 4. Everything
    page.follow("deploy --all")
    account.put("web/shop-url", account.shop_url)

    # 5. to 7. Keys, shop, help, staff and catalogue
    page.follow("stripe keys", says=("Stored.",))
    page.follow("web publish", says=("files are published",))
    bucket = account.published()["web/bucket"]
    settings = json.load(account.client("s3").get_object(Bucket=bucket, Key="config.json")["Body"])
    assert settings["stripePublishableKey"] == "pk_test_1"
    account.knowledge_base()
    page.follow("help publish")
    page.follow("staff add $EMAIL", "--password", says=("with a new account",))
    page.follow("login $EMAIL", says=("Signed in for 60 minutes",))


def sell(account: Account, page: Reader) -> None:
    """Follow the steps from the catalogue to the first order."""
    page.follow("catalog import", "--pictures", says=("pictures uploaded", "0 rejected"))

    # 8. The first order, and others at the same moment
    buyers = [Buyer(account) for _ in range(BUYERS)]
    for buyer in buyers:
        buyer.sign_up()
    lamp = eventually("lamps in stock", lambda: in_stock(buyers[0], "lighting", BUYERS))
    with ThreadPoolExecutor(BUYERS) as at_once:
        order_ids = list(at_once.map(lambda buyer: buyer.buy_one(lamp["productId"]), buyers))
    for buyer, order_id in zip(buyers, order_ids, strict=True):
        assert "confirmed" in buyer.mail_about(order_id)
    account.variables["ORDER"] = order_ids[0]
    page.follow_until("events trace", says=("OrderPlaced", "NotificationSent", "Nothing is missing."))
    page.follow("audit", says=("no difference",))
    assert account.dead_letters() == {}


def in_stock(buyer: Buyer, category: str, units: int) -> dict[str, Any] | None:
    """Return a product of a category; None while the import's events are on their way to the stock."""
    try:
        return buyer.find_product(category, at_least=units)
    except UnexpectedError:
        return None


def test_every_command_of_the_page_exists() -> None:
    """Also what the text mentions beside the commands that are run."""
    mentioned = set(re.findall(r"`ecom67 ([a-z]+)", GUIDE.read_text()))

    assert mentioned
    assert {name for name in mentioned if CliRunner().invoke(app, [name, "--help"]).exit_code} == set()
