"""Integer arithmetic of minor units. A half is rounded up, away from zero: amounts of a sale are never negative."""

from collections.abc import Sequence


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return the quotient of a non-negative and a positive number, rounded to the nearest, a half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def share_of(amount: int, before: int, units: int, of: int) -> int:
    """Return the part of an amount that falls to some of several units, so that parts always add up to all of it.

    Parameters:
        amount: of all units.
        before: units that had their part earlier.
        units: those that get theirs now.
        of: all units; more than 0.
    """
    return divide_half_up(amount * (before + units), of) - divide_half_up(amount * before, of)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Return an amount spread in proportion to weights, by the largest remainder; a tie goes to the first.

    Parameters:
        amount: what is spread.
        weights: none is negative; where all are 0, they count alike.
    """
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(amount * weights[index] % total), index))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts
