"""Usage: ``python -m ecom67.local.standins.stripe --port 4567 --state .local/stripe``."""

import argparse
import socket
from pathlib import Path

import uvicorn

from ecom67.local.serving import serve
from ecom67.local.standins.stripe.app import build
from ecom67.local.standins.stripe.connection import CuttableProtocol
from ecom67.local.standins.stripe.store import ObjectStore

_HOST = "127.0.0.1"
_SHUTDOWN_SECONDS = 1


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish the running requests and exit with 0."""
    options = _options()
    listener = _listen(options.port)
    app = build(ObjectStore(options.state), webhook_secret=options.webhook_secret, webhook_url=options.webhook_url)
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    print(f"Stripe stand-in on http://{_HOST}:{listener.getsockname()[1]}", flush=True)
    serve(config, listener)


def _listen(port: int) -> socket.socket:
    # asyncio disables Nagle's algorithm, which costs 40 ms per call, only where the socket names its protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_HOST, port))
    listener.listen()
    return listener


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Local stand-in for Stripe.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 selects a free one and prints it")
    parser.add_argument("--state", type=Path, required=True, help="directory of the state, created if missing")
    parser.add_argument("--webhook-url", help="URL of the webhook; without it, events wait")
    parser.add_argument("--webhook-secret", default="whsec_placeholder", help="secret that signs the deliveries")
    return parser.parse_args()


if __name__ == "__main__":
    main()
