"""The interface of the search engines. Code outside of their packages does not depend on which one is used."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from services.search.document import ProductDocument
from services.search.relevance import TextQuery, WordCounts

MAX_CATEGORIES = 1_000
"""Categories that are counted: all of a shop that people can find their way in. None may be missing from the list."""
MAX_BRANDS = 100
"""Brands that are counted, those with the most products first."""

PRICE_BOUNDS = (2500, 5000, 10000, 20000)
"""Lower bounds of the price facet's ranges in minor units, without the first, which is zero."""


class EngineUnavailableError(Exception):
    """The engine does not answer now; the same request may succeed later."""


class OutdatedIndexError(EngineUnavailableError):
    """The live index has another version than this code, or a form that it cannot read, and has to be rebuilt."""


class NotBuildingError(Exception):
    """No index of that name is being built: it was never begun, or has gone live or been abandoned."""


class DocumentRejectedError(Exception):
    """The engine rejects a document, and always will.

    Attributes:
        product_id: id of the document's product.
        reason: the engine's own message.
    """

    def __init__(self, product_id: str, reason: str) -> None:
        super().__init__(f"{product_id}: {reason}")
        self.product_id = product_id
        self.reason = reason


class Sort(StrEnum):
    """The order of the products found."""

    RELEVANCE = "relevance"
    PRICE_ASC = "price-asc"
    PRICE_DESC = "price-desc"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of a search. A product has to match one value of each kind that is given.

    Attributes:
        categories: keys of categories.
        brands: names of brands.
        min_price, max_price: bounds in minor units, both included.
        in_stock: only products that can be bought now.
        colours: names of colours.
    """

    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    min_price: int | None = None
    max_price: int | None = None
    in_stock: bool = False
    colours: tuple[str, ...] = ()


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A request for one page of products.

    Attributes:
        query: the parsed text; without words every product matches.
        filters: filters of the search.
        sort: order of the products.
        limit: products on the page; 0 for the total and the facets alone.
        after: position of the last product of the previous page.
        facets: whether the values of the facets are counted.
    """

    query: TextQuery
    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    after: str | None = None
    facets: bool = True


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A product that was found.

    Attributes:
        product: the product with JSON field names.
        available: units that can be bought.
        position: opaque position in the result, for ``SearchRequest.after``.
    """

    product: dict[str, Any]
    available: int
    position: str


@dataclass(frozen=True, slots=True)
class Facets:
    """The number of matching products by value. A facet is not narrowed by its own filter.

    Attributes:
        category: counts by key of the category.
        brand: counts by name of the brand.
        price: counts by lower bound of the price range, in minor units.
    """

    category: dict[str, int] = field(default_factory=dict)
    brand: dict[str, int] = field(default_factory=dict)
    price: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of products.

    Attributes:
        hits: products of the page, in the order of the request.
        total: number of products that match.
        facets: counts of the facets; empty if the request has none.
    """

    hits: list[SearchHit]
    total: int
    facets: Facets


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What an index holds of a product, for the comparison with the catalog.

    Attributes:
        product_id: id of the product.
        sequence: the catalog's number of the change that the document shows.
        revision: revision of the document.
        shown: False of a tombstone.
    """

    product_id: str
    sequence: int
    revision: int
    shown: bool


class Engine(Protocol):
    """An index of products.

    Every method raises EngineUnavailableError if the engine does not answer. If the live index has another version,
    ``search``, ``word_counts``, ``completions``, ``write`` and ``entries`` raise OutdatedIndexError; a new index can
    still be built.
    """

    def search(self, request: SearchRequest) -> SearchResult:
        """Return a page of products; raises bus.cursor.InvalidCursorError for an ``after`` of another kind of list."""

    def word_counts(self, stems: Sequence[str]) -> WordCounts:
        """Return how many products the live index has, how many have each stem, and the evidence for its synonyms.

        Deleted products may be counted.
        """

    def completions(self, prefix: str, within: TextQuery, limit: int) -> list[str]:
        """Return the words and phrases with a prefix, the most frequent first.

        Parameters:
            prefix: folded words that the completion begins with.
            within: only completions of products that match this query.
            limit: maximum number of completions.
        """

    def write(self, documents: Sequence[ProductDocument]) -> None:
        """Write documents to the live index, which is created if there is none, and to one that is being built.

        A document that is not newer than the indexed one is ignored. Raises DocumentRejectedError.
        """

    def indexes(self) -> tuple[str | None, str | None]:
        """Return the names of the live index, of whatever version, and of the one that is being built."""

    def begin(self, name: str) -> None:
        """Create an empty index, which replaces another one that is being built. ``write`` then writes to it too."""

    def fill(self, name: str, documents: Sequence[ProductDocument]) -> None:
        """Write documents to the index that is being built alone; raises NotBuildingError."""

    def go_live(self, name: str) -> None:
        """Make the index that was built the live one, atomically; raises NotBuildingError.

        The previous one stays until the next sweep.
        """

    def abandon(self, name: str) -> None:
        """Delete the index that is being built, if it still has this name."""

    def sweep(self) -> None:
        """Delete everything that belongs to neither the live index nor one that is being built."""

    def entries(self, name: str, product_ids: Sequence[str]) -> dict[str, IndexEntry]:
        """Return what an index holds of these products, by id."""
