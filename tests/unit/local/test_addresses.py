from pathlib import Path

from infra.local.addresses import addresses, client_settings
from infra.local.layout import Layout

PUBLISHED = {"identity/user-pool-id": "pool-1", "identity/user-pool-client-id": "client-1"}


def test_the_status_has_every_key_before_anything_is_deployed(tmp_path: Path) -> None:
    found = addresses(Layout(tmp_path), {})

    assert list(found) == [
        *("shop", "api", "ws", "emulator", "region", "userPoolId", "userPoolClientId", "stripe", "mailbox", "stage")
    ]
    assert found["userPoolId"] is None
    assert found["api"] == "http://localhost:8067/api"


def test_the_browser_is_told_where_to_sign_in() -> None:
    settings = client_settings(PUBLISHED, "http://127.0.0.1:4566")

    assert settings["userPoolId"] == "pool-1"
    assert settings["userPoolClientId"] == "client-1"
    assert settings["userPoolEndpoint"] == "http://127.0.0.1:4566"
    assert settings["testCards"] is True
