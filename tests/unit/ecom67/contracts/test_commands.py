"""The commands of the contracts tell what a contributor has to do, in a sentence."""

from collections.abc import Callable

import pytest

from ecom67.base.errors import CliError
from ecom67.contracts import commands
from schemas import generation
from schemas.exporters.examples import MissingExampleError


@pytest.mark.parametrize("command", [lambda: commands.generate(breaking=False), lambda: commands.check(None)])
def test_a_field_without_an_example_value_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, command: Callable[[], None]
) -> None:
    def fail() -> None:
        raise MissingExampleError("The field colour of Novelty has no example value.")

    monkeypatch.setattr(commands, "_changes", lambda _: [])
    monkeypatch.setattr(generation, "write_files", fail)
    monkeypatch.setattr(generation, "stale_files", fail)

    with pytest.raises(CliError, match="The field colour of Novelty has no example value"):
        command()
