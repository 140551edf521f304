"""Exports the contracts in every published format, each from the event classes alone."""
