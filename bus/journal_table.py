"""The journal's table: its indexes, and how long it keeps events. Its readers need no validator of contracts."""

from datetime import UTC, datetime

RETENTION_SECONDS = 30 * 24 * 3600
NAME = "journal"
"""Name of the journal as a consumer, in the quarantine."""
CORRELATION_INDEX = "correlation-index"
AGGREGATE_INDEX = "aggregate-index"
TIME_INDEX = "time-index"
"""By window and time of arrival, with what is needed to select events without reading them."""
WINDOW_SECONDS = 600


def window_of(moment: float) -> str:
    """Return the ten minutes of a moment in seconds since the epoch: the partition key of the index by time."""
    start = moment - moment % WINDOW_SECONDS
    return datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M")
