"""The shapes of which the product pictures consist, and the SVG primitives that draw them."""
