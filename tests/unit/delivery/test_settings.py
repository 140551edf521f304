"""The settings are read, and refused with a reason."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from delivery.settings import DeliverySettings, DeliverySettingsError, parse_settings, read_settings
from delivery.weight import read_grams

METHOD: dict[str, Any] = {"id": "standard", "name": "Standard", "price": 1, "days": [1, 2], "goods": ["parcel"]}
ZONE: dict[str, Any] = {"id": "home", "name": "home", "countries": ["US"], "methods": [METHOD]}
TABLES: dict[str, Any] = {
    "currency": "USD",
    "dispatch": {"time_zone": "UTC", "cut_off": "12:30", "holidays": [{"name": "May Day", "month": 5, "day": 1}]},
    "zones": [ZONE],
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

    assert settings.dispatch.cut_off == 12 * 60 + 30
    assert settings.countries == ["US"]
    assert settings.usual_method.free_from is None


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("zones", [], "no zone"),
        ("zones", [ZONE, ZONE], "same id"),
        ("zones.0.methods", [], "no method"),
        ("zones.0.methods", [METHOD, METHOD], "same id"),
        ("zones.0.countries", ["XX"], "ISO 3166-1"),
        ("zones.0.methods.0.goods", ["crates"], "crates"),
        ("zones.0.methods.0.days", [3, 2], "3 to 2 days"),
        ("zones.0.methods.0.price", -1, "greater than or equal"),
        ("dispatch.holidays", [{"month": 5}], "neither day nor weekday"),
        ("dispatch.cut_off", "noon", "noon"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_the_reason(path: str, value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_settings(changed(path, value))


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "delivery.toml"
    file.write_text("currency = 'USD'\n")

    with pytest.raises(DeliverySettingsError, match=r"delivery\.toml.*zones"):
        read_settings(file)


@pytest.mark.parametrize(
    ("attribute", "kind"),
    [("", "parcel"), ("freight", "freight"), ("Freight, contiguous US only", "freight"), ("letter", "parcel")],
)
def test_the_kind_of_goods_is_a_word_of_the_products_attribute(
    settings: DeliverySettings, attribute: str, kind: str
) -> None:
    assert settings.kind_of(attribute) == kind


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        *[("5.4 kg", 5400), ("850 g", 850), ("0,5 kg", 500), ("2 lb", 908), ("12 oz", 341), ("720 g each", 720)],
        *[("1,200 g", 1200), ("1 200 g", 1200), ("1,200.5 g", 1201), ("1,5 kg", 1500), ("0,750 kg", 750)],
        *[
            ("2 lb 4 oz", 1021),
            ("2 lbs., 4 oz.", 1021),
            ("1 kg and 200 g", 1200),
            ("2 pounds", 908),
            ("5 lb (2.3 kg)", 2268),
        ],
        *[("3 × 110 g", 330), ("500 g/m²", None), ("", None), ("light", None), ("1.2.3 kg", None), ("1,2000 g", None)],
    ],
)
def test_a_weight_is_read_from_the_products_attribute(text: str, grams: int | None) -> None:
    assert read_grams(text) == grams
