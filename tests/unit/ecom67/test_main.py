import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError
from moto import mock_aws
from typer.main import get_command
from typer.testing import CliRunner

from ecom67 import main
from ecom67.__main__ import run
from ecom67.base.errors import CliError
from ecom67.base.options import select_stage, selected_stage
from ecom67.base.stage_names import LOCAL
from ecom67.deploy.prerequisites import Finding, Severity
from ecom67.local import commands
from schemas import generation

runner = CliRunner()


def commands_of(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield all commands with their names, such as ``dlq list``."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, child in command.commands.items():
        yield from commands_of(child, f"{path} {name}".strip())


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
    monkeypatch.setattr("ecom67.deploy.preflight.preflight", lambda *_: [])
    monkeypatch.setattr("ecom67.deploy.settings.read_settings", lambda _: SimpleNamespace(region="us-east-1"))

    def run_in_foreground(arguments: list[str], _: object) -> int:
        called.append(arguments)
        return 0

    monkeypatch.setattr("ecom67.base.cdk.run_in_foreground", run_in_foreground)
    monkeypatch.setattr("ecom67.search.commands.rebuild_where_needed", lambda _: None)
    return called


@mock_aws
def test_the_web_is_deployed_with_the_firewall_of_its_stage(deployments: list[list[str]]) -> None:
    acl = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ecom67-dev/1"
    boto3.client("ssm", "us-east-1").put_parameter(
        Name="/ecom67/dev/firewall-us-east-1/web-acl-arn", Value=acl, Type="String"
    )

    result = runner.invoke(main.app, ["deploy", "--all", "--stage", "dev"])

    assert result.exit_code == 0
    firewall, everything = deployments
    assert firewall[:3] == ["deploy", "--exclusively", "ecom67-dev-firewall-us-east-1"]
    assert everything[:4] == ["deploy", "--all", "--parameters", f"ecom67-dev-web:WebAclArn={acl}"]


SANDBOX = Finding(Severity.WARNING, "SES is in its sandbox.", "Request production access.")
NO_BOOTSTRAP = Finding(Severity.ERROR, "The CDK is not bootstrapped in us-east-1.", "npx cdk bootstrap")


def test_nothing_is_deployed_where_something_necessary_is_missing(
    deployments: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecom67.deploy.preflight.preflight", lambda *_: [NO_BOOTSTRAP, SANDBOX])

    result = runner.invoke(main.app, ["deploy", "orders", "--stage", "dev"])

    assert isinstance(result.exception, CliError)
    assert "Nothing is deployed" in str(result.exception)
    for found in (NO_BOOTSTRAP, SANDBOX):
        assert found.sentence in result.stdout
        assert found.remedy in result.stdout
    assert deployments == []


def test_a_warning_holds_no_deployment_up(deployments: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecom67.deploy.preflight.preflight", lambda *_: [SANDBOX])

    result = runner.invoke(main.app, ["deploy", "orders", "--stage", "dev"])

    assert result.exit_code == 0
    assert SANDBOX.sentence in result.stdout
    assert len(deployments) == 1


@pytest.mark.parametrize(
    ("findings", "code", "said"),
    [([], 0, "Nothing is missing."), ([SANDBOX], 0, "sandbox"), ([NO_BOOTSTRAP], 1, "us-east-1")],
)
def test_a_check_deploys_nothing(
    findings: list[Finding], code: int, said: str, deployments: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecom67.deploy.preflight.preflight", lambda *_: findings)

    result = runner.invoke(main.app, ["deploy", "--check", "--stage", "dev"])

    assert (result.exit_code, deployments) == (code, [])
    assert said in result.stdout


@mock_aws
def test_the_web_is_not_deployed_without_a_firewall(deployments: list[list[str]]) -> None:
    result = runner.invoke(main.app, ["deploy", "web", "--stage", "dev"])

    assert isinstance(result.exception, CliError)
    assert "ecom67 deploy firewall --stage dev" in str(result.exception)
    assert deployments == []


def _raise(error: BaseException) -> object:
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
    monkeypatch.setattr("ecom67.deploy.preflight.preflight", lambda *_: [])
    monkeypatch.setattr("ecom67.deploy.settings.read_settings", lambda _: SimpleNamespace(region="us-east-1"))
    monkeypatch.setattr("ecom67.deploy.aws.deploy", lambda *_: code)
    monkeypatch.setattr("ecom67.search.commands.rebuild_where_needed", found.append)

    result = runner.invoke(main.app, ["deploy", service or "--all", "--stage", "dev"])

    assert (result.exit_code, found) == (code, looked_at)


@pytest.mark.parametrize("where", ["in a command", "at a question"])
def test_ctrl_c_ends_every_command_with_130(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted = _raise(KeyboardInterrupt())
    if where == "in a command":
        monkeypatch.setattr(commands, "status", interrupted)
        arguments = ["status"]
    else:
        monkeypatch.setattr("typer._click.termui.visible_prompt_func", interrupted)
        monkeypatch.setattr("ecom67.events.quarantine_commands.QuarantineTable", lambda _: None)
        monkeypatch.setattr("ecom67.events.quarantine_commands.connect", lambda _: None)
        monkeypatch.setattr("ecom67.events.quarantine_commands._chosen", lambda *_: [])
        arguments = ["events", "quarantine", "discard", "--event", "e-1"]

    with pytest.raises(SystemExit) as exited:
        main.app(arguments)

    assert exited.value.code == 130


class _Loading(ModuleType):
    """A module that is interrupted while it is loaded."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_ctrl_c_while_the_command_is_loaded_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ecom67.main", _Loading("ecom67.main"))

    with pytest.raises(SystemExit) as exited:
        run()

    assert exited.value.code == 130


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://ssm.us-east-1.amazonaws.com/"),
        NoCredentialsError(),
        NoRegionError(),
    ],
)
def test_a_stage_that_does_not_answer_is_named(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecom67.events.dlq_commands.connect", _raise(error))

    with pytest.raises(SystemExit) as exited:
        main.app(["dlq", "list", "--stage", "dev"])

    said = capsys.readouterr().err
    assert exited.value.code == 1
    assert said.startswith("Stage dev does not answer")
    assert "make up" not in said


def test_every_command_that_takes_a_stage_names_it_where_it_does_not_answer() -> None:
    taking = {
        name: option
        for name, command in commands_of(get_command(main.app))
        for option in command.params
        if "--stage" in option.opts
    }
    assert {"dlq list", "help publish", "search verify", "schemas list", "logs"} <= taking.keys()

    for name, option in taking.items():
        select_stage(LOCAL)
        if option.callback:
            option.callback(None, option, "dev")
        assert selected_stage() == "dev", f"ecom67 {name} --stage: callback=select_stage is missing"
    select_stage(LOCAL)


def test_a_local_stage_that_does_not_answer_says_how_to_start_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecom67.events.dlq_commands.connect", _raise(EndpointConnectionError(endpoint_url="x")))

    with pytest.raises(SystemExit):
        main.app(["dlq", "list"])

    assert "make up" in capsys.readouterr().err


def test_the_version_is_printed() -> None:
    result = runner.invoke(main.app, ["--version"])

    assert (result.exit_code, result.stdout) == (0, f"ecom67 {version('ecom67')}\n")


def test_a_shell_can_complete_the_commands() -> None:
    environment = {"_ECOM67_COMPLETE": "complete_bash", "COMP_WORDS": "ecom67 cat", "COMP_CWORD": "1"}
    result = runner.invoke(main.app, [], env=environment, prog_name="ecom67")

    assert result.stdout.split() == ["catalog"]
