"""``ecom67 events`` and ``ecom67 dlq``: tracing, replay, quarantine and dead letters of a deployed stage."""
