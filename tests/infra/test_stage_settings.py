"""What the owner chooses in ``stages/<name>.toml``: read strictly, and refused with a sentence."""

import json
from pathlib import Path

import pytest

from infra.stage_settings import main, read_settings

SETTINGS = """
region = "us-east-1"
mail_from = "shop@example.com"
model_id = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
"""
CERTIFICATE = 'certificate_arn = "arn:aws:acm:us-east-1:111111111111:certificate/1"\n'


def write(folder: Path, text: str) -> Path:
    (folder / "dev.toml").write_text(text)
    return folder


def test_settings_are_read(tmp_path: Path) -> None:
    text = SETTINGS + 'account = "111111111111"\nalarm_emails = ["ops@example.com"]\ndomain = "shop.example.com"\n'

    settings = read_settings("dev", write(tmp_path, text + CERTIFICATE))

    assert settings.account == "111111111111"
    assert settings.alarm_emails == ["ops@example.com"]
    assert settings.domain == "shop.example.com"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "region: Field required; mail_from: Field required; model_id: Field required"),
        (SETTINGS + "colour = 1", "colour: Extra inputs are not permitted"),
        (SETTINGS + "account = 111111111111", "account: Input should be a valid string"),
        (SETTINGS.replace("shop@example.com", "shop"), "mail_from: String should match"),
        (SETTINGS + CERTIFICATE, "domain and certificate_arn are given together or not at all"),
        (SETTINGS + CERTIFICATE + 'domain = "https://shop.example.com"', "domain: String should match"),
        (SETTINGS.replace("us-east-1", "eu-central-1"), "cannot be invoked from eu-central-1; use us-east-1"),
        ("region =", "is not TOML"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^stages/dev\.toml") as raised:
        read_settings("dev", write(tmp_path, text))

    assert sentence in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"stages/dev\.toml is missing"):
        read_settings("dev", tmp_path)


def test_a_model_of_the_regions_geography_is_accepted(tmp_path: Path) -> None:
    text = SETTINGS.replace("us-east-1", "eu-central-1").replace('"us.', '"eu.')

    assert read_settings("dev", write(tmp_path, text)).region == "eu-central-1"


def test_placeholders_are_named(tmp_path: Path) -> None:
    text = SETTINGS.replace("shop@example.com", "shop@ecom67.example") + 'alarm_emails = ["ops@shop.example"]\n'

    assert read_settings("dev", write(tmp_path, text)).placeholders == ["mail_from", "alarm_emails"]


def test_settings_are_printed_for_other_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("dev") == 0
    assert json.loads(capsys.readouterr().out)["stripe_mode"] == "test"
    assert main("none") == 1
    assert capsys.readouterr().err == "stages/none.toml is missing; stages/dev.toml shows what it holds\n"
