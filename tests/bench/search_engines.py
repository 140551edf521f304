"""Measures both engines of search with many generated products, in one run.

``make bench`` judges them with fewer products; ``python -m tests.bench.search_engines [--products 100000]`` prints the
table for ``docs/search.md``. The embedded engine's bucket is moto's, in this process,
so the times of its builds are without a network. A search is timed as the function does it: what a text looks for, the
engine, the page with its facets; without HTTP.
"""

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from ecom67.local.standins.opensearch.node import node, running, url_of
from services.search.document import ProductDocument, index_name
from services.search.embedded.engine import TantivyEngine
from services.search.embedded.s3_index_store import S3IndexStore
from services.search.engine import NO_FILTERS, Engine, Filters, Sort
from services.search.opensearch.client import create_client
from services.search.opensearch.engine import LIVE, OpenSearchEngine
from services.search.reindex import PAGE
from services.search.responses import search_page
from services.search.search_service import SearchParameters, search, suggest
from tests.free_ports import free_ports

QUERIES = 500


def _listed(text: str) -> list[str]:
    return text.split()


COLOURS = _listed(
    "black white sage navy rust cream ochre slate teal blush mustard forest clay indigo oat moss sand rose"
)
MATERIALS = _listed("oak walnut linen cotton wool brass copper steel stoneware glass leather canvas cork jute bamboo")
FORMS = _listed(
    "round tall wide slim nesting folding hanging quilted ribbed glazed waxed woven striped padded portable"
)
THINGS = _listed(
    """kettle mug teapot skillet lamp lantern cushion blanket rug curtain notebook pen ruler clock backpack wallet tote
    umbrella bottle planter trowel rake bucket soap towel brush mirror comb candle tray board bowl jar platter grinder
    scale apron napkin throw pillow bolster pouf stool chair table shelf hook basket box"""
)
BRANDS = [first + last for first in _listed("Ald Bran Cor Dun Esk Fen") for last in _listed("more field wick ley")]
CATEGORIES = _listed(
    "kitchen garden lighting coffee-and-tea home-textiles desk-and-paper travel-and-bags bath-and-wellness"
)


def generated(count: int) -> Iterator[ProductDocument]:
    """Yield products that are made up of the same words in ever other ways."""
    chance = random.Random(67)  # noqa: S311
    for number in range(count):
        colour, material, form, thing = map(chance.choice, (COLOURS, MATERIALS, FORMS, THINGS))
        words = " ".join(chance.choices(COLOURS + MATERIALS + FORMS + THINGS, k=30))
        product: dict[str, Any] = {
            "productId": f"product-{number}",
            "name": f"{form} {material} {thing} {number % 997}".title(),
            "description": f"A {colour} {thing} of {material}. {words}.",
            "category": CATEGORIES[THINGS.index(thing) % len(CATEGORIES)],
            "brand": chance.choice(BRANDS),
            "price": {"amount": chance.randrange(500, 40_000), "currency": "USD"},
            "imageUrl": f"/images/{number}.svg",
            "images": [f"/images/{number}.svg"],
            "tags": [thing, material, colour],
            "attributes": {"material": material, "colour": colour},
            "status": "ACTIVE",
            "createdAt": f"2026-{1 + number % 12:02}-{1 + number % 28:02}T00:00:00.000Z",
            "updatedAt": "2026-11-01T00:00:00.000Z",
        }
        yield ProductDocument(product["productId"], 1, product, number % 9, 1)


def searches(count: int) -> list[SearchParameters]:
    """Return searches as shoppers make them: most of two words, some mistyped, filtered, sorted or without words."""
    chance = random.Random(76)  # noqa: S311
    found = []
    for number in range(count):
        thing, material = chance.choice(THINGS), chance.choice(MATERIALS)
        text = [
            thing,
            f"{material} {thing}",
            f"{thing} {material} {chance.choice(COLOURS)}",
            f"{material} {thing[:3]}",
        ][number % 4]
        if number % 10 == 5:  # the neighbours swapped
            text = text[:1] + text[2:3] + text[1:2] + text[3:]
        filters = Filters(categories=(chance.choice(CATEGORIES),), in_stock=True) if number % 7 == 3 else NO_FILTERS
        sort = Sort.PRICE_ASC if number % 11 == 4 else Sort.RELEVANCE
        found.append(SearchParameters("" if number % 50 == 7 else text, filters, sort))
    return found


def timed(what: Callable[[], object]) -> float:
    """Return how many milliseconds something takes."""
    started = time.perf_counter()
    what()
    return (time.perf_counter() - started) * 1000


def percentiles(times: list[float]) -> str:
    """Return the median and the 95th percentile."""
    ordered = statistics.quantiles(times, n=20)
    return f"{statistics.median(times):.1f} / {ordered[18]:.1f} ms"


@dataclass(frozen=True, slots=True)
class Measurements:
    """What an engine took.

    Attributes:
        build: seconds for an index of all products.
        pages: milliseconds of each search with its facets.
        suggestions: milliseconds of each.
        facets: milliseconds for those of all products, each time.
        changes: milliseconds of each write of one product.
        found: how many of the searches found something.
    """

    build: float
    pages: list[float]
    suggestions: list[float]
    facets: list[float]
    changes: list[float]
    found: int

    def rows(self) -> dict[str, str]:
        """Return the rows of the table."""
        return {
            "index built in": f"{self.build:.0f} s",
            "search, p50 / p95": percentiles(self.pages),
            "suggestions, p50 / p95": percentiles(self.suggestions),
            "facets of all products, p50 / p95": percentiles(self.facets),
            "one product changed, p50 / p95": percentiles(self.changes),
            "searches that found something": f"{self.found} of {len(self.pages)}",
        }


def measured(engine: Engine, documents: list[ProductDocument]) -> Measurements:
    """Build an index as a rebuild does, and search in it."""
    name = index_name("1")
    started = time.perf_counter()
    engine.begin(name)
    for start in range(0, len(documents), PAGE):
        engine.fill(name, documents[start : start + PAGE])
    engine.go_live(name)
    seconds = time.perf_counter() - started
    wanted = searches(QUERIES)
    for each in wanted[:50]:
        search(engine, each)
    pages = [timed(lambda each=each: search_page(search(engine, each), each.filters, 0)) for each in wanted]  # type: ignore[misc]
    texts = [each.text[: 2 + number % 6] for number, each in enumerate(wanted) if each.text]
    suggestions = [timed(lambda text=text: suggest(engine, text)) for text in texts]  # type: ignore[misc]
    everything = [timed(lambda: search(engine, SearchParameters("", limit=1))) for _ in range(30)]
    change = [timed(lambda n=n: engine.write([_changed(documents[n])])) for n in range(20)]  # type: ignore[misc]
    found = sum(search(engine, each).total > 0 for each in wanted)
    return Measurements(seconds, pages, suggestions, everything, change, found)


def _changed(document: ProductDocument) -> ProductDocument:
    return ProductDocument(document.product_id, 2, document.product, 3, 2)


def embedded(documents: list[ProductDocument]) -> dict[str, str]:
    """Measure tantivy."""
    with mock_aws(), tempfile.TemporaryDirectory() as folder:
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="indexes")
        before = _resident()
        figures = measured(TantivyEngine(S3IndexStore(s3, "indexes", Path(folder) / "a")), documents).rows()
        held = s3.list_objects_v2(Bucket="indexes")["Contents"]
        reader = TantivyEngine(S3IndexStore(s3, "indexes", Path(folder) / "b"))
        cold = timed(lambda: search(reader, SearchParameters("oak kettle")))
        figures["index size"] = f"{sum(each['Size'] for each in held) / 1e6:.0f} MB in {len(held)} objects"
        figures["first search of a new process"] = f"{cold:.0f} ms"
        figures["memory"] = f"{_resident() - before:.0f} MB more in this process, the bucket's copy included"
        return figures


def domain(documents: list[ProductDocument]) -> dict[str, str]:
    """Measure OpenSearch."""
    with tempfile.TemporaryDirectory() as folder, running(node(Path(folder), free_ports().shop, heap="1g")) as process:
        client = create_client(url_of(process))
        version = client.info()["version"]["number"]
        figures = measured(OpenSearchEngine(client), documents).rows()
        client.indices.refresh(index=LIVE)
        size = client.indices.stats(index=LIVE)["_all"]["primaries"]["store"]["size_in_bytes"]
        heap = next(iter(client.nodes.stats(metric="jvm")["nodes"].values()))["jvm"]["mem"]["heap_used_in_bytes"]
        resident = Path(f"/proc/{process.pid()}/status").read_text().partition("VmRSS:")[2].split()[0]
        figures["index size"] = f"{size / 1e6:.0f} MB"
        figures["memory"] = f"{int(resident) / 1e3:.0f} MB of the node (heap {heap / 1e6:.0f} of 1,024 MB)"
        figures["version"] = f"OpenSearch {version}"
        return figures


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Measure both and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--products", type=int, default=100_000)
    count = options.parse_args().products
    os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    documents = list(generated(count))
    columns: dict[str, dict[str, Any]] = {"tantivy": embedded(documents), "OpenSearch": domain(documents)}
    print(f"{count} products, {QUERIES} searches\n\n| | {' | '.join(columns)} |\n|---|---|---|")
    for row in dict.fromkeys(row for figures in columns.values() for row in figures):
        print(f"| {row} | {' | '.join(figures.get(row, '') for figures in columns.values())} |")


if __name__ == "__main__":
    main()
