"""Generated bindings: typed code with which a service in Python or TypeScript reads events."""

import warnings
from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from ecom67.base.errors import CliError
from ecom67.contracts.registry import PublishedContract
from schemas.contract import RFC_3339
from schemas.exporters.json_schema import Json, each_schema
from schemas.exporters.typescript import ToolMissingError, consumer_schema, typescript

HEADER = "# Generated from the event contracts. What is not declared here may be there, too: it is ignored."
HEADER_LINES = 2
LINE_LENGTH = 120
DATETIME = "AwareDatetime"
TIMESTAMP = f'''

def _rfc_3339(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"{RFC_3339.pattern}", value):
        return value
    raise ValueError("not an RFC 3339 timestamp")


Timestamp = Annotated[{DATETIME}, BeforeValidator(_rfc_3339)]
'''


class Language(StrEnum):
    """The languages of bindings."""

    PYTHON = "python"
    TYPESCRIPT = "typescript"


def generate_bindings(contracts: Iterable[PublishedContract], language: Language) -> dict[str, str]:
    """Return the modules of the bindings by file name, one for each publishing service.

    Parameters:
        contracts: the contracts of the events.
        language: the language of the consuming service.

    Raises CliError where Node.js, which generates TypeScript, is missing.
    """
    by_name = sorted(contracts, key=lambda contract: contract.name)
    schemas_of = {
        service: [contract.schema for contract in group]
        for service, group in groupby(by_name, key=lambda contract: contract.service)
    }
    if language is Language.PYTHON:
        return {f"{service}.py": _python(consumer_schema(service, schemas)) for service, schemas in schemas_of.items()}
    try:
        modules = typescript(schemas_of)
    except ToolMissingError as error:
        raise CliError(str(error)) from None
    return {f"{service}.ts": module for service, module in modules.items()}


def write_bindings(modules: dict[str, str], folder: Path) -> None:
    """Write the modules of bindings into a folder, which is created if needed."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(name.endswith(".py") for name in modules):
        modules = {"__init__.py": f"{HEADER}\n", **modules}
    for name, text in modules.items():
        (folder / name).write_text(text)


def _python(schema: Json) -> str:
    # Imported late: the import takes half a second.
    from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType, StrictTypes
    from datamodel_code_generator.format import Formatter

    with warnings.catch_warnings():
        # Its warnings about later versions do not concern the user of the bindings.
        warnings.simplefilter("ignore")
        module = generate(
            {**_nullable(schema), "discriminator": {"propertyName": "detail-type"}},
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            formatters=[Formatter.BUILTIN],
            # Otherwise a pyproject.toml of the folder in which the command runs decides how long the lines are.
            builtin_format_line_length=LINE_LENGTH,
            settings_path=Path(__file__).parent,
            custom_file_header=HEADER,
            disable_future_imports=True,
            snake_case_field=True,
            allow_population_by_field_name=True,
            enum_field_as_literal=LiteralType.All,
            field_constraints=True,
            use_annotated=True,
            use_title_as_name=True,
            use_schema_description=True,
            use_field_description=True,
            strict_nullable=True,
            # A consumer refuses what the contract refuses: true is not a number, and neither is "1099".
            strict_types=[StrictTypes.str, StrictTypes.int, StrictTypes.float, StrictTypes.bool],
        )
    if not isinstance(module, str):
        raise TypeError("datamodel-code-generator made something else than one module")
    return _with_timestamps(module)


def _with_timestamps(module: str) -> str:
    """Return a module whose times are RFC 3339 timestamps, and not also numbers as pydantic takes them."""
    lines = module.replace(DATETIME, "Timestamp").splitlines(keepends=True)
    (place,) = (place for place, line in enumerate(lines) if line.startswith("from pydantic import "))
    names = {name.strip() for name in lines[place].removeprefix("from pydantic import ").split(",")} - {"Timestamp"}
    lines[place] = f"from pydantic import {', '.join(sorted(names | {DATETIME, 'BeforeValidator'}))}\n{TIMESTAMP}"
    return "import re\n".join(["".join(lines[:HEADER_LINES]), "".join(lines[HEADER_LINES:])])


def _nullable(schema: Json) -> Json:
    """Return the schemas with ``anyOf [limited type, null]`` written as a list of two types.

    Of the other form, the generator loses the null where the type has a limit.
    """
    definitions = {name: each_schema(held, _one_schema) for name, held in schema["definitions"].items()}
    return {**schema, "definitions": definitions}


def _one_schema(schema: Json) -> Json:
    match schema:
        case {"anyOf": [{"type": "string" | "integer" | "number" | "boolean"} as limited, {"type": "null"}]}:
            beside = {keyword: value for keyword, value in schema.items() if keyword != "anyOf"}
            return {**limited, **beside, "type": [limited["type"], "null"]}
    return schema
