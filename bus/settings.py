"""Configuration of a function: typed, read once from the environment, and complete or the function does not start."""

import os
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError


class MissingSettingError(RuntimeError):
    """A variable of the environment is missing or invalid; the text names it."""


class Settings(BaseModel):
    """Base of a function's settings: field ``stock_table`` is read from ``STOCK_TABLE``.

    pydantic-settings does the same and doubles the import time of pydantic; see the decision on start-up time.
    """

    model_config = ConfigDict(alias_generator=str.upper, frozen=True, extra="ignore")

    @classmethod
    def load(cls) -> Self:
        """Return the settings of the environment; raises MissingSettingError, which names each variable at fault."""
        try:
            return cls.model_validate(dict(os.environ))
        except ValidationError as error:
            faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
            raise MissingSettingError(f"{cls.__module__} cannot start: {faults}") from None
