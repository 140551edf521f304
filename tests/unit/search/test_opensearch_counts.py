"""How many products have a word is asked of OpenSearch once a minute."""

from typing import Any, cast

from opensearchpy import OpenSearch

from services.search.opensearch.engine import COUNTS_SECONDS, OpenSearchEngine


class Node:
    """A node that counts what it is asked for; it has no product with ``none``."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def search(self, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        stems = list(body["aggs"]["stems"]["filters"]["filters"])
        self.asked.append(stems)
        buckets = {stem: {"doc_count": 0 if stem == "none" else 3} for stem in stems}
        return {"hits": {"total": {"value": 9}}, "aggregations": {"stems": {"buckets": buckets}}}


def test_a_count_is_used_for_a_while_and_one_of_nothing_is_not() -> None:
    node, now = Node(), [0.0]
    engine = OpenSearchEngine(cast("OpenSearch", node), now=lambda: now[0])

    assert engine.word_counts(["mug", "none"]).by_stem == {"mug": 3, "none": 0}
    assert engine.word_counts(["mug"]).by_stem["mug"] == 3
    assert engine.word_counts(["mug", "none", "oak"]).total == 9
    now[0] += COUNTS_SECONDS + 1
    engine.word_counts(["mug"])

    assert node.asked == [["mug", "none"], ["none", "oak"], ["mug"]]
