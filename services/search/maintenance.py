"""The command ``maintain``: one step of a rebuild, or of a comparison of the index with the catalog."""

from bus.command import command
from services.search.dependencies import catalog, engine, search_products
from services.search.reindex import Reindexer, ReindexReport, ReindexStep


def _run(step: ReindexStep) -> ReindexReport:
    return Reindexer(catalog(), search_products(), engine()).run(step)


maintain = command(_run, ReindexStep)
