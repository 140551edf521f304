"""The journal of a stage, as the commands ask it: by a filter, and as it grows."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bus.concurrent_calls import map_concurrently
from bus.journal_reader import IndexedEvent, JournalledEvent, JournalReader, by_time, windows
from ecom67.events.event_filter import EventFilter
from ecom67.stage_client import StageClient

INDEX_LAG_SECONDS = 15
"""By how much the journal's index may be behind."""


class StageJournal(JournalReader):
    """The journal of a stage.

    Parameters:
        stage: the stage.
    """

    def __init__(self, stage: StageClient) -> None:
        super().__init__(stage.client("dynamodb"), stage.published["bus/journal-table"])

    def find(self, event_filter: EventFilter) -> list[IndexedEvent]:
        """Return the events that match a filter in the order in which they occurred, as the index has them."""
        until = event_filter.until or datetime.now(UTC)
        since = event_filter.since or datetime.fromtimestamp(0, UTC)
        events: Sequence[IndexedEvent]
        if event_filter.correlation_id:
            events = [
                event
                for event in self.of_request(event_filter.correlation_id)
                if event_filter.order_id in (None, event.aggregate_id, event.order_id)
            ]
        elif event_filter.order_id:
            events = self.of_order(event_filter.order_id)
        else:
            events = self._index_entries(since, until)
        matching = (
            event
            for event in events
            if since <= event.journalled_at <= until and event.is_of(event_filter.source, event_filter.detail_type)
        )
        return sorted(matching, key=by_time)

    def follow(
        self,
        since: datetime,
        source: str | None = None,
        detail_type: str | None = None,
        every_seconds: float = 1.0,
    ) -> Iterator[JournalledEvent]:
        """Yield the events that the journal has received since a time, and wait for new ones; never ends.

        Parameters:
            since: time of the first event.
            source: only events of this source; None means all.
            detail_type: only events of this detail type; None means all.
            every_seconds: interval between two queries.
        """
        seen: set[str] = set()
        while True:
            now = datetime.now(UTC)
            # Clocks differ, and the index lags behind the table: the last seconds are queried again.
            next_since = max(since, now - timedelta(seconds=INDEX_LAG_SECONDS))
            seen_again = set()
            for event in self.stream(since, now, source, detail_type):
                if event.journalled_at >= next_since:
                    seen_again.add(event.event_id)
                if event.event_id not in seen:
                    yield event
            since, seen = next_since, seen_again
            time.sleep(every_seconds)

    def _index_entries(self, since: datetime, until: datetime) -> list[IndexedEvent]:
        def entries(window: str) -> list[IndexedEvent]:
            return [entry for page in self.index_pages(window, since, until) for entry in page]

        return [entry for found in map_concurrently(entries, windows(since, until)) for entry in found]
