"""The HTTP application and its routes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ecom67.local.standins.stripe import charges, events, payment_intents, payment_methods, refunds
from ecom67.local.standins.stripe.control import ControlApi, ControlError
from ecom67.local.standins.stripe.deliveries import DeliveryQueue
from ecom67.local.standins.stripe.faults import FaultRegistry
from ecom67.local.standins.stripe.pipeline import Endpoint, RequestPipeline, unknown_url
from ecom67.local.standins.stripe.store import ObjectStore
from ecom67.local.standins.stripe.three_d_secure import Bank
from ecom67.local.standins.stripe.webhooks import WebhookSender

API: tuple[tuple[str, str, Endpoint], ...] = (
    ("POST", "/v1/payment_intents", payment_intents.create),
    ("GET", "/v1/payment_intents", payment_intents.list_all),
    ("GET", "/v1/payment_intents/{id}", payment_intents.retrieve),
    ("POST", "/v1/payment_intents/{id}/confirm", payment_intents.confirm),
    ("POST", "/v1/payment_intents/{id}/capture", payment_intents.capture),
    ("POST", "/v1/payment_intents/{id}/cancel", payment_intents.cancel),
    ("POST", "/v1/payment_methods", payment_methods.create),
    ("GET", "/v1/payment_methods/{id}", payment_methods.retrieve),
    ("GET", "/v1/charges", charges.list_all),
    ("GET", "/v1/charges/{id}", charges.retrieve),
    ("POST", "/v1/refunds", refunds.create),
    ("GET", "/v1/refunds", refunds.list_all),
    ("GET", "/v1/refunds/{id}", refunds.retrieve),
    ("GET", "/v1/events", events.list_all),
    ("GET", "/v1/events/{id}", events.retrieve),
)


def build(store: ObjectStore, *, webhook_secret: str, webhook_url: str | None) -> Starlette:
    """Return the application.

    Parameters:
        store: the state; closed at shutdown.
        webhook_secret: secret that signs the webhooks.
        webhook_url: URL that receives them; None lets them wait.
    """
    deliveries, faults = DeliveryQueue(store), FaultRegistry()
    sender = WebhookSender(store, deliveries, webhook_secret, webhook_url)
    pipeline = RequestPipeline(store, deliveries, faults, sender)
    routes = [
        *(Route(path, pipeline.route(endpoint), methods=[method]) for method, path, endpoint in API),
        *_bank_routes(Bank(store, pipeline, sender)),
        *_control_routes(ControlApi(store, deliveries, faults, sender)),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        delivering = asyncio.create_task(sender.run())
        yield
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        store.close()

    handlers = {ControlError: _bad_request, 404: _not_found, 405: _not_found}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)


def _bank_routes(bank: Bank) -> list[BaseRoute]:
    return [
        Route("/_3ds/{id}", bank.page, methods=["GET"]),
        Route("/_3ds/{id}", bank.decide, methods=["POST"]),
    ]


def _control_routes(control: ControlApi) -> list[BaseRoute]:
    return [
        Route("/_health", control.health, methods=["GET"]),
        Route("/_config/faults", control.create_fault, methods=["POST"]),
        Route("/_config/faults", control.show_faults, methods=["GET"]),
        Route("/_config/faults", control.clear_faults, methods=["DELETE"]),
        Route("/_config/webhooks", control.set_webhooks, methods=["POST"]),
        Route("/_config/webhooks", control.show_webhooks, methods=["GET"]),
        Route("/_config/webhooks/release", control.release, methods=["POST"]),
        Route("/_state/payment_intents", control.count, methods=["GET"]),
        Route("/_reset", control.reset, methods=["POST"]),
    ]


async def _bad_request(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


async def _not_found(request: Request, _: Exception) -> Response:
    return unknown_url(request)
