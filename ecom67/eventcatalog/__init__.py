"""The catalogue of events: a static site made from the contracts and from the synthesised templates."""
