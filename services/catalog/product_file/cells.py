"""Reads cells that hold a yes or no, a path of categories, or tags."""

_YES = frozenset({"1", "true", "yes", "y", "published"})
MAX_TAGS = 50
MAX_TAG_LENGTH = 50


def is_yes(text: str) -> bool:
    """Return whether a cell says yes."""
    return text.strip().casefold() in _YES


def split_path(path: str) -> list[str]:
    """Return the parts of a path of categories, the narrowest last: ``Home > Lamps`` has two."""
    return [part.strip() for part in path.split(">") if part.strip()]


def usable_tags(tags: list[str]) -> tuple[list[str], list[str]]:
    """Return the tags that a product can have, and those that are too long or too many."""
    fitting = [tag for tag in dict.fromkeys(tags) if len(tag) <= MAX_TAG_LENGTH][:MAX_TAGS]
    return fitting, [tag for tag in dict.fromkeys(tags) if tag not in fitting]
