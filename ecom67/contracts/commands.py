"""``ecom67 schemas``: generates, checks, lists and downloads the event contracts."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from ecom67.base.errors import CliError
from ecom67.base.options import select_stage
from ecom67.base.paths import ROOT
from ecom67.base.stage_names import LOCAL
from ecom67.base.tables import print_table
from ecom67.contracts import registry, revision
from ecom67.contracts.bindings import Language, generate_bindings, write_bindings
from ecom67.contracts.fields import fields_of
from schemas import generation
from schemas.compatibility.changes import ContractChange, Party, compare_all
from schemas.compatibility.keywords import UnknownKeywordError
from schemas.exporters.examples import MissingExampleError
from schemas.exporters.typescript import ToolMissingError
from schemas.registry import RETIRED

app = typer.Typer(no_args_is_help=True, help="The published event contracts.")

StageOption = Annotated[
    str,
    typer.Option(
        "--stage",
        help="local: the contracts of this checkout; other stages: the registry in AWS.",
        callback=select_stage,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
EventsOption = Annotated[
    list[str] | None, typer.Option("--event", help="Detail type, such as OrderPlaced; repeatable; default: all events.")
]


@app.command("generate")
def generate(
    breaking: Annotated[bool, typer.Option("--breaking", help="Write even incompatible changes.")] = False,
) -> None:
    """Generate the published contracts from the event classes.

    An incompatible change is refused without --breaking, which is meant for events that were never published.
    """
    changes = _changes(revision.committed())
    if not breaking and any(not change.compatible for change in changes):
        _show(changes)
        raise CliError(
            "Nothing is written. Create a new class …V2, or use --breaking if the event was never published."
        )
    try:
        for path in generation.write_files():
            typer.echo(f"{'written' if path.exists() else 'deleted'}: {_name(path)}")
    except (MissingExampleError, ToolMissingError) as error:
        raise CliError(str(error)) from None


@app.command("check")
def check(
    against: Annotated[
        str | None, typer.Option(help="Compare with the contracts at this git revision, such as main or v1.2.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that the published contracts match the event classes and have no incompatible change."""
    changes = _changes(revision.committed() if against is None else revision.at_revision(against))
    try:
        stale = [_name(path) for path in generation.stale_files()]
    except (MissingExampleError, ToolMissingError) as error:
        raise CliError(str(error)) from None
    broken = [change for change in changes if not change.compatible]
    if as_json:
        report = {
            "against": against or "the committed contracts",
            "compatible": not broken,
            "stale": stale,
            "changes": [change.to_json() for change in changes],
        }
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
        raise typer.Exit(1 if broken or stale else 0)
    _show(changes)
    if broken:
        raise CliError(f"{_counted(len(broken), 'change')} would break somebody.")
    if stale:
        names = "\n".join(f"  {path}" for path in stale)
        raise CliError(f"These files differ from the event classes; run `make schemas` and commit them.\n{names}")
    since = f" Since {against}: {_counted(len(changes), 'compatible change')}." if against else ""
    typer.echo(f"The published contracts are those of the event classes.{since}")


@app.command("list")
def list_contracts(stage: StageOption = LOCAL, as_json: JsonOption = False) -> None:
    """List the contracts of a stage."""
    contracts = list(registry.select_contracts(registry.registry_of(stage), None))
    if as_json:
        rows = [
            {
                "name": contract.name,
                "source": contract.source,
                "detailType": contract.detail_type,
                "version": contract.version,
                "description": contract.description,
            }
            for contract in contracts
        ]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    found = [(each.detail_type, each.source, str(each.version), each.description) for each in contracts]
    print_table(("Event", "Source", "Version", "What happened"), found)


@app.command("show")
def show(
    event: Annotated[str, typer.Argument(help="Detail type, such as OrderPlaced.")],
    stage: StageOption = LOCAL,
    as_json: Annotated[bool, typer.Option("--json", help="Print the schema, Draft 4 of the whole event.")] = False,
) -> None:
    """Show the fields of an event."""
    (contract,) = registry.select_contracts(registry.registry_of(stage), [event])
    if as_json:
        typer.echo(json.dumps(contract.schema, indent=2, ensure_ascii=False))
        return
    console = _console()
    console.print(f"[bold]{contract.detail_type}[/], version {contract.version}, of {contract.source}")
    console.print(contract.description, markup=False, soft_wrap=True)
    console.print()
    fields = fields_of(contract.schema, "detail")
    found = [(each.path, each.type, "yes" if each.required else "", each.limits, each.meaning) for each in fields]
    print_table(("Field", "Type", "Must", "Limits", "Meaning"), found)


@app.command("pull")
def pull(
    out: Annotated[Path, typer.Option(help="Target folder, created if needed.")],
    stage: StageOption = LOCAL,
    event: EventsOption = None,
) -> None:
    """Download the contracts of a stage into a folder, as Draft 4 of the whole event."""
    out.mkdir(parents=True, exist_ok=True)
    contracts = list(registry.select_contracts(registry.registry_of(stage), event))
    for contract in contracts:
        text = json.dumps(contract.schema, indent=2, ensure_ascii=False)
        (out / f"{contract.name}.json").write_text(f"{text}\n")
    typer.echo(f"{_counted(len(contracts), 'contract')} of stage {stage} in {out}")


@app.command("bindings")
def bindings(
    lang: Annotated[Language, typer.Option(help="Language of the consuming service.")],
    out: Annotated[Path, typer.Option(help="Target folder, created if needed.")],
    stage: StageOption = LOCAL,
    event: EventsOption = None,
) -> None:
    """Generate typed code that reads events: pydantic models, or TypeScript types."""
    contracts = list(registry.select_contracts(registry.registry_of(stage), event))
    with Console(stderr=True).status(f"Making {lang} of {_counted(len(contracts), 'event')}"):
        modules = generate_bindings(contracts, lang)
    write_bindings(modules, out)
    for name in modules:
        typer.echo(f"written: {out / name}")


def _changes(before: revision.Documents) -> list[ContractChange]:
    try:
        return compare_all(before, generation.contracts(), RETIRED)
    except UnknownKeywordError as error:
        raise CliError(f"{error}\nWhat a contract may use is in schemas/compatibility/keywords.py.") from None


def _show(changes: list[ContractChange]) -> None:
    if not changes:
        return
    console = _console()
    for change in sorted(changes, key=lambda change: change.compatible):
        mark = "[green]✓[/]" if change.compatible else "[red]✗[/]"
        place = escape(f"{change.contract} {change.path}".rstrip())
        console.print(f"{mark} [bold]{place}[/]  {change.keyword}", soft_wrap=True)
        console.print(f"    {_value(change.old)} → {_value(change.new)}", markup=False, soft_wrap=True)
        console.print(f"    breaks {', '.join(change.breaks) or 'nobody'}", soft_wrap=True)
    broken = {party for change in changes for party in change.breaks}
    for party in (party for party in Party if party in broken):
        console.print(f"{party}: {party.meaning}", markup=False, soft_wrap=True)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else "–" if value is None else json.dumps(value, ensure_ascii=False)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _console() -> Console:
    return Console(highlight=False)
