from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.local import deployment, emulator
from ecom67.local.stage_paths import Ports, StagePaths
from ecom67.local.synthesis import Assembly

OUTPUT = """
ecom67-local-bus: deploying... [1/2]
ecom67-local-bus |  1/22 | 9:42:46 AM | CREATE_COMPLETE | AWS::DynamoDB::Table | JournalTable

 ✅  ecom67-local-bus

✨  Deployment time: 0.04s
✅  ecom67-local-edge (no changes)
"""


class Parameters:
    """What deployments use of SSM."""

    class exceptions:  # noqa: N801 - botocore's name
        class ParameterNotFound(Exception):  # noqa: N818
            pass

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get_parameter(self, Name: str) -> None:  # noqa: N803
        if Name not in self.values:
            raise self.exceptions.ParameterNotFound

    def put_parameter(self, Name: str, Value: str, **_: object) -> None:  # noqa: N803
        self.values[Name] = Value

    def get_paginator(self, _: str) -> "Parameters":
        return self

    def paginate(self, Path: str, **_: object) -> list[dict[str, list[dict[str, str]]]]:  # noqa: N803
        found = [{"Name": name, "Value": value} for name, value in self.values.items() if name.startswith(Path)]
        return [{"Parameters": found}]


@pytest.fixture
def parameters(monkeypatch: pytest.MonkeyPatch) -> Parameters:
    ssm = Parameters()
    monkeypatch.setattr(emulator, "client", lambda *_: ssm)
    return ssm


@pytest.fixture
def paths(tmp_path: Path, parameters: Parameters) -> StagePaths:
    return StagePaths(tmp_path)


@pytest.fixture
def made(tmp_path: Path) -> Assembly:
    for name in ("ecom67-local-bus", "ecom67-local-edge"):
        (tmp_path / f"{name}.template.json").write_text("{}")
    return Assembly(tmp_path, "d1", fresh=True)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    made: list[list[str]] = []

    def run(arguments: list[str], _: Any, __: Path, on_line: Callable[[str], None] | None = None) -> None:
        made.append(arguments)
        for line in OUTPUT.splitlines() if on_line else ():
            assert on_line
            on_line(line)

    monkeypatch.setattr(cdk, "run", run)
    return made


def test_progress_counts_the_stacks_that_are_done(paths: StagePaths, made: Assembly, calls: list[list[str]]) -> None:
    progress: list[str] = []

    deployment.deploy(paths, made, progress.append)

    assert progress == ["0/2", "1/2 ecom67-local-bus", "2/2 ecom67-local-edge"]
    assert [call[0] for call in calls] == ["bootstrap", "deploy"]
    assert deployment.is_deployed(paths, made)


def test_an_account_is_bootstrapped_once(
    paths: StagePaths, parameters: Parameters, made: Assembly, calls: list[list[str]]
) -> None:
    parameters.values["/cdk-bootstrap/hnb659fds/version"] = "30"

    deployment.deploy(paths, made, lambda _: None)

    assert [call[0] for call in calls] == ["deploy"]


def test_other_sources_are_not_deployed_yet(paths: StagePaths, made: Assembly, calls: list[list[str]]) -> None:
    deployment.deploy(paths, made, lambda _: None)

    assert not deployment.is_deployed(paths, Assembly(made.folder, "d2", fresh=True))


def test_a_shop_that_moved_to_another_port_is_deployed_again_and_its_mails_link_there(
    paths: StagePaths, made: Assembly, calls: list[list[str]]
) -> None:
    deployment.deploy(paths, made, lambda _: None)
    moved = StagePaths(paths.state, Ports(shop=9000))

    assert not deployment.is_deployed(moved, made)
    deployment.deploy(moved, made, lambda _: None)

    assert deployment.is_deployed(moved, made)
    assert calls[-1][-2:] == ["--parameters", "ecom67-local-notifications:ShopUrl=http://localhost:9000"]


def test_one_service_is_deployed_alone(paths: StagePaths, made: Assembly, calls: list[list[str]]) -> None:
    deployment.deploy_one(paths, made, "edge")

    assert calls[-1][:3] == ["deploy", "--exclusively", "ecom67-local-edge"]
    assert "--parameters" not in calls[-1]
    assert not deployment.is_deployed(paths, made)


def test_the_service_that_sends_mails_is_deployed_with_the_shops_address(
    paths: StagePaths, made: Assembly, calls: list[list[str]]
) -> None:
    (made.folder / "ecom67-local-notifications.template.json").write_text("{}")

    deployment.deploy_one(StagePaths(paths.state, Ports(shop=9000)), made, "notifications")

    assert calls[-1][-2:] == ["--parameters", "ecom67-local-notifications:ShopUrl=http://localhost:9000"]


def test_an_unknown_service_is_told_of_with_those_there_are(
    paths: StagePaths, made: Assembly, calls: list[list[str]]
) -> None:
    with pytest.raises(CliError, match=r"no service 'edgy'\. There are: bus, edge\."):
        deployment.deploy_one(paths, made, "edgy")

    assert calls == []
