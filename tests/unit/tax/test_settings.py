"""The settings are read, and refused with a reason."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tax.settings import TaxSettingsError, parse_settings, read_settings, tax_settings

PLACE: dict[str, Any] = {
    "code": "CA",
    "name": "Canada",
    "prices": "exclusive",
    "delivery": "goods",
    "taxes": [{"name": "GST", "rate": "5"}],
    "reduced": {"food": []},
    "source": "the authority",
    "since": date(2008, 1, 1),
}
TABLES: dict[str, Any] = {
    "registered": ["CA"],
    "goods": {"food": {"products": ["beans"], "categories": ["pantry"]}},
    "places": [PLACE],
}


def changed(path: str, value: object) -> dict[str, Any]:
    tables = deepcopy(TABLES)
    *parents, name = [int(part) if part.isdigit() else part for part in path.split(".")]
    target: Any = tables
    for part in parents:
        target = target[part]
    target[name] = value
    return tables


def test_settings_that_say_everything_are_read() -> None:
    settings = parse_settings(TABLES)

    assert settings.calculator == "table"
    assert settings.kind_of("beans", "") == settings.kind_of("rice", "pantry") == "food"
    assert settings.kind_of("lamp", "lighting") == "standard"
    assert [tax.label for tax in settings.places["CA"].standard] == ["GST 5%"]


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("calculator", "abacus", "abacus"),
        ("registered", ["CA-ON"], "CA-ON"),
        ("places", [PLACE, PLACE], "same code"),
        ("places.0.code", "XX", "ISO 3166-1"),
        ("places.0.code", "Canada", "ISO 3166-1"),
        ("places.0.prices", "net", "net"),
        ("places.0.delivery", "never", "never"),
        ("places.0.taxes", [{"name": "GST", "rate": "5", "registration": "CA-QC"}], "CA-QC"),
        ("places.0.taxes", [{"name": "GST", "rate": "5.12345"}], "three decimals"),
        ("places.0.taxes", [{"name": "GST", "rate": "-5"}], "three decimals"),
        ("places.0.reduced", {"toys": []}, "toys"),
        ("places.0.since", "2008", "no day"),
        ("goods", {"food": {"products": ["beans"]}, "seeds": {"products": ["beans"]}}, "beans"),
        ("places", [PLACE, {**PLACE, "code": "CA-ON", "prices": "inclusive"}], "with tax in one place"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_the_reason(path: str, value: object, reason: str) -> None:
    with pytest.raises((ValueError, KeyError), match=reason):
        parse_settings(changed(path, value))


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tax.toml"
    file.write_text("registered = []\n")

    with pytest.raises(TaxSettingsError, match=r"tax\.toml.*places"):
        read_settings(file)


def test_a_rate_is_exact() -> None:
    quebec = tax_settings().places["CA-QC"]

    assert [(tax.label, tax.rate) for tax in quebec.standard] == [("GST 5%", 5_000), ("QST 9.975%", 9_975)]
