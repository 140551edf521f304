"""Webhooks: signed deliveries in the background, with retries."""

import asyncio
import hashlib
import hmac
import json
import time

import httpx

from ecom67.local.standins.stripe.deliveries import DeliveryQueue, WebhookDelivery
from ecom67.local.standins.stripe.store import ObjectStore

_TIMEOUT_SECONDS = 10.0
_MAX_CONCURRENT_PAYMENTS = 8


def signature(payload: bytes, secret: str, timestamp: int) -> str:
    """Return the `Stripe-Signature` header of a payload sent at `timestamp` (Unix seconds)."""
    signed = f"{timestamp}.".encode() + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class WebhookSender:
    """Sends due deliveries: events of one payment in order, those of different payments concurrently.

    Parameters:
        store, deliveries: the events and their queue.
        secret: the signing secret.
        url: URL of the webhook; while it is None, deliveries wait.
    """

    def __init__(self, store: ObjectStore, deliveries: DeliveryQueue, secret: str, url: str | None) -> None:
        self.url = url
        self._store = store
        self._deliveries = deliveries
        self._secret = secret
        self._wake_up = asyncio.Event()
        self._semaphore = asyncio.Semaphore(_MAX_CONCURRENT_PAYMENTS)

    def wake(self) -> None:
        """Check for due deliveries now."""
        self._wake_up.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            while True:
                self._wake_up.clear()
                due = self._deliveries.due() if self.url else []
                if due:
                    await self._deliver_all(client, due)
                else:
                    await self._wait()

    async def _wait(self) -> None:
        seconds = self._deliveries.seconds_until_due() if self.url else None
        try:
            await asyncio.wait_for(self._wake_up.wait(), seconds)
        except TimeoutError:
            return

    async def _deliver_all(self, client: httpx.AsyncClient, due: list[WebhookDelivery]) -> None:
        lanes: dict[str, list[WebhookDelivery]] = {}
        for delivery in due:
            lanes.setdefault(delivery.payment, []).append(delivery)
        await asyncio.gather(*(self._deliver_lane(client, lane) for lane in lanes.values()))

    async def _deliver_lane(self, client: httpx.AsyncClient, lane: list[WebhookDelivery]) -> None:
        async with self._semaphore:
            for delivery in lane:
                accepted, outcome = await self._send(client, delivery)
                self._deliveries.settle(delivery, accepted=accepted, outcome=outcome)

    async def _send(self, client: httpx.AsyncClient, delivery: WebhookDelivery) -> tuple[bool, str]:
        event = self._store.get("event", delivery.event)
        if event is None or self.url is None:
            return True, "withdrawn"
        payload = json.dumps(event, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, self._secret, int(time.time())),
        }
        try:
            answer = await client.post(self.url, content=payload, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            return False, type(failure).__name__
        return answer.is_success, f"HTTP {answer.status_code}"
