"""Edit distances between words, and the number of edits that a typo may be."""

from collections.abc import Iterable


def max_edits(word: str) -> int:
    """Return how many edits a typo in a word may be: none below 3 characters, one below 6, else two."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def edit_distance(one: str, other: str) -> int:
    """Return the optimal string alignment distance of two words.

    That is the number of characters to insert, delete, replace, or swap with their neighbour.
    """
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


def nearest_word(word: str, vocabulary: Iterable[str], allowed: int | None = None) -> str | None:
    """Return the word of a vocabulary with the smallest edit distance, the first of several; None if all are too far.

    Parameters:
        word: the word as typed.
        vocabulary: correct words.
        allowed: largest edit distance; ``max_edits`` of the word by default.
    """
    limit = max_edits(word) if allowed is None else allowed
    near = [(edit_distance(word, other), other) for other in vocabulary if abs(len(other) - len(word)) <= limit]
    edits, nearest = min(near, key=lambda pair: pair[0], default=(limit + 1, None))
    return nearest if edits <= limit else None
