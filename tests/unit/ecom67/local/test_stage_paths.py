import json
from pathlib import Path

import pytest

from ecom67.base.errors import CliError
from ecom67.local.stage_paths import Ports, StagePaths


def test_a_stage_remembers_its_ports(tmp_path: Path) -> None:
    StagePaths(tmp_path, Ports(shop=1, emulator=2, stripe=3)).save_ports()

    assert StagePaths.at(tmp_path).ports == Ports(shop=1, emulator=2, stripe=3)


def test_a_new_stage_has_the_usual_ports(tmp_path: Path) -> None:
    paths = StagePaths.at(tmp_path / "new")

    assert paths.shop_url == "http://localhost:8067"
    assert paths.emulator_url == "http://127.0.0.1:4566"
    assert paths.stripe_url == "http://127.0.0.1:12111"


def test_the_shop_may_move_and_the_emulator_only_without_data(tmp_path: Path) -> None:
    paths = StagePaths(tmp_path, Ports(shop=1, emulator=2, stripe=3))

    assert paths.with_ports(None, 5, None).ports == Ports(shop=1, emulator=5, stripe=3)
    paths.emulator_data.mkdir()
    assert paths.with_ports(4, 2, None).ports == Ports(shop=4, emulator=2, stripe=3)
    with pytest.raises(CliError, match="Keep that port"):
        paths.with_ports(None, 5, None)


def test_the_environment_means_the_emulator_whatever_the_laptop_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "https://sqs.example")
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "123456789012")
    monkeypatch.setenv("NO_PROXY", "intranet")

    environment = StagePaths(tmp_path).environment()

    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert environment["NO_PROXY"] == "intranet,localhost,127.0.0.1"
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SQS", "CDK_DEFAULT_ACCOUNT"} & environment.keys()


def test_what_is_remembered_is_readable(tmp_path: Path) -> None:
    StagePaths(tmp_path).save_ports()

    assert json.loads((tmp_path / "ports.json").read_text()) == {"shop": 8067, "emulator": 4566, "stripe": 12111}
