from collections.abc import Iterator

import httpx
import pytest
import stripe

from tests.contract.stripe.standin import Control, Server, Subscriber, client, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@pytest.fixture
def control(server: Server) -> Iterator[Control]:
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        http.post("/_reset")
        http.post("/_config/webhooks", json={"url": None})
        yield Control(http)


@pytest.fixture
def api(server: Server, control: Control) -> stripe.StripeClient:
    return client(server.url)


@pytest.fixture
def subscriber(control: Control) -> Iterator[Subscriber]:
    listening = Subscriber()
    control.webhooks(url=listening.url)
    yield listening
    control.webhooks(url=None)
    listening.close()
