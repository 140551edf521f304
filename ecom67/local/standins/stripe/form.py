"""Parser of form-encoded parameters with bracketed names, such as `metadata[orderId]=7`."""

import re
from collections.abc import Collection
from typing import TypeAlias
from urllib.parse import parse_qsl

from ecom67.local.standins.stripe.responses import invalid

Tree: TypeAlias = "dict[str, str | Tree]"

_BRACKETED = re.compile(r"\[([^\]]*)\]")
_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 50, 40, 500


class RequestForm:
    """The parameters of a call.

    Parameters:
        tree: the parameters, nested by their brackets.
        path: bracketed prefix of this part of the form, for error messages.
    """

    def __init__(self, tree: Tree, path: str = "") -> None:
        self._tree = tree
        self._path = path

    @classmethod
    def parse(cls, encoded: str) -> "RequestForm":
        """Return the form of a query string or a body."""
        tree: Tree = {}
        for name, value in parse_qsl(encoded, keep_blank_values=True):
            _insert(tree, name, value)
        return cls(tree)

    def __contains__(self, name: str) -> bool:
        return name in self._tree

    def accept(self, names: Collection[str]) -> None:
        """Raise ApiError where a parameter is not one of `names`, as Stripe does."""
        for name in self._tree:
            if name not in names:
                param = self._full_name(name)
                raise invalid(
                    f"The parameter {param} is unknown, or beyond this stand-in.", param=param, code="parameter_unknown"
                )

    def require(self, name: str) -> str:
        """Return the value of a required parameter; raises ApiError where it is missing."""
        value = self.text(name)
        if value is None:
            param = self._full_name(name)
            raise invalid(f"The parameter {param} is required.", param=param, code="parameter_missing")
        return value

    def text(self, name: str) -> str | None:
        """Return the value of a parameter; None where it is missing or empty."""
        value = self._tree.get(name)
        if isinstance(value, dict):
            param = self._full_name(name)
            raise invalid(f"The parameter {param} must be a single value.", param=param)
        return value or None

    def choice(self, name: str, options: Collection[str]) -> str | None:
        """Return the value of a parameter, which must be one of `options`; None where it is missing."""
        value = self.text(name)
        if value is not None and value not in options:
            param = self._full_name(name)
            raise invalid(f"The parameter {param} must be one of: {', '.join(sorted(options))}.", param=param)
        return value

    def integer(self, name: str) -> int | None:
        """Return an integer of at least 1; None where the parameter is missing."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"\d{1,12}", value, re.ASCII) or int(value) < 1:
            param = self._full_name(name)
            message = f"The parameter {param} must be a whole number of at least 1, not '{value}'."
            raise invalid(message, param=param, code="parameter_invalid_integer")
        return int(value)

    def flag(self, name: str) -> bool:
        """Return a boolean; False where the parameter is missing."""
        return self.choice(name, ("true", "false")) == "true"

    def texts(self, name: str) -> list[str]:
        """Return the items of a list parameter (`name[]` or `name[0]`, …)."""
        value = self._tree.get(name, {})
        if isinstance(value, str):
            raise invalid(f"The parameter {self._full_name(name)} must be a list.", param=self._full_name(name))
        return [member for member in value.values() if isinstance(member, str)]

    def part(self, name: str) -> "RequestForm":
        """Return the form nested under a name; an empty one where it is missing."""
        value = self._tree.get(name, {})
        if isinstance(value, str):
            raise invalid(f"The parameter {self._full_name(name)} must have members.", param=self._full_name(name))
        return RequestForm(value, self._full_name(name))

    def tree(self) -> Tree:
        """Return the nested parameters."""
        return self._tree

    def metadata(self) -> dict[str, str]:
        """Return the `metadata`, within Stripe's limits: 50 keys of 40 characters, values of 500."""
        pairs = {key: value for key, value in self.part("metadata").tree().items() if isinstance(value, str) and value}
        if len(pairs) > _METADATA_KEYS:
            raise invalid(f"metadata holds at most {_METADATA_KEYS} keys.", param="metadata")
        for key, value in pairs.items():
            if len(key) > _METADATA_KEY_LENGTH or len(value) > _METADATA_VALUE_LENGTH:
                message = (
                    f"A metadata key has at most {_METADATA_KEY_LENGTH} characters, a value {_METADATA_VALUE_LENGTH}."
                )
                raise invalid(message, param=f"metadata[{key}]")
        return pairs

    def _full_name(self, name: str) -> str:
        return f"{self._path}[{name}]" if self._path else name


def _insert(tree: Tree, name: str, value: str) -> None:
    head = name.partition("[")[0]
    *branches, leaf = [head, *_BRACKETED.findall(name)]
    for branch in branches:
        below = tree.setdefault(branch, {})
        if isinstance(below, str):
            raise invalid(f"The parameter {branch} is given both as one value and with members.", param=branch)
        tree = below
    tree[leaf or str(len(tree))] = value
