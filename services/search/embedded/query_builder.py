"""Builds tantivy queries."""

from collections.abc import Iterable

from tantivy import FieldType, Occur, Query, Searcher

from services.search.embedded.schema import OpenIndex
from services.search.engine import Filters
from services.search.relevance import Clause, ClauseKind, QueryWord, TextQuery


class TantivyQueryBuilder:
    """Builds queries for one index.

    Parameters:
        opened: the index.
        searcher: a searcher of it.
    """

    def __init__(self, opened: OpenIndex, searcher: Searcher) -> None:
        self._schema = opened.schema
        self._searcher = searcher

    def query(self, text_query: TextQuery) -> Query:
        """Return a query for the products that shoppers see and that match, with their scores."""
        shown = Query.term_query(self._schema, "shown", True)
        if not text_query.words:
            return Query.const_score_query(shown, 1.0)
        words = [(self._word(word), word.is_number) for word in text_query.words]
        if text_query.required == len(words):
            matching = Query.boolean_query([(Occur.Must, word) for word, _ in words])
        else:
            counted = [(Occur.Should, word) for word, is_number in words if not is_number]
            numbers = [(Occur.Should, word) for word, is_number in words if is_number]
            matching = Query.boolean_query(counted, minimum_number_should_match=text_query.required)
            matching = Query.boolean_query([(Occur.Must, matching), *numbers]) if numbers else matching
        bonuses = [(Occur.Should, self._clause(clause)) for clause in text_query.bonuses if self._may_match(clause)]
        return Query.boolean_query([(Occur.Must, _unscored(shown)), (Occur.Must, matching), *bonuses])

    def filtered(self, query: Query, filters: Filters) -> Query:
        """Return a query narrowed by filters, with the same scores."""
        return _all_of([query, *map(_unscored, self._conditions(filters))])

    def after(self, query: Query, field: str, position: int, *, ascending: bool) -> Query:
        """Return a query narrowed to what follows a position.

        Parameters:
            query: the query.
            field: sorted field of whole numbers.
            position: value of the field, excluded.
            ascending: order of the field.
        """
        # The bounds of a range are included.
        low, high = (position + 1, None) if ascending else (None, position - 1)
        later = Query.range_query(self._schema, field, FieldType.Integer, low, high)
        return _all_of([query, _unscored(later)])

    def _conditions(self, filters: Filters) -> Iterable[Query]:
        if filters.categories:
            yield self._any_value("category_key", filters.categories)
        if filters.brands:
            yield self._any_value("brand_key", filters.brands)
        if filters.colours:
            yield self._any_value("colours", filters.colours)
        if filters.min_price is not None or filters.max_price is not None:
            low, high = filters.min_price, filters.max_price
            yield Query.range_query(self._schema, "price", FieldType.Integer, low, high)
        if filters.in_stock:
            yield Query.term_query(self._schema, "in_stock", True)

    def _any_value(self, field: str, values: Iterable[str]) -> Query:
        return Query.boolean_query([(Occur.Should, Query.term_query(self._schema, field, value)) for value in values])

    def _word(self, word: QueryWord) -> Query:
        # A word has many clauses, and most of their terms are in no product.
        clauses = [self._clause(clause) for clause in word.clauses if self._may_match(clause)]
        return Query.disjunction_max_query(clauses, tie_breaker=0.0) if clauses else Query.empty_query()

    def _may_match(self, clause: Clause) -> bool:
        is_term = clause.kind is ClauseKind.PHRASE and len(clause.terms) == 1
        return not is_term or self._searcher.doc_freq(clause.field, clause.terms[0]) > 0

    def _clause(self, clause: Clause) -> Query:
        return Query.const_score_query(self._unscored_clause(clause), clause.score)

    def _unscored_clause(self, clause: Clause) -> Query:
        first = clause.terms[0]
        match clause.kind:
            case ClauseKind.PREFIX:
                return Query.fuzzy_term_query(self._schema, clause.field, first, distance=0, prefix=True)
            case ClauseKind.TYPO:
                return Query.fuzzy_term_query(self._schema, clause.field, first, distance=clause.edits)
            case ClauseKind.PHRASE if len(clause.terms) > 1:
                return Query.phrase_query(self._schema, clause.field, list(clause.terms))
        return Query.term_query(self._schema, clause.field, first)


def _all_of(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries]) if len(queries) > 1 else queries[0]


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
