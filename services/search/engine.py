"""The interface that both engines have. Nothing outside their packages knows which one it talks to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from services.search.document import Document
from services.search.relevance import Match

LARGEST_FACET = 100
"""Values of a facet that are counted at the most."""

PRICE_BOUNDS = (2500, 5000, 10000, 20000)
"""Where a bucket of the price facet begins, in minor units; the first begins at zero."""


class EngineUnavailableError(Exception):
    """The engine does not answer now. Nothing is wrong with what it was asked."""


class OutdatedIndexError(EngineUnavailableError):
    """What is answered from was made by other code, in a form that this one does not know. It has to be built anew."""


class NotBuildingError(Exception):
    """There is no index of that name: it was never begun, or is live or abandoned by now."""


class RefusedDocumentError(Exception):
    """The engine will never take a document.

    Attributes:
        product_id: of the document.
        reason: as the engine says it.
    """

    def __init__(self, product_id: str, reason: str) -> None:
        super().__init__(f"{product_id}: {reason}")
        self.product_id = product_id
        self.reason = reason


class Sort(StrEnum):
    """The order of what is found."""

    RELEVANCE = "relevance"
    PRICE_ASC = "price-asc"
    PRICE_DESC = "price-desc"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search. Values of one kind are alternatives, kinds are not.

    Attributes:
        categories: keys of categories.
        brands: names of brands.
        min_price, max_price: in minor units, both included.
        in_stock: only what can be bought now.
    """

    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    min_price: int | None = None
    max_price: int | None = None
    in_stock: bool = False


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that is asked for.

    Attributes:
        match: what the text looks for; without words, everything.
        filters: what narrows it.
        sort: in which order.
        limit: products on the page; 0 asks for the numbers alone.
        after: the position of the last product of the page before.
        facets: whether the values of the facets are counted.
    """

    match: Match
    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    after: str | None = None
    facets: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that fits.

    Attributes:
        product: as the catalog shows it, in JSON's names.
        available: units that can be bought.
        position: in the order of the list, for ``Asked.after``.
    """

    product: dict[str, Any]
    available: int
    position: str


@dataclass(frozen=True, slots=True)
class Facets:
    """How many products have which value, where each facet is not narrowed by its own selection."""

    category: dict[str, int] = field(default_factory=dict)
    brand: dict[str, int] = field(default_factory=dict)
    price: dict[int, int] = field(default_factory=dict)  # by the bucket's begin


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, in the order that was asked for."""

    hits: list[Hit]
    total: int
    facets: Facets


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index holds of a product, for a comparison with the catalog."""

    product_id: str
    sequence: int
    revision: int
    shown: bool


class Engine(Protocol):
    """An index of products.

    Every method raises EngineUnavailableError where the engine is away. Where the live index is of another
    version, ``find``, ``completions``, ``write`` and ``indexed`` raise OutdatedIndexError; a new one can be built.
    """

    def find(self, asked: Asked) -> Found:
        """Return a page; raises bus.cursor.InvalidCursorError where ``after`` is no position of such a list."""

    def completions(self, prefix: str, within: Match, limit: int) -> list[str]:
        """Return words and phrases that begin so, of products that fit, the most frequent first."""

    def write(self, documents: Sequence[Document]) -> None:
        """Put documents into the live index, which is made if there is none, and into one that is being built.

        What is not newer than what is there changes nothing. Raises RefusedDocumentError.
        """

    def indexes(self) -> tuple[str | None, str | None]:
        """Return the names of the live index, of whatever version, and of the one that is being built."""

    def begin(self, name: str) -> None:
        """Make an empty index beside the live one, instead of another. From now on ``write`` goes to both."""

    def fill(self, name: str, documents: Sequence[Document]) -> None:
        """Put documents into the index that is being built and nowhere else."""

    def go_live(self, name: str) -> None:
        """Answer from the index that was built, from one moment to the next. The one before stays for a sweep."""

    def abandon(self, name: str) -> None:
        """Delete an index that is being built, unless it is another one by now."""

    def sweep(self) -> None:
        """Delete what is of no index that is live or being built, and orphans of writes that failed."""

    def indexed(self, name: str, product_ids: Sequence[str]) -> dict[str, Indexed]:
        """Return what an index holds of these products."""
