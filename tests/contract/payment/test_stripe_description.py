"""Stripe's own description of its API takes every call that the gateway makes, and refuses those that are wrong.

It describes the version before that of the SDK, of 2026-08-26: the newest that is published with the program.
"""

import ast
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
import requests

from ecom67.local.stage_paths import HOST
from infra.constructs.paths import ROOT
from schemas.contract import Money
from services.payment.credentials import Credentials
from services.payment.domain import ForeignObjectError, Payment, PaymentStatus
from services.payment.gateway import StripeGateway
from tests.contract.stripe.standin import KEY, SECRET, eventually
from tests.free_ports import free_ports
from tests.go_programs import STRIPE_MOCK

GATEWAY = ROOT / "services" / "payment" / "gateway.py"
PAYMENT = Payment(
    order_id="order-1",
    status=PaymentStatus.PENDING,
    opened_at=1_800_000_000,
    attempted_at=1_800_000_000,
    user_id="ada",
    amount=Money(amount=5499),
    payment_method_id="pm_card_visa",
    correlation_id="the-request",
    causation_id="its-cause",
)
ACCEPTED, REFUSED, UNKNOWN = 200, 400, 404
PATHS = {"create": "POST", "cancel": "POST", "retrieve": "GET", "list": "GET"}


@dataclass(frozen=True)
class Call:
    """A request as the SDK sent it.

    Attributes:
        method: of HTTP.
        path: without its query.
        parameters: those of the body, or of the query.
        headers: of the request.
        status: of the answer.
    """

    method: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    status: int

    def again(self, url: str, *, path: str | None = None, parameters: tuple[tuple[str, str], ...] | None = None) -> int:
        """Return the status that the same request gets with another path or other parameters."""
        encoded = urlencode(self.parameters if parameters is None else parameters)
        answer = httpx.request(
            self.method,
            f"{url}{path or self.path}" + (f"?{encoded}" if self.method == "GET" else ""),
            content=encoded if self.method == "POST" else None,
            headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-www-form-urlencoded"},
            trust_env=False,
        )
        return answer.status_code


@pytest.fixture(scope="module")
def stripe_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Stripe's description, as a server that judges each request by it."""
    program, ports = STRIPE_MOCK.build_or_skip(), free_ports()
    addresses = ["-http-addr", f"{HOST}:{ports.stripe}", "-https-addr", f"{HOST}:{ports.shop}"]
    log = tmp_path_factory.mktemp("stripe-mock") / "log"
    with log.open("w") as output:
        process = subprocess.Popen([str(program), *addresses], stdout=output, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: _listens(process, log))
        yield f"http://{HOST}:{ports.stripe}"
    finally:
        process.terminate()
        process.wait()


def _listens(process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return "Listening for HTTPS" in log.read_text()


@pytest.fixture(scope="module")
def calls(stripe_url: str) -> list[Call]:
    """Return every call of the gateway, with each of its parameters."""
    made: list[Call] = []
    send = requests.Session.send

    def send_and_keep(
        session: requests.Session, request: requests.PreparedRequest, **options: object
    ) -> requests.Response:
        answer = send(session, request, **options)  # type: ignore[arg-type]
        url = urlsplit(request.url or "")
        given = str(request.body) if request.body else url.query
        path, parameters = str(url.path), tuple(parse_qsl(str(given)))
        made.append(Call(request.method or "", path, parameters, dict(request.headers), answer.status_code))
        return answer

    gateway = StripeGateway(lambda: Credentials(api_key=KEY, webhook_secret=SECRET, api_base=stripe_url))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", send_and_keep)
        # The answers are examples, of no order of ours: only the calls are judged.
        for call in (
            lambda: gateway.charge(PAYMENT),
            lambda: gateway.retrieve_intent("pi_1"),
            lambda: gateway.cancel_intent("pi_1"),
            lambda: gateway.find_intent("order-1", since=1_800_000_000),
            lambda: gateway.refund("pi_1", None, order_id="order-1", request_id="whole"),
            lambda: gateway.refund("pi_1", Money(amount=100), order_id="order-1", request_id="part", attempt=2),
            lambda: gateway.find_refund("pi_1", order_id="order-1", request_id="whole"),
        ):
            with suppress(ForeignObjectError):
                call()
    return made


def calls_in_code() -> set[tuple[str, str]]:
    """Return the calls of Stripe's API that the gateway's code has: resource and verb."""
    found = set()
    for node in ast.walk(ast.parse(GATEWAY.read_text())):
        match node:
            case ast.Attribute(attr=verb, value=ast.Attribute(attr=resource, value=ast.Attribute(attr="_api"))):
                found.add((resource, verb))
    return found


def test_every_call_of_the_gateway_is_accepted(calls: list[Call]) -> None:
    made = {(call.path.split("/")[2], call.method) for call in calls}

    assert made == {(resource, PATHS[verb]) for resource, verb in calls_in_code()}
    assert [call for call in calls if call.status != ACCEPTED] == []


def test_a_call_with_a_parameter_that_stripe_does_not_know_is_refused(calls: list[Call], stripe_url: str) -> None:
    for call in calls:
        assert call.again(stripe_url) == ACCEPTED, call
        assert call.again(stripe_url, parameters=(*call.parameters, ("amounts", "1"))) == REFUSED, call
        for name, value in call.parameters:
            if not name.startswith("metadata["):
                others = tuple(given for given in call.parameters if given[0] != name)
                assert call.again(stripe_url, parameters=(*others, (f"x{name}", value))) == REFUSED, (call, name)


def test_a_call_with_a_value_of_another_type_is_refused(calls: list[Call], stripe_url: str) -> None:
    judged = 0
    for call in calls:
        for place, (name, value) in enumerate(call.parameters):
            if value.isdigit() or value in ("True", "true"):
                parameters = (*call.parameters[:place], (name, "much"), *call.parameters[place + 1 :])
                assert call.again(stripe_url, parameters=parameters) == REFUSED, (call, name)
                judged += 1

    assert judged >= 5


def test_a_call_of_another_address_is_unknown(calls: list[Call], stripe_url: str) -> None:
    for call in calls:
        assert call.again(stripe_url, path=call.path.replace("/v1/", "/v1/x")) == UNKNOWN, call
