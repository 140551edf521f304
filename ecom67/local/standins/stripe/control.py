"""The control API for tests below `/_…`: faults, webhooks, counts, reset. It needs no API key."""

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ecom67.local.standins.stripe.deliveries import MODES, DeliveryQueue, DeliveryTiming
from ecom67.local.standins.stripe.faults import ACTIONS, CallMatcher, FaultRegistry
from ecom67.local.standins.stripe.form import RequestForm
from ecom67.local.standins.stripe.responses import Json
from ecom67.local.standins.stripe.store import ObjectStore
from ecom67.local.standins.stripe.webhooks import WebhookSender


class ControlError(ValueError):
    """An invalid control call; the message gives the reason."""


class ControlApi:
    """The endpoints of the control API."""

    def __init__(
        self, store: ObjectStore, deliveries: DeliveryQueue, faults: FaultRegistry, sender: WebhookSender
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._faults = faults
        self._sender = sender

    async def health(self, _: Request) -> Response:
        """Return the health of the server."""
        return JSONResponse({"status": "ok"})

    async def create_fault(self, request: Request) -> Response:
        """Add a fault and return it."""
        settings = await _json(request, {"match", "action", "times", "ms"})
        action = str(settings.get("action"))
        if action not in ACTIONS:
            raise ControlError(f"action must be one of: {', '.join(ACTIONS)}")
        times, ms = _count(settings, "times", 1), _count(settings, "ms", 0)
        fault = self._faults.add(_matcher(settings.get("match", {})), action, times=times, ms=ms)
        return JSONResponse(fault.report(), 201)

    async def show_faults(self, _: Request) -> Response:
        """Return the faults with their remaining number of calls."""
        return JSONResponse({"faults": self._faults.report()})

    async def clear_faults(self, _: Request) -> Response:
        """Delete all faults."""
        self._faults.clear()
        return JSONResponse({"faults": []})

    async def show_webhooks(self, request: Request) -> Response:
        """Return the webhook settings and all deliveries, or those of `?paymentIntent=`."""
        deliveries = self._deliveries.report(request.query_params.get("paymentIntent"))
        return JSONResponse({**self._webhook_settings(), "deliveries": deliveries})

    async def set_webhooks(self, request: Request) -> Response:
        """Change the settings for new webhooks; omitted ones keep their value."""
        settings = await _json(request, {"mode", "delayMs", "url"})
        current = self._deliveries.timing
        timing = DeliveryTiming(settings.get("mode", current.mode), _count(settings, "delayMs", current.delay_ms))
        url = settings.get("url", self._sender.url)
        if timing.mode not in MODES:
            raise ControlError(f"mode must be one of: {', '.join(MODES)}")
        if url is not None and not re.match(r"https?://", str(url)):
            raise ControlError("url must be an http address, or null")
        self._deliveries.set_timing(timing)
        self._sender.url = url
        self._sender.wake()
        return JSONResponse(self._webhook_settings())

    async def release(self, _: Request) -> Response:
        """Send all waiting deliveries now."""
        released = self._deliveries.release()
        self._sender.wake()
        return JSONResponse({"released": released})

    async def count(self, request: Request) -> Response:
        """Return counts and amounts of all payments, or of those with `?metadata[name]=value`."""
        metadata = RequestForm.parse(request.url.query).metadata()
        intents = self._store.matching("payment_intent", metadata)
        ids = {intent["id"] for intent in intents}
        charges = [charge for charge in self._store.matching("charge", {}) if charge["payment_intent"] in ids]
        refunds = [refund for refund in self._store.matching("refund", {}) if refund["payment_intent"] in ids]
        return JSONResponse(
            {
                "charges": {
                    "succeeded": sum(charge["captured"] for charge in charges),
                    "authorized": sum(_authorized(charge) for charge in charges),
                    "failed": sum(charge["status"] == "failed" for charge in charges),
                },
                "refunds": len(refunds),
                "amountCaptured": sum(charge["amount_captured"] for charge in charges),
                "amountRefunded": sum(refund["amount"] for refund in refunds),
                "paymentIntents": [
                    {name: intent[name] for name in ("id", "status", "amount", "currency", "metadata")}
                    for intent in intents
                ],
            }
        )

    async def reset(self, _: Request) -> Response:
        """Delete everything except the URL of the webhook."""
        self._store.clear()
        self._deliveries.timing = DeliveryTiming()
        self._faults.clear()
        return JSONResponse({"status": "empty"})

    def _webhook_settings(self) -> Json:
        timing = self._deliveries.timing
        return {"mode": timing.mode, "delayMs": timing.delay_ms, "url": self._sender.url}


def _authorized(charge: Json) -> bool:
    return charge["status"] == "succeeded" and not charge["captured"] and not charge["refunded"]


async def _json(request: Request, names: set[str]) -> Json:
    try:
        body: Any = json.loads(await request.body())
    except ValueError as error:
        raise ControlError("the body must be JSON") from error
    return _members(body, names)


def _members(value: Any, names: set[str]) -> Json:
    if not isinstance(value, dict) or not value.keys() <= names:
        raise ControlError(f"an object with no other members than {', '.join(sorted(names))} is wanted")
    return value


def _count(settings: Json, name: str, default: int) -> int:
    value = settings.get(name, default)
    if type(value) is not int or value < 0:
        raise ControlError(f"{name} must be a whole number, 0 or more")
    return value


def _matcher(value: Any) -> CallMatcher:
    wanted = _members(value, {"path", "method", "paymentIntentMetadata", "body"})
    for name, condition in wanted.items():
        kind = dict if name == "paymentIntentMetadata" else str
        if not isinstance(condition, kind):
            raise ControlError(f"{name} must be {'an object' if kind is dict else 'a text'}")
    try:
        path = re.compile(wanted["path"]) if "path" in wanted else None
    except re.error as error:
        raise ControlError(f"path is no regular expression: {error}") from error
    method = wanted["method"].upper() if "method" in wanted else None
    return CallMatcher(path, method, wanted.get("paymentIntentMetadata"), wanted.get("body"))
