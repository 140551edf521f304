"""Finds what a writer may write and a reader does not accept. What cannot be decided counts as not accepted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.compatibility.schema_document import Schema, SchemaDocument, Shape, canonical, open_schema

SAME_TYPE = {"integer": ("integer", "number")}
COUNTS = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}
EXACT = ("pattern", "format")


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """A value that a writer may write and a reader does not accept.

    Attributes:
        path: of the value in the event, such as ``data.lines[].unitPrice``.
        keyword: the JSON Schema keyword that rejects it; ``presence`` for a field.
        writer: the keyword's value in the writer's contract.
        reader: the keyword's value in the reader's contract.
    """

    path: str
    keyword: str
    writer: Any
    reader: Any


def incompatibilities(writer: SchemaDocument, reader: SchemaDocument, *, closed: bool) -> list[Incompatibility]:
    """Return what a writer may write and a reader does not accept.

    Parameters:
        writer: the contract of the writer.
        reader: the contract of the reader.
        closed: whether the reader rejects unknown fields.
    """
    return list(_Comparison(writer, reader, closed).schemas(writer.root, reader.root, ""))


class _Comparison:
    def __init__(self, writer: SchemaDocument, reader: SchemaDocument, closed: bool) -> None:
        self._writer, self._reader, self._closed = writer, reader, closed
        self._within: set[tuple[str, str]] = set()

    def schemas(self, written: Schema, read: Schema, path: str) -> Iterator[Incompatibility]:
        pair = (json.dumps(written), json.dumps(read))
        if pair in self._within:
            # A recursive part is compatible where the rest of it is.
            return
        self._within.add(pair)
        readers = self._reader.alternatives(read)
        for shape in self._writer.alternatives(written):
            same = [other for other in readers if other.type in SAME_TYPE.get(shape.type, (shape.type,))]
            if not same:
                yield Incompatibility(path, "type", self._writer.type_names(written), self._reader.type_names(read))
                break
            yield from min((list(self._shapes(shape, other, path)) for other in same), key=len)
        self._within.remove(pair)

    def _shapes(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        if written.values is not None:
            yield from self._values(written, read, path)
            return
        if read.values is not None:
            yield Incompatibility(path, "enum", None, read.choices)
            return
        yield from self._exact_limits(written, read, path)
        match written.type:
            case "integer" | "number":
                yield from self._numbers(written, read, path)
            case "string":
                yield from self._counts(written, read, path)
            case "array":
                yield from self._arrays(written, read, path)
            case "object":
                yield from self._objects(written, read, path)

    def _values(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        if read.values is not None:
            taken = {canonical(value) for value in read.values}
            if any(canonical(value) not in taken for value in written.values or ()):
                yield Incompatibility(path, "enum", written.choices, read.choices)
            return
        if read.schema.get("format") not in (None, written.schema.get("format")):
            yield Incompatibility(path, "format", written.schema.get("format"), read.schema["format"])
        validator = self._reader.validator(read.schema if self._closed else open_schema(read.schema))
        refused = {str(error.validator) for value in written.values or () for error in validator.iter_errors(value)}
        yield from (
            Incompatibility(path, keyword, written.schema.get(keyword), read.schema[keyword])
            for keyword in sorted(refused)
        )

    def _exact_limits(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        for keyword in EXACT if written.type == "string" else ():
            wanted, given = read.schema.get(keyword), written.schema.get(keyword)
            if wanted is not None and wanted != given:
                yield Incompatibility(path, keyword, given, wanted)

    def _numbers(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        whole = written.type == "integer"
        for name, given, wanted in (
            ("minimum", written.lowest(whole), read.lowest(whole)),
            ("maximum", written.highest(whole), read.highest(whole)),
        ):
            if given < wanted:
                excluding = f"exclusive{name.capitalize()}"
                keyword = excluding if excluding in {*written.schema, *read.schema} else name
                yield Incompatibility(path, keyword, _bound(written, name), _bound(read, name))
        step, taken = written.schema.get("multipleOf", 1 if whole else None), read.limits.get("multipleOf")
        if taken is not None and (step is None or step % taken):
            yield Incompatibility(path, "multipleOf", written.schema.get("multipleOf"), taken)

    def _counts(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        least, most = COUNTS[written.type]
        if written.schema.get(least, 0) < read.schema.get(least, 0):
            yield Incompatibility(path, least, written.schema.get(least), read.schema[least])
        if most in read.schema and written.schema.get(most, float("inf")) > read.schema[most]:
            yield Incompatibility(path, most, written.schema.get(most), read.schema[most])

    def _arrays(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        yield from self._counts(written, read, path)
        most: float = written.schema.get("maxItems", float("inf"))
        if read.limits.get("uniqueItems") and not written.limits.get("uniqueItems") and most > 1:
            yield Incompatibility(path, "uniqueItems", written.schema.get("uniqueItems"), True)
        if most > 0:
            yield from self.schemas(written.items, read.items, f"{path}[]")

    def _objects(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        for name in read.required:
            if name not in written.required:
                yield Incompatibility(field_path(path, name), "presence", written.presence(name), read.presence(name))
        for name in written.properties:
            yield from self._named(name, written, read, field_path(path, name))
        for name, schema in read.properties.items():
            if name not in written.properties and written.additional is not False:
                yield from self.schemas(written.additional, schema, field_path(path, name))
        yield from self._unnamed(written, read, path)
        yield from self._sizes(written, read, path)

    def _named(self, name: str, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        schema = written.properties[name]
        if name in read.properties:
            yield from self.schemas(schema, read.properties[name], path)
        elif read.additional is not False:
            yield from self.schemas(schema, read.additional, path)
        elif self._closed:
            yield Incompatibility(path, "presence", written.presence(name), "absent")

    def _unnamed(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        if written.additional is False or read.additional in (True, {}):
            return
        if read.additional is not False:
            yield from self.schemas(written.additional, read.additional, f"{path}{{}}")
        elif self._closed:
            yield Incompatibility(path, "additionalProperties", written.schema.get("additionalProperties"), False)

    def _sizes(self, written: Shape, read: Shape, path: str) -> Iterator[Incompatibility]:
        least: int = max(written.schema.get("minProperties", 0), len(set(written.required)))
        most: float = written.schema.get("maxProperties", float("inf"))
        if written.additional is False:
            most = min(most, len(written.properties))
        if least < read.schema.get("minProperties", 0):
            yield Incompatibility(
                path, "minProperties", written.schema.get("minProperties"), read.schema["minProperties"]
            )
        if most > read.schema.get("maxProperties", float("inf")):
            yield Incompatibility(
                path, "maxProperties", written.schema.get("maxProperties"), read.schema["maxProperties"]
            )


def field_path(path: str, name: str) -> str:
    """Return the path of a field."""
    return f"{path}.{name}" if path else name


def _bound(shape: Shape, name: str) -> Any:
    excluding = f"exclusive{name.capitalize()}"
    return shape.schema.get(name, shape.schema.get(excluding))
