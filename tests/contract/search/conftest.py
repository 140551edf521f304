"""Both engines: tantivy over moto's S3, and a real OpenSearch node of this run's own."""

from collections.abc import Callable
from itertools import count

import pytest

from ecom67.local.standins.opensearch.node import url_of
from services.search.embedded.engine import TantivyEngine
from services.search.embedded.s3_index_store import S3IndexStore
from services.search.engine import Engine
from services.search.opensearch.client import create_client
from services.search.opensearch.engine import OpenSearchEngine
from tests.contract.search.products import catalogue

ENGINES = ("tantivy", "opensearch")
BUCKET = "indexes"
NewEngine = Callable[[], Engine]
NewIndex = Callable[[], NewEngine]
_numbers = count()


@pytest.fixture(scope="session", params=ENGINES)
def new_index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewIndex:
    """Return what makes an empty index of each kind, and returns what makes engines for it."""
    if request.param == "tantivy":
        # Not moto's: as long as that lived, the tables of no other test would go.
        s3 = request.getfixturevalue("emulator").client("s3")

        def embedded() -> NewEngine:
            bucket = f"{BUCKET}-{next(_numbers)}"
            s3.create_bucket(Bucket=bucket)
            # A search right after a write is to find it, so nothing is trusted for half a second.
            return lambda: TantivyEngine(S3IndexStore(s3, bucket, tmp_path_factory.mktemp("copies"), fresh_seconds=0))

        return embedded
    url = url_of(request.getfixturevalue("opensearch"))

    def node_index() -> NewEngine:
        prefix = f"test{next(_numbers)}-"
        return lambda: OpenSearchEngine(create_client(url), prefix=prefix)

    return node_index


@pytest.fixture(scope="session")
def new_engine(new_index: NewIndex) -> NewEngine:
    """Return what makes an engine whose index is empty and its own."""
    return lambda: new_index()()


@pytest.fixture(scope="session")
def stocked(new_engine: NewEngine) -> Engine:
    """Return an engine with the shop's own catalogue, to be read only."""
    engine = new_engine()
    engine.write(catalogue())
    return engine


@pytest.fixture
def engine(new_engine: NewEngine) -> Engine:
    """Return an engine with an empty index."""
    return new_engine()
