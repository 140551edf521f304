"""Configuration of a function: read once, typed, and complete or not started at all."""

import os
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError


class MissingSettingError(RuntimeError):
    """The environment lacks a variable, or holds a value of the wrong kind; the text names it."""


class Settings(BaseModel):
    """Base of a function's settings: field ``stock_table`` is read from ``STOCK_TABLE``.

    pydantic-settings would do the same and doubles the import time of pydantic; see the decision
    on start-up time.
    """

    model_config = ConfigDict(alias_generator=str.upper, frozen=True, extra="ignore")

    @classmethod
    def load(cls) -> Self:
        """Read the environment; raises MissingSettingError that names each variable at fault."""
        try:
            return cls.model_validate(dict(os.environ))
        except ValidationError as error:
            faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
            raise MissingSettingError(f"{cls.__module__} cannot start: {faults}") from None
