from pathlib import Path

from ecom67.local.addresses import addresses, client_settings, websocket_url
from ecom67.local.stage_paths import StagePaths

PUBLISHED = {"identity/user-pool-id": "pool-1", "identity/user-pool-client-id": "client-1"}


def test_the_status_has_every_key_before_anything_is_deployed(tmp_path: Path) -> None:
    found = addresses(StagePaths(tmp_path), {})

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


def test_the_chat_is_on_the_one_origin_once_it_is_deployed(tmp_path: Path) -> None:
    published = {"chat/websocket-api-id": "w1", "chat/websocket-stage": "ws"}

    assert addresses(StagePaths(tmp_path), published)["ws"] == "ws://localhost:8067/ws"
    assert client_settings(published, "http://127.0.0.1:4566")["ws"] == "/ws"
    assert client_settings(PUBLISHED, "http://127.0.0.1:4566")["ws"] is None
    assert websocket_url("http://127.0.0.1:4566", published) == "ws://127.0.0.1:4566/_aws/execute-api/w1/ws"
    assert websocket_url("http://127.0.0.1:4566", {}) is None
