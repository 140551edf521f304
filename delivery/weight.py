"""Reads a weight that a product's attribute names."""

import re

_GRAMS = {"g": 1.0, "kg": 1000.0, "oz": 28.349523125, "lb": 453.59237, "lbs": 453.59237}


def read_grams(text: str) -> int | None:
    """Return the weight of a text such as ``5.4 kg`` in grams, rounded up; None where it names none."""
    found = re.search(r"(\d+(?:[.,]\d+)?)\s*(kg|g|oz|lbs?)\b", text, re.IGNORECASE)
    if not found:
        return None
    grams = float(found[1].replace(",", ".")) * _GRAMS[found[2].lower()]
    return int(-(-grams // 1))
