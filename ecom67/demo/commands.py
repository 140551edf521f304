"""``ecom67 demo``: plays purchases on the local stage and shows the events that they cause."""

import typer

app = typer.Typer()


@app.command()
def demo() -> None:
    """Play purchases on the local shop and show the events that they cause."""
    from ecom67.demo.show import run

    raise typer.Exit(run())
