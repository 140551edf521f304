"""The processing of an API request: API key, fault injection, idempotency, transaction, response."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from contextlib import nullcontext

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.connection import HangUp, wait_for_caller
from ecom67.local.standins.stripe.deliveries import DeliveryQueue
from ecom67.local.standins.stripe.expansion import expand
from ecom67.local.standins.stripe.faults import OUTAGES, CallFacts, Fault, FaultRegistry
from ecom67.local.standins.stripe.form import RequestForm
from ecom67.local.standins.stripe.idempotency import IdempotencyCache, IdempotencyKey
from ecom67.local.standins.stripe.responses import ApiError, ApiResponse, error_response
from ecom67.local.standins.stripe.store import ObjectStore, new_id
from ecom67.local.standins.stripe.webhooks import WebhookSender

Endpoint = Callable[[Call], ApiResponse]

_API_VERSION = "2026-10-28.endive"
_FAULTS_BEFORE_EXECUTION = ("409", "429", "503")


class RequestPipeline:
    """Processes all API requests.

    Parameters:
        store, deliveries, faults: the state.
        sender: woken after each call, which may have raised events.
    """

    def __init__(
        self, store: ObjectStore, deliveries: DeliveryQueue, faults: FaultRegistry, sender: WebhookSender
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._faults = faults
        self._sender = sender
        self._cache = IdempotencyCache(store)

    def route(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """Return a Starlette endpoint for an API endpoint."""

        async def respond(request: Request) -> Response:
            request_id = new_id("req")
            try:
                return await self._handle(request, request_id, endpoint)
            except ApiError as error:
                return _response(error.response, request_id)

        return respond

    def call(self, request: Request, encoded: str, request_id: str | None) -> Call:
        """Return the call of a request; `encoded` contains its parameters."""
        return Call(
            store=self._store,
            deliveries=self._deliveries,
            form=RequestForm.parse(encoded),
            target=request.path_params.get("id", ""),
            request=request_id,
            idempotency_key=request.headers.get("idempotency-key"),
            api_version=request.headers.get("stripe-version", _API_VERSION),
            base_url=str(request.base_url).rstrip("/"),
        )

    async def _handle(self, request: Request, request_id: str, endpoint: Endpoint) -> Response:
        api_key = _api_key(request)
        body = await request.body()
        encoded = body.decode(errors="replace") if request.method == "POST" else request.url.query
        call = self.call(request, encoded, request_id)
        fault = self._faults.claim(_facts(request, encoded, call))
        if fault is not None and fault.action == "drop_before":
            return HangUp()
        if fault is not None and fault.action in _FAULTS_BEFORE_EXECUTION:
            return _response(OUTAGES[fault.action], request_id)
        key = None
        if request.method == "POST" and call.idempotency_key:
            identity = f"{request.method} {request.url.path}\n".encode() + body
            key = IdempotencyKey.of(api_key, call.idempotency_key, identity)
        return await self._respond_once(request, call, endpoint, key, fault)

    async def _respond_once(
        self, request: Request, call: Call, endpoint: Endpoint, key: IdempotencyKey | None, fault: Fault | None
    ) -> Response:
        with self._cache.claim(key) if key else nullcontext():
            stored = self._cache.find(key) if key else None
            response = stored.response if stored else self._execute(call, endpoint, key, fault)
            self._sender.wake()
            if fault is not None and fault.action == "slow":
                await wait_for_caller(request, fault.ms / 1000)
        if fault is not None and fault.action == "drop_after":
            return HangUp()
        headers = {"Idempotency-Key": key.value} if key else {}
        if stored:
            headers |= {"Idempotent-Replayed": "true", "Original-Request": stored.request}
        return _response(response, call.request or "", **headers)

    def _execute(self, call: Call, endpoint: Endpoint, key: IdempotencyKey | None, fault: Fault | None) -> ApiResponse:
        try:
            with self._store.transaction():
                response = OUTAGES["500"] if fault is not None and fault.action == "500" else endpoint(call)
                if response.status < 400:
                    expand(self._store, response.body, call.form.texts("expand"))
                self._remember(key, response, call)
        except ApiError as error:
            response = error.response
            if error.executed:
                with self._store.transaction():
                    self._remember(key, response, call)
        return response

    def _remember(self, key: IdempotencyKey | None, response: ApiResponse, call: Call) -> None:
        if key is not None:
            self._cache.store(key, response, call.request or "")


def unknown_url(request: Request) -> Response:
    """Return the error response for an unknown path or method."""
    message = f"The API has no call {request.method} {request.url.path}."
    return _response(error_response(404, "invalid_request_error", message), new_id("req"))


def _api_key(request: Request) -> str:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if scheme.lower() not in ("bearer", "basic") or not key.startswith("sk_test_"):
        message = "A secret test key (sk_test_…) is required, as a bearer token or as the user of basic authentication."
        raise ApiError(error_response(401, "invalid_request_error", message), executed=False)
    return key


def _facts(request: Request, encoded: str, call: Call) -> CallFacts:
    def metadata() -> dict[str, str]:
        payment = call.form.text("payment_intent") or call.target
        intent = call.store.get("payment_intent", payment)
        return intent["metadata"] if intent else call.form.metadata()

    return CallFacts(request.method, request.url.path, encoded, metadata)


def _response(response: ApiResponse, request_id: str, **headers: str) -> Response:
    return JSONResponse(response.body, response.status, {"Request-Id": request_id, **headers})
