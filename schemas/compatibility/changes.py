"""Compares two versions of the contracts: what changed, where, and who breaks.

Publishers are closed, consumers are open, and they are not deployed at the same moment. So a change is compatible where
all three hold:

- consumers of the old contract accept what the new one publishes;
- consumers of the new contract accept what the old one published: by a publisher that is not deployed yet, in a dead
  letter, in a replay;
- the new contract does not reject as unknown what the old one publishes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.compatibility.differences import PRESENCE, Place, differences
from schemas.compatibility.incompatibilities import Incompatibility, incompatibilities
from schemas.compatibility.keywords import IDENTITY
from schemas.compatibility.schema_document import SchemaDocument

Documents = Mapping[str, Mapping[str, Any]]
"""Contracts by their names, such as ``orders/OrderPlaced``."""


class Party(StrEnum):
    """Who may break."""

    PUBLISHERS = "publishers"
    OLD_CONSUMERS = "old consumers"
    NEW_CONSUMERS = "new consumers"

    @property
    def meaning(self) -> str:
        """Return a sentence on how it breaks."""
        return {
            Party.PUBLISHERS: "who still publishes by the old contract is refused by the new one",
            Party.OLD_CONSUMERS: "who still reads by the old contract gets events that it cannot read",
            Party.NEW_CONSUMERS: "who reads by the new contract cannot read older events, as a replay brings them",
        }[self]


@dataclass(frozen=True, slots=True)
class ContractChange:
    """One change of a contract.

    Attributes:
        contract: such as ``orders/OrderPlaced``.
        path: in the event, such as ``data.lines[].quantity``; empty for the whole.
        keyword: of JSON Schema; ``presence`` for a field, ``contract`` for the contract itself.
        old: the keyword's value before.
        new: the keyword's value now.
        breaks: who breaks; empty where the change is compatible.
    """

    contract: str
    path: str
    keyword: str
    old: Any
    new: Any
    breaks: tuple[Party, ...] = ()

    @property
    def compatible(self) -> bool:
        """Return whether no party breaks."""
        return not self.breaks

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON."""
        return {
            "contract": self.contract,
            "path": self.path,
            "keyword": self.keyword,
            "old": self.old,
            "new": self.new,
            "compatible": self.compatible,
            "breaks": {str(party): party.meaning for party in self.breaks},
        }


def compare_all(old: Documents, new: Documents, retired: Iterable[str] = ()) -> list[ContractChange]:
    """Return all changes between two sets of contracts.

    Parameters:
        old: the contracts before.
        new: the contracts now.
        retired: contracts that may be missing, since they have no subscriber and no publisher any more.

    Raises UnknownKeywordError where a contract has a keyword that is not judged.
    """
    changes: list[ContractChange] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            breaks = () if name in retired else (Party.PUBLISHERS, Party.OLD_CONSUMERS)
            changes.append(ContractChange(name, "", "contract", "published", None, breaks))
        elif name not in old:
            SchemaDocument(new[name])
            changes.append(ContractChange(name, "", "contract", None, "published"))
        else:
            changes += compare(name, old[name], new[name])
    return changes


def compare(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ContractChange]:
    """Return the changes of one contract; raises UnknownKeywordError."""
    before, after = SchemaDocument(old), SchemaDocument(new)
    broken = _Broken()
    for misfit in incompatibilities(after, before, closed=False):
        broken.add(misfit, misfit.reader, misfit.writer, Party.OLD_CONSUMERS)
    for misfit in incompatibilities(before, after, closed=False):
        broken.add(misfit, misfit.writer, misfit.reader, Party.NEW_CONSUMERS)
    for misfit in incompatibilities(before, after, closed=True):
        broken.add(misfit, misfit.writer, misfit.reader, Party.PUBLISHERS)
    differing = differences(before, after)
    for place, (was, is_now) in differing.items():
        for party in _by_meaning(place, was, is_now, differing):
            broken.add(Incompatibility(*place, was, is_now), was, is_now, party)
    harmless = [
        ContractChange(name, path, keyword, was, is_now)
        for (path, keyword), (was, is_now) in differing.items()
        if not broken.covers(path, keyword)
    ]
    return sorted([*broken.changes(name), *harmless], key=lambda change: (change.path, change.keyword))


def _by_meaning(place: Place, was: Any, is_now: Any, differing: Mapping[Place, Any]) -> tuple[Party, ...]:
    """Return who breaks by a change that no validator detects."""
    path, keyword = place
    if keyword == IDENTITY[-1]:
        # Sequences of different aggregates would be compared.
        return (Party.OLD_CONSUMERS, Party.NEW_CONSUMERS)
    if keyword in IDENTITY:
        return tuple(Party)
    if keyword == "default" and (path, PRESENCE) not in differing and (was is not None or is_now is not None):
        # Old and new consumers would read different values for a missing field.
        return (Party.OLD_CONSUMERS, Party.NEW_CONSUMERS)
    return ()


class _Broken:
    def __init__(self) -> None:
        self._found: dict[Place, tuple[Any, Any, set[Party]]] = {}

    def add(self, misfit: Incompatibility, old: Any, new: Any, party: Party) -> None:
        place = (misfit.path, misfit.keyword)
        self._found.setdefault(place, (old, new, set()))[2].add(party)

    def covers(self, path: str, keyword: str) -> bool:
        """Return whether a difference is reported already, by its keyword or by its type."""
        same = {keyword, keyword.replace("exclusiveM", "m"), f"exclusive{keyword[:1].upper()}{keyword[1:]}", "type"}
        return any((path, name) in self._found for name in same)

    def changes(self, name: str) -> list[ContractChange]:
        return [
            ContractChange(name, path, keyword, old, new, tuple(party for party in Party if party in parties))
            for (path, keyword), (old, new, parties) in self._found.items()
        ]
