"""A handler in the sandbox can read, but neither write nor use the network."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bus.clients import client
from ecom67.events.sandbox import SandboxError, sandbox
from tests.deadlines import DEADLINE_SECONDS

pytestmark = pytest.mark.usefixtures("aws")


class Answering(BaseHTTPRequestHandler):
    """DynamoDB, in so far as an empty answer is its."""

    calls: list[str] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.calls.append(self.headers["X-Amz-Target"].partition(".")[2])
        body = json.dumps({}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    Answering.calls.clear()
    client.cache_clear()
    yield server
    client.cache_clear()
    server.shutdown()
    server.server_close()


def test_a_read_goes_through() -> None:
    with sandbox() as active:
        client("dynamodb").get_item(TableName="t", Key={"k": {"S": "1"}})

    assert Answering.calls == ["GetItem"]
    assert active.blocked == []


def test_a_write_is_stopped_before_it_is_sent_and_tells_what_it_was() -> None:
    with sandbox() as active, pytest.raises(SandboxError, match=r"dynamodb:PutItem .*the-table"):
        client("dynamodb").put_item(TableName="the-table", Item={"k": {"S": "1"}})

    assert Answering.calls == []
    assert len(active.blocked) == 1


def swallowing() -> None:
    try:
        client("sqs").send_message(QueueUrl="http://127.0.0.1/queue", MessageBody="m")
    except Exception as error:
        raise AssertionError("swallowed") from error


def test_no_handler_can_swallow_the_denial() -> None:
    with sandbox(), pytest.raises(SandboxError):
        swallowing()


def test_a_connection_of_its_own_is_stopped(aws: HTTPServer) -> None:
    with sandbox(), socket.socket() as own, pytest.raises(SandboxError, match="a connection to"):
        own.connect(("127.0.0.1", aws.server_port))


def test_afterwards_everything_is_allowed_again(aws: HTTPServer) -> None:
    with sandbox(), pytest.raises(SandboxError):
        client("dynamodb").put_item(TableName="t", Item={"k": {"S": "1"}})

    client("dynamodb").put_item(TableName="t", Item={"k": {"S": "1"}})
    socket.create_connection(("127.0.0.1", aws.server_port), timeout=DEADLINE_SECONDS).close()

    assert Answering.calls == ["PutItem"]
