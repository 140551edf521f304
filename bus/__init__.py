"""The event library that runs in every Lambda function: context, outbox, relay, consumer, journal."""

import gc

# A start creates some hundred thousand objects that live as long as the process. With its default threshold the
# collector walks them 160 times, which is a sixth of the start; an invocation leaves far fewer objects behind.
gc.set_threshold(200_000)
