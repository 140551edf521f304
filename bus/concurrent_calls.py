"""Calls that are made at once, such as reads of many items."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

MAX_CONCURRENT_CALLS = 8
T = TypeVar("T")
R = TypeVar("R")


def map_concurrently(call: Callable[[T], R], values: list[T]) -> list[R]:
    """Return the results of calling a function with each value, in order; the calls run concurrently."""
    with ThreadPoolExecutor(MAX_CONCURRENT_CALLS) as pool:
        return list(pool.map(call, values))
