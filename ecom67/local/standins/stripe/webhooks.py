"""Webhooks: signed deliveries in the background, tried again until the subscriber accepts them."""

import asyncio
import hashlib
import hmac
import json
import time

import httpx

from ecom67.local.standins.stripe.deliveries import Deliveries, Delivery
from ecom67.local.standins.stripe.store import Store

_TIMEOUT_SECONDS = 10.0
_PAYMENTS_AT_A_TIME = 8


def signature(payload: bytes, secret: str, timestamp: int) -> str:
    """Make the `Stripe-Signature` header of a payload sent at `timestamp` (Unix seconds)."""
    signed = f"{timestamp}.".encode() + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class Courier:
    """Sends what is due. Events of one payment go one after the other, those of different payments side by side.

    Parameters:
        store, deliveries: where the events and their queue are.
        secret: the signing secret that the subscriber knows.
        url: the subscriber; while it is None, deliveries wait.
    """

    def __init__(self, store: Store, deliveries: Deliveries, secret: str, url: str | None) -> None:
        self.url = url
        self._store = store
        self._deliveries = deliveries
        self._secret = secret
        self._news = asyncio.Event()
        self._free = asyncio.Semaphore(_PAYMENTS_AT_A_TIME)

    def wake(self) -> None:
        """Say that something may have become due."""
        self._news.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            while True:
                self._news.clear()
                due = self._deliveries.due() if self.url else []
                if due:
                    await self._deliver_all(client, due)
                else:
                    await self._rest()

    async def _rest(self) -> None:
        seconds = self._deliveries.seconds_until_due() if self.url else None
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return

    async def _deliver_all(self, client: httpx.AsyncClient, due: list[Delivery]) -> None:
        lanes: dict[str, list[Delivery]] = {}
        for delivery in due:
            lanes.setdefault(delivery.payment, []).append(delivery)
        await asyncio.gather(*(self._deliver_lane(client, lane) for lane in lanes.values()))

    async def _deliver_lane(self, client: httpx.AsyncClient, lane: list[Delivery]) -> None:
        async with self._free:
            for delivery in lane:
                accepted, outcome = await self._send(client, delivery)
                self._deliveries.settle(delivery, accepted=accepted, outcome=outcome)

    async def _send(self, client: httpx.AsyncClient, delivery: Delivery) -> tuple[bool, str]:
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
