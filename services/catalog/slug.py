"""Readable slugs of names in any script; the same name always gives the same slug."""

import hashlib
import re

PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_LENGTH = 128
"""Characters of a product id."""
_DIGEST_LENGTH = 8
# Signs that tell names apart: without them `C++` and `C#` would both be `c`.
_SPOKEN = ((re.compile(r"(?<=[\w+])\+"), " plus "), (re.compile(r"(?<=[^\W\d_])#"), " sharp "))


def slugify(*parts: str) -> str:
    """Return the parts as one slug: ``("Men's Café Mug", "7")`` is ``mens-cafe-mug-7``, ``Чашка`` is ``chashka``.

    A slug longer than MAX_LENGTH is cut and ends in a digest of the whole, so that long names with
    the same beginning stay distinct. Parts of signs alone, such as ``***``, are their digest.
    """
    slug = "-".join(filter(None, (_plain(part) for part in parts)))
    if not slug and any(part.strip() for part in parts):
        return f"product-{_digest(' '.join(parts))}"
    if len(slug) <= MAX_LENGTH:
        return slug
    return f"{slug[: MAX_LENGTH - _DIGEST_LENGTH - 1].rstrip('-')}-{_digest(slug)}"


def numbered(slug: str, number: int) -> str:
    """Return a slug with a number behind it, from 2 on: ``lamp-2``. The first is the slug itself."""
    suffix = f"-{number}" if number > 1 else ""
    return slug[: MAX_LENGTH - len(suffix)].rstrip("-") + suffix


def _plain(text: str) -> str:
    for sign, word in _SPOKEN:
        text = sign.sub(word, text)
    return re.sub(r"[^a-z0-9]+", "-", _transliterated(text).lower().replace("'", "")).strip("-")


def _transliterated(text: str) -> str:
    if text.isascii():
        return text
    # Imported late: only the function that makes ids has it.
    from anyascii import anyascii

    return anyascii(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGEST_LENGTH]
