import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Control, Server, Subscriber, client, serving
from tests.deadlines import DEADLINE_SECONDS

PAID: stripe.params.PaymentIntentCreateParams = {**CARD_ONLY, "confirm": True, "payment_method": "pm_card_visa"}
SAME_KEY: stripe.RequestOptions = {"idempotency_key": "order-7"}


def test_health_needs_no_key(control: Control) -> None:
    assert control.http.get("/_health").json() == {"status": "ok"}


def test_it_listens_on_the_loopback_alone(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    assert server.url.startswith("http://127.0.0.1:")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=DEADLINE_SECONDS)


def test_reset_forgets_all(api: stripe.StripeClient, control: Control) -> None:
    first = api.v1.payment_intents.create(PAID, SAME_KEY)
    control.webhooks(mode="hold")
    control.fault("503", match={"path": "nowhere"})

    control.post("/_reset")

    assert api.v1.payment_intents.list().data == []
    assert api.v1.payment_intents.create(PAID, SAME_KEY).id != first.id
    assert control.http.get("/_config/webhooks").json()["mode"] == "normal"
    assert control.http.get("/_config/faults").json() == {"faults": []}


@dataclass
class Outlived:
    """A payment of a first run that has ended, and the second run over its state."""

    payment: stripe.PaymentIntent
    exit_code: int
    second: Server
    listening: Subscriber


@pytest.fixture
def outlived(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outlived]:
    first = Server(tmp_path)
    payment = client(first.url).v1.payment_intents.create(PAID, SAME_KEY)
    httpx.post(f"{first.url}/_config/webhooks", json={"mode": "duplicate"}, trust_env=False)
    exit_code = first.stop(request.param)
    listening = Subscriber()
    with serving(tmp_path, "--webhook-url", listening.url) as second:
        yield Outlived(payment, exit_code, second, listening)
    listening.close()


@pytest.mark.parametrize("outlived", [signal.SIGTERM, signal.SIGKILL], indirect=True)
def test_state_and_unsent_webhooks_outlive_the_server(outlived: Outlived) -> None:
    again = client(outlived.second.url)
    (event,) = outlived.listening.expect(1)
    assert event.data.object["id"] == outlived.payment.id
    assert again.v1.payment_intents.create(PAID, SAME_KEY).to_dict() == outlived.payment.to_dict()
    again.v1.refunds.create({"payment_intent": outlived.payment.id})
    outlived.listening.expect(5)
    assert [refund.amount for refund in again.v1.refunds.list()] == [1999]


@pytest.mark.parametrize("outlived", [signal.SIGTERM], indirect=True)
def test_a_stop_that_was_asked_for_is_no_failure(outlived: Outlived) -> None:
    assert outlived.exit_code == 0
