"""What operators do with the events of a deployed stage: look, trace, release, replay, redrive."""
