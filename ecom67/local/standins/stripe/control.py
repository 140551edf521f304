"""The control calls of tests, under `/_…`: faults, webhooks, counts, reset. They need no API key."""

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ecom67.local.standins.stripe.answers import Json
from ecom67.local.standins.stripe.deliveries import MODES, Deliveries, Timing
from ecom67.local.standins.stripe.faults import ACTIONS, Faults, Match
from ecom67.local.standins.stripe.form import Form
from ecom67.local.standins.stripe.store import Store
from ecom67.local.standins.stripe.webhooks import Courier


class ControlError(ValueError):
    """A control call that cannot be understood; the text says why."""


class Control:
    """The control endpoints over one server's state."""

    def __init__(self, store: Store, deliveries: Deliveries, faults: Faults, courier: Courier) -> None:
        self._store = store
        self._deliveries = deliveries
        self._faults = faults
        self._courier = courier

    async def health(self, _: Request) -> Response:
        """Say that the server answers."""
        return JSONResponse({"status": "ok"})

    async def order_fault(self, request: Request) -> Response:
        """Order a fault, and answer it as it stands."""
        order = await _json(request, {"match", "action", "times", "ms"})
        action = str(order.get("action"))
        if action not in ACTIONS:
            raise ControlError(f"action must be one of: {', '.join(ACTIONS)}")
        times, ms = _count(order, "times", 1), _count(order, "ms", 0)
        fault = self._faults.order(_match(order.get("match", {})), action, times=times, ms=ms)
        return JSONResponse(fault.report(), 201)

    async def show_faults(self, _: Request) -> Response:
        """List the faults with how often each will still strike."""
        return JSONResponse({"faults": self._faults.report()})

    async def clear_faults(self, _: Request) -> Response:
        """Forget all faults."""
        self._faults.clear()
        return JSONResponse({"faults": []})

    async def show_webhooks(self, request: Request) -> Response:
        """Show how events travel, and all deliveries, or those of `?paymentIntent=`."""
        deliveries = self._deliveries.report(request.query_params.get("paymentIntent"))
        return JSONResponse({**self._webhook_settings(), "deliveries": deliveries})

    async def set_webhooks(self, request: Request) -> Response:
        """Set how events travel from now on; what is left out stays as it is."""
        settings = await _json(request, {"mode", "delayMs", "url"})
        now = self._deliveries.timing
        timing = Timing(settings.get("mode", now.mode), _count(settings, "delayMs", now.delay_ms))
        url = settings.get("url", self._courier.url)
        if timing.mode not in MODES:
            raise ControlError(f"mode must be one of: {', '.join(MODES)}")
        if url is not None and not re.match(r"https?://", str(url)):
            raise ControlError("url must be an http address, or null")
        self._deliveries.set_timing(timing)
        self._courier.url = url
        self._courier.wake()
        return JSONResponse(self._webhook_settings())

    async def release(self, _: Request) -> Response:
        """Make every waiting delivery due now."""
        released = self._deliveries.release()
        self._courier.wake()
        return JSONResponse({"released": released})

    async def count(self, request: Request) -> Response:
        """Count the money of all payments, or of those that carry `?metadata[name]=value`."""
        metadata = Form.parse(request.url.query).metadata()
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
        """Forget everything but the webhook's address."""
        self._store.clear()
        self._deliveries.timing = Timing()
        self._faults.clear()
        return JSONResponse({"status": "empty"})

    def _webhook_settings(self) -> Json:
        timing = self._deliveries.timing
        return {"mode": timing.mode, "delayMs": timing.delay_ms, "url": self._courier.url}


def _authorized(charge: Json) -> bool:
    return charge["status"] == "succeeded" and not charge["captured"] and not charge["refunded"]


async def _json(request: Request, names: set[str]) -> Json:
    try:
        body: Any = json.loads(await request.body())
    except ValueError as fault:
        raise ControlError("the body must be JSON") from fault
    return _members(body, names)


def _members(value: Any, names: set[str]) -> Json:
    if not isinstance(value, dict) or not value.keys() <= names:
        raise ControlError(f"an object with no other members than {', '.join(sorted(names))} is wanted")
    return value


def _count(order: Json, name: str, default: int) -> int:
    value = order.get(name, default)
    if type(value) is not int or value < 0:
        raise ControlError(f"{name} must be a whole number, 0 or more")
    return value


def _match(value: Any) -> Match:
    wanted = _members(value, {"path", "method", "paymentIntentMetadata", "body"})
    for name, condition in wanted.items():
        kind = dict if name == "paymentIntentMetadata" else str
        if not isinstance(condition, kind):
            raise ControlError(f"{name} must be {'an object' if kind is dict else 'a text'}")
    try:
        path = re.compile(wanted["path"]) if "path" in wanted else None
    except re.error as fault:
        raise ControlError(f"path is no regular expression: {fault}") from fault
    method = wanted["method"].upper() if "method" in wanted else None
    return Match(path, method, wanted.get("paymentIntentMetadata"), wanted.get("body"))
