"""Measures of a ranking, and the interval of a difference between two.

Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002), with the gain 2^rating - 1;
Efron and Tibshirani, An Introduction to the Bootstrap (1993), for the percentile interval.
"""

import math
import random
import statistics
from collections.abc import Mapping, Sequence

DEPTH = 10
"""Products of a ranking that count: the first screen."""
RESAMPLES = 5000
_SEED = 67


def ndcg(ranking: Sequence[str], ratings: Mapping[str, int], depth: int = DEPTH) -> float:
    """Return the discounted gain of a ranking, as a share of that of the best ranking there could be.

    Parameters:
        ranking: ids of products, best first; one without a rating counts as wrong.
        ratings: rating of each product that was rated; at least one is above 0.
        depth: products that count.
    """
    best = _gain(sorted(ratings.values(), reverse=True)[:depth])
    return _gain([ratings.get(each, 0) for each in ranking[:depth]]) / best


def recall(ranking: Sequence[str], ratings: Mapping[str, int], depth: int = DEPTH) -> float:
    """Return the share of the products rated above 0 that are found, of as many as there is room for."""
    right = {each for each, rating in ratings.items() if rating}
    return len(right.intersection(ranking[:depth])) / min(len(right), depth)


def interval_of_mean(values: Sequence[float], resamples: int = RESAMPLES) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean; the same values always give the same interval."""
    chance = random.Random(_SEED)  # noqa: S311
    means = sorted(statistics.fmean(chance.choices(values, k=len(values))) for _ in range(resamples))
    return means[round(0.025 * (resamples - 1))], means[round(0.975 * (resamples - 1))]


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1]


def _gain(ratings: Sequence[int]) -> float:
    return sum((2.0**rating - 1) / math.log2(place + 2) for place, rating in enumerate(ratings))
