"""Readable slugs of names; the same name always gives the same slug."""

import hashlib
import re
import unicodedata

PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_LENGTH = 128
"""Characters of a product id."""


def slugify(*parts: str) -> str:
    """Return the parts as one slug: ``("Men's Café Mug", "7")`` is ``mens-cafe-mug-7``.

    A slug longer than MAX_LENGTH is cut and ends in a digest of the whole, so that long names with
    the same beginning stay distinct. It is empty if the parts have neither a Latin letter nor a digit.
    """
    slug = "-".join(filter(None, (_plain(part) for part in parts)))
    if len(slug) <= MAX_LENGTH:
        return slug
    digest = hashlib.sha256(slug.encode()).hexdigest()[:8]
    return f"{slug[: MAX_LENGTH - 9].rstrip('-')}-{digest}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("'", "")).strip("-")
