"""The addresses and ids of a stage: what ``ecom67 status --json`` prints, and what the shop in the browser reads."""

from collections.abc import Mapping

from ecom67.base.stage_names import LOCAL
from ecom67.local.stage_paths import REGION, StagePaths

WEBSOCKET = "/ws"
"""The path of the WebSocket on the one origin."""


def addresses(paths: StagePaths, published: Mapping[str, str]) -> dict[str, str | None]:
    """Return what ``ecom67 status --json`` prints; an id is None while its service is not deployed.

    Parameters:
        paths: of the stage.
        published: by its stacks.
    """
    return {
        "shop": paths.shop_url,
        "api": f"{paths.shop_url}/api",
        "ws": f"{paths.shop_url.replace('http', 'ws', 1)}{WEBSOCKET}" if has_chat(published) else None,
        "emulator": paths.emulator_url,
        "region": REGION,
        "userPoolId": published.get("identity/user-pool-id"),
        "userPoolClientId": published.get("identity/user-pool-client-id"),
        "stripe": paths.stripe_url,
        "mailbox": paths.mailbox_url,
        "stage": LOCAL,
    }


def client_settings(published: Mapping[str, str], emulator_url: str) -> dict[str, str | bool | None]:
    """Return ``/config.json``: what the shop in the browser has to know of its stage."""
    return {
        "stage": LOCAL,
        "region": REGION,
        "userPoolId": published.get("identity/user-pool-id"),
        "userPoolClientId": published.get("identity/user-pool-client-id"),
        # In AWS the region tells the endpoint, and this is absent.
        "userPoolEndpoint": emulator_url,
        # Stripe's script cannot be had without a network: the shop offers test cards, which the stand-in knows.
        "testCards": True,
        # A path of the one origin, as in AWS.
        "ws": WEBSOCKET if has_chat(published) else None,
    }


def has_chat(published: Mapping[str, str]) -> bool:
    """Say whether the chat is deployed."""
    return "chat/websocket-api-id" in published


def websocket_url(emulator_url: str, published: Mapping[str, str]) -> str | None:
    """Return the WebSocket API's address on the emulator; None while it is not deployed."""
    if not has_chat(published):
        return None
    api_id, stage = published["chat/websocket-api-id"], published["chat/websocket-stage"]
    return f"{emulator_url.replace('http', 'ws', 1)}/_aws/execute-api/{api_id}/{stage}"
