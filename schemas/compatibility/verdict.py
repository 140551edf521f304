"""The verdict on a change of the contracts: what changed, where, and who breaks.

Publishers are closed, consumers are open, and neither is deployed at the same moment as the other. So a
change is compatible where all three hold:

- what is published by the new contract is read by those who know the old one;
- what was published by the old contract is read by those who know the new one: a publisher that is not
  deployed yet, a dead letter, a replay;
- what is published by the old contract is not refused as unknown by the new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.compatibility.containment import Misfit, misfits
from schemas.compatibility.differences import PRESENCE, Place, differences
from schemas.compatibility.keywords import IDENTITY
from schemas.compatibility.shape import Contract

Documents = Mapping[str, Mapping[str, Any]]
"""Contracts by their names, such as ``orders/OrderPlaced``."""


class Party(StrEnum):
    """Who may break."""

    PUBLISHERS = "publishers"
    OLD_CONSUMERS = "old consumers"
    NEW_CONSUMERS = "new consumers"

    @property
    def meaning(self) -> str:
        """Say who they are, and how they break."""
        return {
            Party.PUBLISHERS: "who still publishes by the old contract is refused by the new one",
            Party.OLD_CONSUMERS: "who still reads by the old contract gets events that it cannot read",
            Party.NEW_CONSUMERS: "who reads by the new contract cannot read older events, as a replay brings them",
        }[self]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a contract.

    Attributes:
        contract: such as ``orders/OrderPlaced``.
        path: in the event, such as ``data.lines[].quantity``; empty for the whole.
        keyword: of JSON Schema; ``presence`` is of a field, ``contract`` of the contract itself.
        old: what was said there.
        new: what is said there now.
        breaks: who breaks; nobody where the change is compatible.
    """

    contract: str
    path: str
    keyword: str
    old: Any
    new: Any
    breaks: tuple[Party, ...] = ()

    @property
    def compatible(self) -> bool:
        """Say whether nobody breaks."""
        return not self.breaks

    def to_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "contract": self.contract,
            "path": self.path,
            "keyword": self.keyword,
            "old": self.old,
            "new": self.new,
            "compatible": self.compatible,
            "breaks": {str(party): party.meaning for party in self.breaks},
        }


def compare_all(old: Documents, new: Documents, retired: Iterable[str] = ()) -> list[Change]:
    """Return all changes between two sets of contracts.

    Parameters:
        old: as they were.
        new: as they are.
        retired: contracts that may be gone, since nobody subscribes to them or publishes them any more.

    Raises UnknownKeywordError where a contract has a keyword that is not judged.
    """
    changes: list[Change] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            breaks = () if name in retired else (Party.PUBLISHERS, Party.OLD_CONSUMERS)
            changes.append(Change(name, "", "contract", "published", None, breaks))
        elif name not in old:
            Contract(new[name])
            changes.append(Change(name, "", "contract", None, "published"))
        else:
            changes += compare(name, old[name], new[name])
    return changes


def compare(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return the changes of one contract; raises UnknownKeywordError."""
    before, after = Contract(old), Contract(new)
    broken = _Broken()
    for misfit in misfits(after, before, closed=False):
        broken.add(misfit, misfit.reader, misfit.writer, Party.OLD_CONSUMERS)
    for misfit in misfits(before, after, closed=False):
        broken.add(misfit, misfit.writer, misfit.reader, Party.NEW_CONSUMERS)
    for misfit in misfits(before, after, closed=True):
        broken.add(misfit, misfit.writer, misfit.reader, Party.PUBLISHERS)
    differing = differences(before, after)
    for place, (was, is_now) in differing.items():
        for party in _by_meaning(place, was, is_now, differing):
            broken.add(Misfit(*place, was, is_now), was, is_now, party)
    harmless = [
        Change(name, path, keyword, was, is_now)
        for (path, keyword), (was, is_now) in differing.items()
        if not broken.covers(path, keyword)
    ]
    return sorted([*broken.changes(name), *harmless], key=lambda change: (change.path, change.keyword))


def _by_meaning(place: Place, was: Any, is_now: Any, differing: Mapping[Place, Any]) -> tuple[Party, ...]:
    """Return who breaks by a change that no validator sees."""
    path, keyword = place
    if keyword == IDENTITY[-1]:
        # Sequences would be compared across different things.
        return (Party.OLD_CONSUMERS, Party.NEW_CONSUMERS)
    if keyword in IDENTITY:
        return tuple(Party)
    if keyword == "default" and (path, PRESENCE) not in differing and (was is not None or is_now is not None):
        # A field that is left out is read as one thing by some, as another by the others.
        return (Party.OLD_CONSUMERS, Party.NEW_CONSUMERS)
    return ()


class _Broken:
    def __init__(self) -> None:
        self._found: dict[Place, tuple[Any, Any, set[Party]]] = {}

    def add(self, misfit: Misfit, old: Any, new: Any, party: Party) -> None:
        place = (misfit.path, misfit.keyword)
        self._found.setdefault(place, (old, new, set()))[2].add(party)

    def covers(self, path: str, keyword: str) -> bool:
        """Say whether a difference is told of already, by itself or by that of its type."""
        same = {keyword, keyword.replace("exclusiveM", "m"), f"exclusive{keyword[:1].upper()}{keyword[1:]}", "type"}
        return any((path, name) in self._found for name in same)

    def changes(self, name: str) -> list[Change]:
        return [
            Change(name, path, keyword, old, new, tuple(party for party in Party if party in parties))
            for (path, keyword), (old, new, parties) in self._found.items()
        ]
