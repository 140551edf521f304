"""While an index is built anew and takes the other's place, no answer is empty or a part."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

from services.search.document import index_name
from tests.contract.search.conftest import NewIndex
from tests.contract.search.products import catalogue, document, found

READERS = 2
QUERIES = 600
"""At least, by all readers."""
REBUILDS = 3
"""At least, while they ask."""


def test_no_answer_is_empty_or_partial_during_rebuilds(new_index: NewIndex) -> None:
    new_engine = new_index()
    documents = catalogue()
    writer = new_engine()
    writer.write(documents)
    oaks = found(writer, "oak").total
    rebuilt, enough = Event(), Event()
    rebuilds = 0

    def ask(least: int) -> Counter[tuple[int, int, int]]:
        # An engine of its own, as each function has one.
        engine = new_engine()
        answers: Counter[tuple[int, int, int]] = Counter()
        for number in count():
            if number >= least and rebuilt.is_set():
                break
            result = found(engine, "oak" if number % 2 else "", limit=10)
            answers[result.total, len(result.hits), number % 2] += 1
        return answers

    with ThreadPoolExecutor(READERS) as pool:
        asking = [pool.submit(ask, QUERIES // READERS) for _ in range(READERS)]
        for each in asking:
            each.add_done_callback(lambda _: enough.set() if all(found.done() for found in asking) else None)
        try:
            while not enough.is_set():
                name = index_name(f"{rebuilds:06}")
                writer.begin(name)
                for start in range(0, len(documents), 60):
                    writer.fill(name, documents[start : start + 60])
                    # What changes meanwhile goes to both.
                    writer.write([document("oak-stray", revision=rebuilds * 10 + start // 60 + 1, name="A", brand="B")])
                writer.go_live(name)
                writer.sweep()
                rebuilds += 1
                if rebuilds == REBUILDS:
                    rebuilt.set()
        finally:
            rebuilt.set()
    answers = sum((each.result() for each in asking), Counter[tuple[int, int, int]]())

    assert rebuilds >= REBUILDS
    assert sum(answers.values()) >= QUERIES
    # The one product that comes in between is there or not, and every page is full.
    assert {(total, hits) for total, hits, _ in answers} <= {(177, 10), (178, 10), (oaks, 10)}
