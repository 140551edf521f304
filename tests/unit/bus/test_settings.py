"""A function has all of its settings, or names those that it lacks and does not start."""

import pytest
from pydantic import ValidationError

from bus.settings import MissingSettingError, Settings


class StoreSettings(Settings):
    """Settings of a store."""

    stock_table: str
    lease_seconds: int
    mail_from: str = "shop@example.com"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STOCK_TABLE", "LEASE_SECONDS", "MAIL_FROM"):
        monkeypatch.delenv(name, raising=False)


def test_settings_come_from_the_environment_with_their_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCK_TABLE", "Stock")
    monkeypatch.setenv("LEASE_SECONDS", "60")
    monkeypatch.setenv("stock_table", "not this one")

    settings = StoreSettings.load()

    assert (settings.stock_table, settings.lease_seconds, settings.mail_from) == ("Stock", 60, "shop@example.com")


def test_every_missing_variable_is_named() -> None:
    with pytest.raises(MissingSettingError) as caught:
        StoreSettings.load()

    assert "STOCK_TABLE: Field required" in str(caught.value)
    assert "LEASE_SECONDS: Field required" in str(caught.value)
    assert __name__ in str(caught.value)


def test_a_value_of_the_wrong_kind_is_named_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCK_TABLE", "Stock")
    monkeypatch.setenv("LEASE_SECONDS", "hunter2")

    with pytest.raises(MissingSettingError, match="LEASE_SECONDS") as caught:
        StoreSettings.load()

    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCK_TABLE", "Stock")
    monkeypatch.setenv("LEASE_SECONDS", "60")

    with pytest.raises(ValidationError):
        StoreSettings.load().stock_table = "Other"  # type: ignore[misc]
