"""The client of a domain, which signs what it sends, or of a node on this machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import TransportError

from services.search.engine import EngineUnavailableError

ANSWER_SECONDS = 5
"""How long a shopper waits for an engine that does not answer."""
ASKED_WRONGLY = (400, 404, 409)


def opened(url: str) -> OpenSearch:
    """Return the client of an engine.

    Parameters:
        url: of a domain (``https``, signed with the function's role) or a node (``http``).
    """
    return OpenSearch(
        hosts=[url],
        http_auth=_signer() if url.startswith("https://") else None,
        http_compress=True,
        timeout=ANSWER_SECONDS,
        max_retries=0,
        pool_maxsize=4,
    )


@contextmanager
def available() -> Iterator[None]:
    """Turn every failure that is not an answer about the request itself into EngineUnavailableError."""
    try:
        yield
    except Unreachable as error:
        raise EngineUnavailableError(str(error)) from error
    except TransportError as error:
        if error.status_code in ASKED_WRONGLY:
            raise
        raise EngineUnavailableError(str(error)) from error


def _signer() -> object:
    # Only a domain needs them.
    import botocore.session
    from opensearchpy import Urllib3AWSV4SignerAuth

    credentials = botocore.session.get_session().get_credentials()
    return Urllib3AWSV4SignerAuth(credentials, os.environ["AWS_REGION"], "es")
