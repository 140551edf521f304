"""The bounded contexts: one folder a service, the same file names in each."""

import bus  # noqa: F401 - before anything else: it spares a start the collector
