"""The number of an order, as people read it, type it and say it on the telephone.

It is derived from the order's id, so that the API, the e-mails and the assistant have the same one without asking each
other. It is never a key: two orders may have the same number, and nothing but a list that people read may look for it.
"""

import hashlib

ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
"""Digits and capitals, no two of which look alike: without 0, 1, B, I, L, O, S, U and Z."""
LENGTH = 10
"""27¹⁰ are 2 · 10¹⁴ numbers. Two given orders share one with a chance of 1 in 2 · 10¹⁴, and some two of a million
orders with a chance of 1 in 400."""


def order_number(order_id: str) -> str:
    """Return the number of an order: ten signs of ``ALPHABET``.

    Parameters:
        order_id: its id, of which every letter counts.
    """
    value = int.from_bytes(hashlib.sha256(order_id.encode()).digest())
    signs = []
    for _ in range(LENGTH):
        value, rest = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def typed_order_number(text: str) -> str | None:
    """Return the order number that a person typed, in small letters or with spaces; None where it is none."""
    signs = "".join(text.replace("-", " ").split()).upper()
    return signs if len(signs) == LENGTH and set(signs) <= set(ALPHABET) else None
