"""The event library that runs inside every Lambda: context, outbox, relay, consumer, journal."""
