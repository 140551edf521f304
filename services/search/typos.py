"""Typos: how many letters of a word may be wrong, and which word is the nearest."""

from collections.abc import Iterable


def allowed_edits(word: str) -> int:
    """Return how many letters of a word may be wrong: the shorter, the fewer."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def edits_between(one: str, other: str) -> int:
    """Return how many letters have to be put in, taken out, replaced, or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, opposite in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != opposite))
            is_swap = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite
            current.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        before, last = last, current
    return last[-1]


def nearest(word: str, known: Iterable[str], allowed: int | None = None) -> str | None:
    """Return the nearest of the known words, the first of several; None where all are too far away.

    Parameters:
        word: as it was typed.
        known: words that there are.
        allowed: edits; by default as many as the word's length allows.
    """
    most = allowed_edits(word) if allowed is None else allowed
    near = [(edits_between(word, other), other) for other in known if abs(len(other) - len(word)) <= most]
    edits, found = min(near, key=lambda pair: pair[0], default=(most + 1, None))
    return found if edits <= most else None
