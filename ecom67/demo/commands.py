"""``ecom67 demo``: a walk through a purchase and what follows from it."""

import typer

app = typer.Typer()


@app.command()
def demo() -> None:
    """Walk through a purchase and what follows from it."""
    from ecom67.demo.show import run

    raise typer.Exit(run())
