"""The addresses and ids of a stage, as ``ecom67 status --json`` prints them and the shop in the browser reads them."""

from collections.abc import Mapping

from ecom67.base.stage_names import LOCAL
from ecom67.local.stage_paths import REGION, StagePaths

WEBSOCKET_PATH = "/ws"
"""Path of the WebSocket on the shop's origin."""


def addresses(paths: StagePaths, published: Mapping[str, str]) -> dict[str, str | None]:
    """Return the addresses for ``ecom67 status --json``; an id is None while its service is not deployed.

    Parameters:
        paths: the stage's paths and ports.
        published: the parameters that its stacks have published.
    """
    return {
        "shop": paths.shop_url,
        "api": f"{paths.shop_url}/api",
        "ws": f"{paths.shop_url.replace('http', 'ws', 1)}{WEBSOCKET_PATH}" if has_chat(published) else None,
        "emulator": paths.emulator_url,
        "region": REGION,
        "userPoolId": published.get("identity/user-pool-id"),
        "userPoolClientId": published.get("identity/user-pool-client-id"),
        "stripe": paths.stripe_url,
        "mailbox": paths.mailbox_url,
        "stage": LOCAL,
    }


def client_settings(published: Mapping[str, str], emulator_url: str) -> dict[str, str | bool | None]:
    """Return ``/config.json``, the settings of the shop in the browser."""
    return {
        "stage": LOCAL,
        "region": REGION,
        "userPoolId": published.get("identity/user-pool-id"),
        "userPoolClientId": published.get("identity/user-pool-client-id"),
        # Absent in AWS, where the region determines the endpoint.
        "userPoolEndpoint": emulator_url,
        # Stripe's script needs a network: the local shop offers the test cards of the stand-in instead.
        "testCards": True,
        # A path on the shop's own origin, as in AWS.
        "ws": WEBSOCKET_PATH if has_chat(published) else None,
    }


def has_chat(published: Mapping[str, str]) -> bool:
    """Return whether the chat is deployed."""
    return "chat/websocket-api-id" in published


def websocket_url(emulator_url: str, published: Mapping[str, str]) -> str | None:
    """Return the URL of the WebSocket API on the emulator; None while the chat is not deployed."""
    if not has_chat(published):
        return None
    api_id, stage = published["chat/websocket-api-id"], published["chat/websocket-stage"]
    return f"{emulator_url.replace('http', 'ws', 1)}/_aws/execute-api/{api_id}/{stage}"
