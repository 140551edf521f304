"""Reads a list in one text, as tables and some shops write it."""

import re

_BEFORE_ADDRESS = re.compile(r"\s*[|;,]\s*(?=https?:|/)|\s*\|\s*|\s+(?=https?:)", re.IGNORECASE)


def split_list(text: str) -> list[str]:
    """Return the entries of a list, which are separated by ``|``, else by ``;``, else by ``,``."""
    separator = next((sign for sign in "|;" if sign in text), ",")
    # WooCommerce writes a comma inside an entry with a backslash.
    entries = re.split(r"(?<!\\),", text) if separator == "," else text.split(separator)
    return list(dict.fromkeys(entry.replace("\\,", ",").strip() for entry in entries if entry.strip()))


def split_addresses(text: str) -> list[str]:
    """Return the addresses of a list. A comma or semicolon separates only before another one: it may be part of one."""
    return list(dict.fromkeys(part for part in _BEFORE_ADDRESS.split(text.strip()) if part))
