"""``ecom67 docs``: builds the event catalog."""

import typer
from rich.console import Console

from ecom67.base.paths import ROOT
from ecom67.base.progress import ProgressTree
from ecom67.base.stage_names import LOCAL
from ecom67.eventcatalog import site
from ecom67.local.connection import state_folder
from ecom67.local.stage_paths import StagePaths
from ecom67.local.synthesis import synthesise

app = typer.Typer(no_args_is_help=True, help="The event catalog.")


@app.callback()
def docs() -> None:
    """Manage the event catalog."""


@app.command("build")
def build() -> None:
    """Build the event catalog from the contracts and the synthesised templates."""
    paths = StagePaths.at(state_folder())
    steps = ProgressTree("The catalogue of events", Console(highlight=False))
    with steps.shown():
        with steps.step("Synthesise the stacks") as step:
            assembly = synthesise(paths.environment(), paths.logs / "synth.log")
            step.note(f"{len(assembly.stacks)} stacks" if assembly.fresh else "nothing has changed")
        with steps.step("Draw the diagrams and write the pages") as step:
            step.note(f"{len(site.build(assembly.folder, LOCAL))} files")
    typer.echo(f"\nIn {(site.BUILT / 'index.html').relative_to(ROOT)}; the local shop has it at /docs/events/.")
