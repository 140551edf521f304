"""The event library that runs inside every Lambda: context, outbox, relay, consumer, journal."""

import gc

# A start makes some hundred thousand objects that live as long as the process. Left at its default the collector
# walks them 160 times over, which is a sixth of the start; what an invocation leaves behind is far less than this.
gc.set_threshold(200_000)
