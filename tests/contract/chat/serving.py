"""The stand-in for Bedrock in this process, on a free port, over the shop's own help documents."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import botocore.session
import uvicorn
from botocore.config import Config

from ecom67.help import documents
from ecom67.local.standins.bedrock.app import Bedrock
from ecom67.local.standins.bedrock.demo import DemoModel
from ecom67.local.standins.bedrock.documents import BucketObject, LocalKnowledgeBase
from ecom67.local.standins.bedrock.ranking import Ranking
from tests.deadlines import DEADLINE_SECONDS

_SESSION = botocore.session.get_session()
_CLIENTS: dict[tuple[str, str], Any] = {}


def help_objects() -> Sequence[BucketObject]:
    """Return the bucket of the knowledge base, as the shop publishes it."""
    return [
        BucketObject(f"s3://help/{key}", content.decode())
        for document in documents.load_documents()
        for key, content, _ in document.objects()
    ]


@contextmanager
def serving(ranking: Ranking) -> Iterator[str]:
    """Serve the stand-in; give its address."""
    objects = iter([help_objects()])
    bedrock = Bedrock(LocalKnowledgeBase(ranking, lambda: next(objects, None)), DemoModel(ranking))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(bedrock.app(), log_level="critical", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        while _CLIENTS:
            _CLIENTS.popitem()[1].close()
        server.should_exit = True
        thread.join()
        listener.close()


def client(service: str, url: str) -> Any:
    """Return the SDK's client of a service at an address, with the attempts of the chat."""
    if (service, url) not in _CLIENTS:
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 2},
            connect_timeout=DEADLINE_SECONDS,
            read_timeout=DEADLINE_SECONDS,
            proxies={},
        )
        _CLIENTS[service, url] = _SESSION.create_client(
            service,
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=config,
        )
    return _CLIENTS[service, url]
