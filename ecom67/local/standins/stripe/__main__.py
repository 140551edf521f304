"""Run the stand-in: `python -m ecom67.local.standins.stripe --port 4567 --state .local/stripe`."""

import argparse
import socket
from pathlib import Path

import uvicorn

from ecom67.local.serving import serve
from ecom67.local.standins.stripe.app import build
from ecom67.local.standins.stripe.connection import CuttableProtocol
from ecom67.local.standins.stripe.store import Store

_HOST = "127.0.0.1"
_SECONDS_TO_FINISH = 1


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish the running calls and exit with 0."""
    options = _options()
    listener = _listen(options.port)
    app = build(Store(options.state), webhook_secret=options.webhook_secret, webhook_url=options.webhook_url)
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    print(f"Stripe stand-in on http://{_HOST}:{listener.getsockname()[1]}", flush=True)
    serve(config, listener)


def _listen(port: int) -> socket.socket:
    # asyncio switches off Nagle's delay, 40 ms a call, only where the socket names its protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_HOST, port))
    listener.listen()
    return listener


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Local stand-in for Stripe.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one and prints it")
    parser.add_argument("--state", type=Path, required=True, help="directory of the state, made if missing")
    parser.add_argument("--webhook-url", help="where events are delivered; without it they wait")
    parser.add_argument("--webhook-secret", default="whsec_placeholder", help="signs the deliveries")
    return parser.parse_args()


if __name__ == "__main__":
    main()
