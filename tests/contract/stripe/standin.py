"""Shared by the contract tests of the Stripe stand-in: the server process, a subscriber, and polling."""

import http.server
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import stripe

from tests.deadlines import DEADLINE_SECONDS

KEY = "sk_test_placeholder"
SECRET = "whsec_placeholder"
CARD_ONLY: stripe.params.PaymentIntentCreateParams = {
    "amount": 1999,
    "currency": "usd",
    "allowed_payment_method_types": ["card"],
}

_Value = TypeVar("_Value")


def eventually(probe: Callable[[], _Value | None]) -> _Value:
    """Ask until the answer is truthy, within a deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        value = probe()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError("nothing came within the deadline")


def client(url: str, *, key: str = KEY, retries: int = 0, timeout: float = DEADLINE_SECONDS) -> stripe.StripeClient:
    """Make the official client for a stand-in at `url`; `timeout` is in seconds."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


class Server:
    """One running stand-in."""

    def __init__(self, state: Path, *options: str) -> None:
        command = [
            sys.executable,
            "-m",
            "ecom67.local.standins.stripe",
            "--state",
            str(state),
            "--webhook-secret",
            SECRET,
        ]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().rpartition(" ")[2].strip()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the process and give its exit code."""
        self.process.send_signal(how)
        code = self.process.wait(timeout=DEADLINE_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextmanager
def serving(state: Path, *options: str) -> Iterator[Server]:
    """Run a stand-in over a state directory."""
    server = Server(state, *options)
    try:
        yield server
    finally:
        if server.process.returncode is None:
            server.stop()


class Subscriber:
    """A webhook endpoint that checks every signature with the official library.

    `refusals` is how many deliveries it still answers with 500.
    """

    def __init__(self) -> None:
        self.events: list[stripe.Event] = []
        self.refusals = 0
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhook"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def types(self) -> list[str]:
        """Give the types of the accepted events in the order of arrival."""
        return [event.type for event in self.events]

    def expect(self, count: int) -> list[stripe.Event]:
        """Wait for so many accepted events, and give them in the order of arrival."""
        return eventually(lambda: self.events if len(self.events) >= count else None)

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        subscriber = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(subscriber.receive(payload, self.headers["Stripe-Signature"]))
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is inherited
                return

        return Handler

    def receive(self, payload: bytes, signature: str) -> int:
        """Check one delivery, and give the HTTP status to answer."""
        try:
            event = stripe.Webhook.construct_event(payload, signature, SECRET)
        except stripe.SignatureVerificationError:
            return 400
        if self.refusals:
            self.refusals -= 1
            return 500
        self.events.append(event)
        return 200


class Control:
    """The control calls of the stand-in."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def post(self, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
        """Send a control call that must succeed."""
        answer = self.http.post(path, json=body or {})
        assert answer.is_success, answer.text
        return dict(answer.json())

    def fault(self, action: str, **order: object) -> None:
        """Order a fault; without a match it strikes PaymentIntent calls."""
        self.post("/_config/faults", {"match": {"path": "/v1/payment_intents"}, "action": action, **order})

    def webhooks(self, **settings: object) -> None:
        """Set how events travel."""
        self.post("/_config/webhooks", settings)

    def money(self, **metadata: str) -> dict[str, int]:
        """Count charges and refunds, of all payments or of those that carry the metadata."""
        params = {f"metadata[{name}]": value for name, value in metadata.items()}
        state = self.http.get("/_state/payment_intents", params=params).json()
        return {
            "succeeded": state["charges"]["succeeded"],
            "failed": state["charges"]["failed"],
            "refunds": state["refunds"],
        }

    def deliveries(self) -> list[dict[str, object]]:
        """List the webhook deliveries in the order of creation."""
        return list(self.http.get("/_config/webhooks").json()["deliveries"])
