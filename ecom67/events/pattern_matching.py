"""Why a pattern does not match an event: which of its keys, and what the event has there.

The matcher itself is a parameter, so that each reason is its own: each key is asked for as a pattern of its own.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OR = "$or"
TOGETHER = "each key matches by itself, but no element of a list matches all of those that are asked of it"

Pattern = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a matcher says of a pattern.

    Attributes:
        error: why the pattern is refused; None where it is accepted.
        matches: whether it matches each event, in their order; empty where it is refused.
    """

    error: str | None
    matches: list[bool]


Judge = Callable[[Sequence[str], Sequence[str]], list[Verdict]]
"""Returns a matcher's verdict on each pattern, given patterns and events as JSON text."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a pattern.

    Attributes:
        path: the keys that lead to it.
        allowed: what the pattern allows there; for ``$or``, its alternatives.
    """

    path: tuple[str, ...]
    allowed: list[Any]

    @property
    def pattern(self) -> dict[str, Any]:
        """The pattern of this condition alone."""
        nested: Any = self.allowed
        for key in reversed(self.path):
            nested = {key: nested}
        return dict(nested)

    def reason(self, event: Any) -> str:
        """Return why an event that does not match it does not."""
        if self.path[-1] == OR:
            place = f" below {'.'.join(self.path[:-1])}" if self.path[:-1] else ""
            return f"no alternative of {OR}{place} matches: {_json(self.allowed)}"
        found = list(_values(event, self.path))
        has = " and ".join(_json(value) for value in found) if found else "missing in the event"
        return f"{'.'.join(self.path)} is {has}; the pattern allows {_json(self.allowed)}"


@dataclass(frozen=True, slots=True)
class Match:
    """What a pattern says of one event.

    Attributes:
        matches: whether it matches.
        reasons: why it does not; empty where it does.
    """

    matches: bool
    reasons: list[str]


def conditions(pattern: Pattern) -> list[Condition]:
    """Return the conditions of a pattern, all of which an event has to meet."""
    return list(_conditions(pattern, ()))


def match(pattern: Pattern, events: Sequence[Any], judge: Judge) -> list[Match]:
    """Return what a pattern says of each event.

    Parameters:
        pattern: the event pattern.
        events: events as EventBridge delivers them.
        judge: the matcher, which is asked once.

    Raises ValueError, with the matcher's reason, where it refuses the pattern.
    """
    parts = conditions(pattern)
    whole, *of_parts = judge(
        [json.dumps(pattern), *(json.dumps(part.pattern) for part in parts)], [json.dumps(event) for event in events]
    )
    if whole.error is not None:
        raise ValueError(whole.error)
    results = []
    for index, event in enumerate(events):
        unmet = [part for part, verdict in zip(parts, of_parts, strict=True) if not verdict.matches[index]]
        matches = whole.matches[index]
        results.append(Match(matches, [] if matches else [part.reason(event) for part in unmet] or [TOGETHER]))
    return results


def _conditions(pattern: Pattern, path: tuple[str, ...]) -> Iterator[Condition]:
    for key, value in pattern.items():
        if isinstance(value, Mapping):
            yield from _conditions(value, (*path, key))
        else:
            yield Condition((*path, key), value)


def _values(event: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Yield what an event has at a path; a list on the way stands for each of its elements."""
    if not path:
        yield event
    elif isinstance(event, list):
        for element in event:
            yield from _values(element, path)
    elif isinstance(event, Mapping) and path[0] in event:
        yield from _values(event[path[0]], path[1:])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
