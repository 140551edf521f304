from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from ecom67 import main
from ecom67.base.errors import CliError
from ecom67.local import commands
from schemas import generation

runner = CliRunner()


def test_a_fault_is_a_sentence_and_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "status", _raise(CliError("The emulator is away.")))

    with pytest.raises(SystemExit) as exited:
        main.app(["status"])

    assert exited.value.code == 1
    assert capsys.readouterr().err == "The emulator is away.\n"


def test_stale_schemas_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "stale_files", lambda: [tmp_path / "OrderPlaced.v1.json"])

    result = runner.invoke(main.app, ["schemas", "check"])

    assert isinstance(result.exception, CliError)
    assert "OrderPlaced.v1.json" in str(result.exception)


def test_aws_is_not_deployed_to_while_the_environment_means_an_emulator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")

    result = runner.invoke(main.app, ["deploy", "orders", "--stage", "dev"])

    assert isinstance(result.exception, CliError)
    assert "Unset it" in str(result.exception)


def test_a_service_is_deployed_to_aws_exclusively(
    deployments: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_in_foreground(arguments: list[str], _: object) -> int:
        deployments.append(arguments)
        return 7

    monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", run_in_foreground)

    result = runner.invoke(main.app, ["deploy", "orders", "--stage", "dev"])

    assert result.exit_code == 7
    assert deployments[0][:3] == ["deploy", "--exclusively", "ecom67-dev-orders"]
    assert deployments[0][-2:] == ["--context", "stage=dev"]


@pytest.fixture
def deployments(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the CDK is told to deploy, in the order of its calls; nothing is deployed."""
    called: list[list[str]] = []
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr("ecom67.base.cdk.check", lambda: "v20.0.0")

    def run_in_foreground(arguments: list[str], _: object) -> int:
        called.append(arguments)
        return 0

    monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", run_in_foreground)
    monkeypatch.setattr("ecom67.search.commands.rebuild_where_needed", lambda _: None)
    return called


@mock_aws
def test_the_web_is_deployed_with_the_firewall_of_its_stage(deployments: list[list[str]]) -> None:
    acl = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ecom67-dev/1"
    boto3.client("ssm", "us-east-1").put_parameter(Name="/ecom67/dev/firewall/web-acl-arn", Value=acl, Type="String")

    result = runner.invoke(main.app, ["deploy", "--stage", "dev"])

    assert result.exit_code == 0
    firewall, everything = deployments
    assert firewall[:3] == ["deploy", "--exclusively", "ecom67-dev-firewall"]
    assert everything[:4] == ["deploy", "--all", "--parameters", f"ecom67-dev-web:WebAclArn={acl}"]


@mock_aws
def test_the_web_is_not_deployed_without_a_firewall(deployments: list[list[str]]) -> None:
    result = runner.invoke(main.app, ["deploy", "web", "--stage", "dev"])

    assert isinstance(result.exception, CliError)
    assert "ecom67 deploy firewall --stage dev" in str(result.exception)
    assert deployments == []


def _raise(error: Exception) -> object:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("service", "code", "looked_at"),
    [("search", 0, ["dev"]), (None, 0, ["dev"]), ("cart", 0, []), ("search", 1, [])],
)
def test_after_a_deployment_of_search_its_index_is_looked_at(
    service: str | None, code: int, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr("ecom67.base.cdk.check", lambda: "v20.0.0")
    monkeypatch.setattr("ecom67.deploy.aws.deploy", lambda *_: code)
    monkeypatch.setattr("ecom67.search.commands.rebuild_where_needed", found.append)

    result = runner.invoke(main.app, ["deploy", *([service] if service else []), "--stage", "dev"])

    assert (result.exit_code, found) == (code, looked_at)
