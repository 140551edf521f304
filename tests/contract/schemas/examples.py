"""An example of any event class, built from its fields: the least that it must say, and all that it can."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from schemas.event import Event


def example(event: type[Event], *, full: bool) -> Event:
    """Return an event of that class; ``full`` sets the optional fields, too."""
    return event.model_validate(_members(event, full))


def _members(model: type[BaseModel], full: bool) -> dict[str, Any]:
    return {
        name: _value(field.annotation, full)
        for name, field in model.model_fields.items()
        if full or field.is_required()
    }


def _value(annotation: Any, full: bool) -> Any:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(inner[0], full)
    if origin is Literal:
        return inner[0]
    if origin in (Union, UnionType):
        return _value(next(kind for kind in inner if kind is not NoneType), full)
    if origin is list:
        return [_value(inner[0], full)]
    if origin is dict:
        return {"colour": _value(inner[1], full)}
    if issubclass(annotation, BaseModel):
        return _members(annotation, full)
    return SCALARS[annotation]


SCALARS: Mapping[type, Any] = {
    str: "USD",  # also where an ISO 4217 code is wanted
    int: 7,
    bool: True,
    datetime: datetime(2030, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC),
}
