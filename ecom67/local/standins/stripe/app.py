"""The application: which path leads to which rule."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ecom67.local.standins.stripe import charges, events, payment_intents, payment_methods, refunds
from ecom67.local.standins.stripe.control import Control, ControlError
from ecom67.local.standins.stripe.deliveries import Deliveries
from ecom67.local.standins.stripe.faults import Faults
from ecom67.local.standins.stripe.gateway import Endpoint, Gateway, unknown_url
from ecom67.local.standins.stripe.store import Store
from ecom67.local.standins.stripe.three_d_secure import Bank
from ecom67.local.standins.stripe.webhooks import Courier

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


def build(store: Store, *, webhook_secret: str, webhook_url: str | None) -> Starlette:
    """Make the application over a store, which it closes when it stops.

    Parameters:
        store: the state.
        webhook_secret: signs the deliveries.
        webhook_url: receives them; None lets them wait.
    """
    deliveries, faults = Deliveries(store), Faults()
    courier = Courier(store, deliveries, webhook_secret, webhook_url)
    gateway = Gateway(store, deliveries, faults, courier)
    routes = [
        *(Route(path, gateway.route(endpoint), methods=[method]) for method, path, endpoint in API),
        *_bank_routes(Bank(store, gateway, courier)),
        *_control_routes(Control(store, deliveries, faults, courier)),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        delivering = asyncio.create_task(courier.run())
        yield
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        store.close()

    handlers = {ControlError: _explain, 404: _not_found, 405: _not_found}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)


def _bank_routes(bank: Bank) -> list[BaseRoute]:
    return [
        Route("/_3ds/{id}", bank.page, methods=["GET"]),
        Route("/_3ds/{id}", bank.decide, methods=["POST"]),
    ]


def _control_routes(control: Control) -> list[BaseRoute]:
    return [
        Route("/_health", control.health, methods=["GET"]),
        Route("/_config/faults", control.order_fault, methods=["POST"]),
        Route("/_config/faults", control.show_faults, methods=["GET"]),
        Route("/_config/faults", control.clear_faults, methods=["DELETE"]),
        Route("/_config/webhooks", control.set_webhooks, methods=["POST"]),
        Route("/_config/webhooks", control.show_webhooks, methods=["GET"]),
        Route("/_config/webhooks/release", control.release, methods=["POST"]),
        Route("/_state/payment_intents", control.count, methods=["GET"]),
        Route("/_reset", control.reset, methods=["POST"]),
    ]


async def _explain(_: Request, fault: Exception) -> Response:
    return JSONResponse({"error": str(fault)}, 400)


async def _not_found(request: Request, _: Exception) -> Response:
    return unknown_url(request)
