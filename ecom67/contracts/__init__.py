"""The contracts as those use them who write services: how they may change, where they are published, bindings."""
