"""The forms in which the contracts are published, each made from the event classes alone."""
