"""Reads a weight that a product's attribute names."""

import re

_GRAMS = {"g": 1.0, "kg": 1000.0, "oz": 28.349523125, "lb": 453.59237}
_SMALLER = {"kg": "g", "lb": "oz"}
# A comma before three digits is of thousands, unless it follows a zero alone; any other is a decimal one.
_NUMBER = r"[1-9]\d{0,2}(?:[,\s]\d{3})+(?:\.\d+)?|0,\d+|\d+,\d{1,2}|\d+(?:\.\d+)?"
_UNIT = {
    "g": r"g|grams?",
    "kg": r"kg|kilograms?|kilos?",
    "oz": r"oz|ounces?",
    "lb": r"lbs?|pounds?",
}
_ANY_UNIT = "|".join(f"(?P<{unit}>{words})" for unit, words in _UNIT.items())
# Not 500 g/m², which is the weight of an area.
_WEIGHT = re.compile(
    rf"(?<![\d.,])(?:(?P<pieces>\d+)\s*[x×]\s*)?(?P<number>{_NUMBER})\s*(?:{_ANY_UNIT})\b\.?(?!\s*/)",
    re.IGNORECASE,
)
_REST = {
    unit: re.compile(rf"\s*(?:,|&|and\b)?\s*(?P<number>{_NUMBER})\s*(?:{_UNIT[smaller]})\b", re.IGNORECASE)
    for unit, smaller in _SMALLER.items()
}


def read_grams(text: str) -> int | None:
    """Return the weight of a text such as ``5.4 kg``, ``2 lb 4 oz`` or ``3 × 110 g`` in grams, rounded up.

    Parameters:
        text: the attribute. None is returned where it names no weight.
    """
    found = _WEIGHT.search(text)
    if not found:
        return None
    unit = next(unit for unit in _GRAMS if found[unit])
    grams = _number(found["number"]) * _GRAMS[unit]
    if unit in _REST and (rest := _REST[unit].match(text, found.end())):
        grams += _number(rest["number"]) * _GRAMS[_SMALLER[unit]]
    grams *= int(found["pieces"] or 1)
    return int(-(-grams // 1))


def _number(text: str) -> float:
    digits = re.sub(r"\s", "", text)
    thousands = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", digits)
    return float(digits.replace(",", "") if thousands else digits.replace(",", "."))
