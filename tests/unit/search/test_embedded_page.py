"""How much the embedded engine reads for a page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.search.embedded.engine import TantivyEngine
from services.search.embedded.folder_index_store import FolderIndexStore
from services.search.embedded.results import page
from services.search.engine import SearchRequest
from services.search.relevance import parse_query
from tests.unit.search.conftest import document


class CountingSearcher:
    """Notes how many hits each search asks for."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self.asked: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._searcher, name)

    @property
    def search(self) -> Callable[..., Any]:
        def counted(query: Any, limit: int, **options: Any) -> Any:
            self.asked.append(limit)
            return self._searcher.search(query, limit, **options)

        return counted


def test_a_page_of_everything_reads_no_more_than_the_page_although_all_have_the_same_score(tmp_path: Path) -> None:
    engine = TantivyEngine(FolderIndexStore(tmp_path))
    engine.write([document(f"p{number}") for number in range(300)])
    reader = engine._live_reader()
    assert reader is not None
    searcher, query = CountingSearcher(reader.searcher), parse_query("")

    hits, total = page(searcher, reader.query_builder, reader.query_builder.query(query), SearchRequest(query))  # type: ignore[arg-type]

    assert (len(hits), total) == (24, 300)
    assert max(searcher.asked) == 24
