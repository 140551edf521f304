from pathlib import Path

import pytest

from ecom67.base import cdk
from ecom67.base.errors import CliError

EMULATED = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}


def _cdk_that(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "cdk"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(cdk, "_CDK", program)


def test_output_goes_to_the_log_and_to_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _cdk_that('echo "$1 of $AWS_ENDPOINT_URL"; echo done >&2', tmp_path, monkeypatch)
    seen: list[str] = []

    cdk.run(["deploy"], EMULATED, tmp_path / "logs" / "deploy.log", seen.append)

    assert seen == ["deploy of http://127.0.0.1:4566", "done"]
    assert (tmp_path / "logs" / "deploy.log").read_text().splitlines() == seen


def test_a_failure_is_told_of_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _cdk_that("echo no such bucket; exit 3", tmp_path, monkeypatch)

    with pytest.raises(CliError) as failed:
        cdk.run(["deploy"], EMULATED, tmp_path / "deploy.log")

    assert failed.value.message == "`cdk deploy` failed (exit code 3)."
    assert "  no such bucket" in str(failed.value)


@pytest.mark.parametrize("environment", [{}, {"AWS_ENDPOINT_URL": "https://sqs.us-east-1.amazonaws.com"}])
def test_without_an_emulator_nothing_runs(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cdk_that(f"touch {tmp_path}/ran", tmp_path, monkeypatch)

    with pytest.raises(CliError, match="AWS_ENDPOINT_URL"):
        cdk.run(["deploy"], environment, tmp_path / "deploy.log")

    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(("version", "sentence"), [("v18.19.0", "too old"), ("v20.11.1", None), ("v24.1.0", None)])
def test_node_has_to_be_new_enough(
    version: str, sentence: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cdk_that("", tmp_path, monkeypatch)
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    if sentence is None:
        assert cdk.check() == version
    else:
        with pytest.raises(CliError, match=sentence):
            cdk.check()


def test_a_missing_node_or_cdk_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdk, "_CDK", tmp_path / "none")
    with pytest.raises(CliError, match="make setup"):
        cdk.check()

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CliError, match=r"Node\.js is missing"):
        cdk.check()
