"""``ecom67 demo``: plays purchases on the local stage and shows the events that they cause."""

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def demo(
    scene: Annotated[
        str | None, typer.Option(help="The only scene to play, such as a-purchase; all by default.")
    ] = None,
) -> None:
    """Play purchases on the local shop and show the events that they cause."""
    from ecom67.demo.show import run

    raise typer.Exit(run(only=scene))
