"""Prints a judgement."""

from rich.console import Console

from ecom67.base.tables import print_table
from ecom67.search.judge.judgement import BOOSTED, OURS, PLAIN, Judgement
from ecom67.search.judge.metrics import percentiles

WORST = 20
EXAMPLES = 3
"""Products shown of what a query wanted, and of what it found."""
MAX_NAME = 72


def print_report(judgement: Judgement, console: Console) -> None:
    """Print the figures, the differences to BM25, and the worst queries with what they wanted and found."""
    median, p95 = percentiles(judgement.times)
    console.print(
        f"{judgement.product_count} products, indexed in {judgement.build_seconds:.0f} s; "
        f"{len(judgement.ratings)} rated queries, of which {len(judgement.judged)} have a right answer and count.",
        highlight=False,
        soft_wrap=True,
    )
    print_table(
        ["", "NDCG@10, unrated wrong", "NDCG@10, rated only", "recall@10", "nothing found"],
        [
            [
                way,
                f"{judgement.mean(way, 'ndcg'):.3f}",
                f"{judgement.mean(way, 'ndcg_rated'):.3f}",
                f"{judgement.mean(way, 'recall'):.3f}",
                f"{judgement.nothing_found(way):.1%}",
            ]
            for way in judgement.results
        ],
        console=console,
    )
    print_table(
        ["search minus", "unrated wrong", "95 % interval", "rated only", "95 % interval"],
        [[other, *_difference(judgement, other)] for other in (PLAIN, BOOSTED)],
        console=console,
    )
    console.print(f"A page with its facets: p50 {median:.1f} ms, p95 {p95:.1f} ms.", highlight=False)
    _print_worst(judgement, console)


def _difference(judgement: Judgement, other: str) -> list[str]:
    cells = []
    for measure in ("ndcg", "ndcg_rated"):
        mean, low, high = judgement.difference(other, measure)
        cells += [f"{mean:+.3f}", f"{low:+.3f} to {high:+.3f}"]
    return cells


def _print_worst(judgement: Judgement, console: Console) -> None:
    _line(console, "The worst queries: what was wanted (rating), and what came (rating, - if it has none).")
    for query in judgement.worst(WORST):
        result = judgement.results[OURS][query]
        _line(console, f"{query}: {result.ndcg:.2f}, rated only {result.ndcg_rated:.2f}, {result.total} found")
        for product in judgement.wanted(query)[:EXAMPLES]:
            _line(console, f"  wanted {_product(judgement, query, product)}")
        for product in result.found[:EXAMPLES]:
            _line(console, f"  came   {_product(judgement, query, product)}")


def _product(judgement: Judgement, query: str, product: str) -> str:
    rating = judgement.ratings[query].get(product, "-")
    return f"{rating}  {product}  {judgement.names[product][:MAX_NAME]}"


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
