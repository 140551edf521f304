"""Staff by the command line, against the user pool of the emulator: who is added signs in, and their token imports."""

import json
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from typer.testing import CliRunner, Result

from bus.http import STAFF_GROUP
from ecom67.base.errors import CliError
from ecom67.local.connection import Connection
from ecom67.main import app
from ecom67.staff import commands, tokens
from ecom67.stage_client import StageClient

Run = Callable[..., Result]
PASSWORD = "Workday-2026"
SHOP = "https://shop.example"


@pytest.fixture
def stage(emulator: Connection) -> StageClient:
    """A stage in AWS with a user pool as the identity stack makes it."""
    name = f"dev{secrets.token_hex(3)}"
    cognito, ssm = emulator.client("cognito-idp"), emulator.client("ssm")
    pool = cognito.create_user_pool(
        PoolName=name, UsernameAttributes=["email"], AutoVerifiedAttributes=["email"], EmailVerificationMessage="{####}"
    )["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool, GroupName=STAFF_GROUP)
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="shop", ExplicitAuthFlows=flows)
    published = {
        "bus/name": f"ecom67-{name}",
        "identity/user-pool-id": pool,
        "identity/user-pool-client-id": client["UserPoolClient"]["ClientId"],
        "web/shop-url": SHOP,
    }
    for parameter, value in published.items():
        ssm.put_parameter(Name=f"/ecom67/{name}/{parameter}", Value=value, Type="String")
    return StageClient(name, emulator.client)


@pytest.fixture
def ecom67(stage: StageClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(commands, "connect", lambda _: stage)
    monkeypatch.setattr("ecom67.stage_client.connect", lambda _: stage)
    monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path / "config"))

    def run(*arguments: str, typed: str = "") -> Result:
        given = [*arguments, "--stage", stage.name]
        return CliRunner().invoke(app, given, input=typed, env={"COLUMNS": "200"})

    return run


def twice(password: str) -> str:
    return f"{password}\n{password}\n"


def refusal(result: Result) -> str:
    assert isinstance(result.exception, CliError), result.output
    return str(result.exception)


def temporary_password(emulator: Connection, email: str) -> str:
    accounts = httpx.get(emulator.mailbox_url).raise_for_status().json()["messages"]
    (mail,) = [mail for mails in accounts.values() for mail in mails if email in mail["To"]]
    # The emulator's own words: "Your username is … and temporary password is ….".
    return str(mail["BodyText"]).split("password is ")[1].strip().rstrip(".")


def test_who_is_invited_signs_in_with_a_password_of_their_own(
    ecom67: Run, stage: StageClient, emulator: Connection
) -> None:
    email = f"{secrets.token_hex(4)}@shop.org"

    invited = ecom67("staff", "add", email)
    signed_in = ecom67("login", email, typed=f"{temporary_password(emulator, email)}\n{twice(PASSWORD)}")

    assert invited.output == f"{email} is invited, and belongs to the staff of stage {stage.name}.\n"
    assert signed_in.exit_code == 0, signed_in.output
    claims = jwt.decode(tokens.read(stage.name), options={"verify_signature": False})
    assert claims["cognito:groups"] == [STAFF_GROUP]
    assert claims["aud"] == stage.published["identity/user-pool-client-id"]
    again = ecom67("login", email, typed=f"{PASSWORD}\n")
    assert "Signed in for 60 minutes" in again.output


def test_an_account_with_a_password_needs_no_mail(ecom67: Run, emulator: Connection) -> None:
    email = f"{secrets.token_hex(4)}@shop.org"

    added = ecom67("staff", "add", email, "--password", typed=twice(PASSWORD))
    signed_in = ecom67("login", email, typed=f"{PASSWORD}\n")

    assert "with a new account" in added.output
    assert signed_in.exit_code == 0, signed_in.output
    accounts = httpx.get(emulator.mailbox_url).raise_for_status().json()["messages"]
    assert not [mail for mails in accounts.values() for mail in mails if email in mail["To"]]


def test_a_shopper_becomes_staff_and_keeps_their_password(ecom67: Run, stage: StageClient) -> None:
    email = f"{secrets.token_hex(4)}@shop.org"
    cognito, pool = stage.client("cognito-idp"), stage.published["identity/user-pool-id"]
    cognito.sign_up(ClientId=stage.published["identity/user-pool-client-id"], Username=email, Password=PASSWORD)
    cognito.admin_confirm_sign_up(UserPoolId=pool, Username=email)

    added = [ecom67("staff", "add", email).output for _ in range(2)]

    assert added == [f"{email} belongs to the staff of stage {stage.name}.\n"] * 2
    assert ecom67("login", email, typed=f"{PASSWORD}\n").exit_code == 0
    assert json.loads(ecom67("staff", "list", "--json").output) == [{"email": email, "status": "CONFIRMED"}]


def test_who_is_removed_is_no_longer_staff(ecom67: Run, stage: StageClient) -> None:
    email = f"{secrets.token_hex(4)}@shop.org"
    ecom67("staff", "add", email, "--password", typed=twice(PASSWORD))

    removed = ecom67("staff", "remove", email)

    assert removed.exit_code == 0
    assert f"Stage {stage.name} has no staff." in ecom67("staff", "list").output
    ecom67("login", email, typed=f"{PASSWORD}\n")
    assert "cognito:groups" not in jwt.decode(tokens.read(stage.name), options={"verify_signature": False})
    assert refusal(ecom67("staff", "remove", "nobody@shop.org")) == "nobody@shop.org has no account."


def test_a_password_that_is_not_accepted_leaves_no_account(ecom67: Run, stage: StageClient) -> None:
    email = f"{secrets.token_hex(4)}@shop.org"

    assert "not accepted" in refusal(ecom67("staff", "add", email, "--password", typed=twice("short")))

    users = stage.client("cognito-idp").list_users(UserPoolId=stage.published["identity/user-pool-id"])["Users"]
    assert users == []


@pytest.mark.parametrize("email", ["someone@shop.org", "nobody@shop.org"])
def test_a_wrong_password_and_an_unknown_address_are_refused_alike(ecom67: Run, email: str) -> None:
    ecom67("staff", "add", "someone@shop.org", "--password", typed=twice(PASSWORD))

    assert refusal(ecom67("login", email, typed="Wrong-2026\n")) == f"Wrong e-mail or password: {email}."


def test_a_stage_without_accounts_says_what_to_deploy(
    ecom67: Run, stage: StageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = StageClient("dev", stage.client)
    monkeypatch.setitem(empty.__dict__, "published", {"bus/name": "ecom67-dev"})
    monkeypatch.setattr(commands, "connect", lambda _: empty)

    assert "ecom67 deploy --all --stage dev" in refusal(ecom67("staff", "list"))


def test_a_token_is_readable_by_its_owner_only_also_where_a_file_was_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path))
    (tmp_path / "tokens").mkdir()
    (tmp_path / "tokens" / "dev.json").write_text("{}")

    path = tokens.store("dev", "ada@shop.org", "the-token", 3600)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert tokens.read("dev") == "the-token"
    assert [file.name for file in path.parent.iterdir()] == ["dev.json"]


@pytest.mark.parametrize("content", [None, "", "[]", '{"token": "t"}', '{"token": "t", "expiresAt": "soon"}'])
def test_a_token_that_cannot_be_read_is_none(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path))
    if content is not None:
        (tmp_path / "tokens").mkdir()
        (tmp_path / "tokens" / "dev.json").write_text(content)

    with pytest.raises(CliError, match=r"Nobody is signed in to stage dev\. Sign in: ecom67 login EMAIL --stage dev"):
        tokens.read("dev")


def test_a_token_is_used_until_shortly_before_it_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path))
    tokens.store("dev", "ada@shop.org", "the-token", 3600, now=lambda: 1_000.0)

    assert tokens.read("dev", now=lambda: 1_000.0 + 3600 - tokens.MARGIN_SECONDS) == "the-token"
    with pytest.raises(CliError, match="has expired"):
        tokens.read("dev", now=lambda: 1_001.0 + 3600 - tokens.MARGIN_SECONDS)


def test_an_import_into_a_stage_uses_its_address_its_bucket_and_the_sign_in(
    ecom67: Run, stage: StageClient, emulator: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, bucket = f"{secrets.token_hex(4)}@shop.org", f"pictures-{stage.name}"
    emulator.client("s3").create_bucket(Bucket=bucket)
    parameter = {"Name": f"/ecom67/{stage.name}/catalog/image-bucket", "Value": bucket}
    emulator.client("ssm").put_parameter(Type="String", **parameter)
    stage.__dict__.pop("published", None)
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        imported = [{"row": 1, "productId": "cup", "outcome": "CREATED"}]
        return httpx.Response(200, json={"imported": imported, "rejected": [], "ignoredFields": []})

    client: Any = httpx.Client
    monkeypatch.setattr(
        "ecom67.catalog.commands.httpx.Client", lambda **_: client(transport=httpx.MockTransport(answer))
    )
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "cup.svg").write_text("<svg/>")
    (tmp_path / "products.json").write_text('[{"name": "Cup"}]')
    command = ("catalog", "import", str(tmp_path / "products.json"), "--pictures", str(tmp_path / "images"))

    without = ecom67(*command)
    ecom67("staff", "add", email, "--password", typed=twice(PASSWORD))
    ecom67("login", email, typed=f"{PASSWORD}\n")
    imported = ecom67(*command)

    assert f"ecom67 login EMAIL --stage {stage.name}" in without.output
    assert imported.exit_code == 0, imported.output
    assert "1 pictures uploaded." in imported.output
    assert "1 created" in imported.output
    (request,) = requests
    assert str(request.url) == f"{SHOP}/api/products/import"
    assert request.headers["Authorization"] == f"Bearer {tokens.read(stage.name)}"
    stored = emulator.client("s3").get_object(Bucket=bucket, Key="images/cup.svg")
    assert (stored["Body"].read(), stored["ContentType"]) == (b"<svg/>", "image/svg+xml")
