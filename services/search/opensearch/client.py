"""The client of an OpenSearch domain, whose requests are signed, or of a local node."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import TransportError

from services.search.engine import EngineUnavailableError

TIMEOUT_SECONDS = 5
"""Seconds that a shopper waits for an engine that does not answer."""
REQUEST_ERRORS = (400, 404, 409)
"""Statuses of errors in the request, not in the engine."""


def create_client(url: str) -> OpenSearch:
    """Return a client.

    Parameters:
        url: URL of a domain (``https``, signed with the function's role) or of a node (``http``).
    """
    return OpenSearch(
        hosts=[url],
        http_auth=_signer() if url.startswith("https://") else None,
        http_compress=True,
        timeout=TIMEOUT_SECONDS,
        max_retries=0,
        pool_maxsize=4,
    )


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise EngineUnavailableError for every failure but those of the request itself."""
    try:
        yield
    except Unreachable as error:
        raise EngineUnavailableError(str(error)) from error
    except TransportError as error:
        if error.status_code in REQUEST_ERRORS:
            raise
        raise EngineUnavailableError(str(error)) from error


def _signer() -> object:
    # Imported here: a node needs no signer.
    import botocore.session
    from opensearchpy import Urllib3AWSV4SignerAuth

    credentials = botocore.session.get_session().get_credentials()
    return Urllib3AWSV4SignerAuth(credentials, os.environ["AWS_REGION"], "es")
