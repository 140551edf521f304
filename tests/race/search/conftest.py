"""The engines of the contract's tests."""

from tests.contract.search.conftest import new_index

__all__ = ["new_index"]
