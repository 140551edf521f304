"""Evaluates templates of a state machine: Amazon States Language with JSONata."""

from collections.abc import Mapping
from typing import Any

from jsonata import Jsonata
from jsonata.utils import Utils


def evaluate(template: object, variables: Mapping[str, Any], **states: Any) -> Any:
    """Return a template with its expressions evaluated.

    Parameters:
        template: JSON with expressions such as ``{% $orderId %}``.
        variables: the variables that were assigned so far.
        states: members of ``$states``: ``input`` or ``result``.
    """
    match template:
        case dict():
            return {name: evaluate(value, variables, **states) for name, value in template.items()}
        case list():
            return [evaluate(value, variables, **states) for value in template]
        case str() if template.startswith("{%"):
            return _evaluate(template.removeprefix("{%").removesuffix("%}"), {**variables, "states": states})
        case _:
            return template


def _evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    # The engine reads None as undefined.
    bindings = {name: Utils.NULL_VALUE if value is None else value for name, value in variables.items()}
    result = Jsonata(expression).evaluate(None, bindings)
    assert result is not None or Jsonata(f"$exists(({expression}))").evaluate(None, bindings), (
        f"undefined: {expression}"
    )
    return result
