"""The way of a call through the API: key, ordered fault, idempotency, one transaction, answer."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from contextlib import nullcontext

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ecom67.local.standins.stripe.answers import Answer, RefusedError, error
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.connection import HangUp, wait_for_caller
from ecom67.local.standins.stripe.deliveries import Deliveries
from ecom67.local.standins.stripe.expansion import expand
from ecom67.local.standins.stripe.faults import OUTAGES, Fault, Faults, Subject
from ecom67.local.standins.stripe.form import Form
from ecom67.local.standins.stripe.idempotency import Answers, Key
from ecom67.local.standins.stripe.store import Store, new_id
from ecom67.local.standins.stripe.webhooks import Courier

Endpoint = Callable[[Call], Answer]

_API_VERSION = "2026-10-28.endive"
_BEFORE_THE_API = ("429", "503")


class Gateway:
    """What every call of the API passes through.

    Parameters:
        store, deliveries, faults: the state that calls work on.
        courier: woken after each call, since it may have raised events.
    """

    def __init__(self, store: Store, deliveries: Deliveries, faults: Faults, courier: Courier) -> None:
        self._store = store
        self._deliveries = deliveries
        self._faults = faults
        self._courier = courier
        self._answers = Answers(store)

    def route(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """Make a Starlette endpoint of an API endpoint."""

        async def respond(request: Request) -> Response:
            request_id = new_id("req")
            try:
                return await self._handle(request, request_id, endpoint)
            except RefusedError as refusal:
                return _response(refusal.answer, request_id)

        return respond

    def call(self, request: Request, encoded: str, request_id: str | None) -> Call:
        """Describe a request to the rules; `encoded` holds its parameters."""
        return Call(
            store=self._store,
            deliveries=self._deliveries,
            form=Form.parse(encoded),
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
        fault = self._faults.take(_subject(request, encoded, call))
        if fault is not None and fault.action == "drop_before":
            return HangUp()
        if fault is not None and fault.action in _BEFORE_THE_API:
            return _response(OUTAGES[fault.action], request_id)
        key = None
        if request.method == "POST" and call.idempotency_key:
            identity = f"{request.method} {request.url.path}\n".encode() + body
            key = Key.of(api_key, call.idempotency_key, identity)
        return await self._answer_once(request, call, endpoint, key, fault)

    async def _answer_once(
        self, request: Request, call: Call, endpoint: Endpoint, key: Key | None, fault: Fault | None
    ) -> Response:
        with self._answers.claim(key) if key else nullcontext():
            kept = self._answers.find(key) if key else None
            answer = kept.answer if kept else self._execute(call, endpoint, key, fault)
            self._courier.wake()
            if fault is not None and fault.action == "slow":
                await wait_for_caller(request, fault.ms / 1000)
        if fault is not None and fault.action == "drop_after":
            return HangUp()
        headers = {"Idempotency-Key": key.value} if key else {}
        if kept:
            headers |= {"Idempotent-Replayed": "true", "Original-Request": kept.request}
        return _response(answer, call.request or "", **headers)

    def _execute(self, call: Call, endpoint: Endpoint, key: Key | None, fault: Fault | None) -> Answer:
        try:
            with self._store.transaction():
                answer = _broken(call) if fault is not None and fault.action == "500" else endpoint(call)
                if answer.status < 400:
                    expand(self._store, answer.body, call.form.texts("expand"))
                self._keep(key, answer, call)
        except RefusedError as refusal:
            answer = refusal.answer
            if refusal.executed:
                with self._store.transaction():
                    self._keep(key, answer, call)
        return answer

    def _keep(self, key: Key | None, answer: Answer, call: Call) -> None:
        if key is not None:
            self._answers.keep(key, answer, call.request or "")


def unknown_url(request: Request) -> Response:
    """Refuse a path or method that the API does not have."""
    message = f"The API has no call {request.method} {request.url.path}."
    return _response(error(404, "invalid_request_error", message), new_id("req"))


def _broken(_: Call) -> Answer:
    return OUTAGES["500"]


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
        raise RefusedError(error(401, "invalid_request_error", message), executed=False)
    return key


def _subject(request: Request, encoded: str, call: Call) -> Subject:
    def metadata() -> dict[str, str]:
        payment = call.form.text("payment_intent") or call.target
        intent = call.store.get("payment_intent", payment)
        return intent["metadata"] if intent else call.form.metadata()

    return Subject(request.method, request.url.path, encoded, metadata)


def _response(answer: Answer, request_id: str, **headers: str) -> Response:
    return JSONResponse(answer.body, answer.status, {"Request-Id": request_id, **headers})
