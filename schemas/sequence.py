"""The sequence of an aggregate: what no aggregate can reach, and how a statement of the truth is newer than all others.

A sequence counts the changes of its aggregate, and a projection drops what is not newer than what it has. DynamoDB
takes at most 1,000 writes of an item in a second (Developer Guide, "Best practices for partition keys"), so no sequence
runs ahead of the clock's milliseconds since the epoch, and an event that does is not of the aggregate. A statement of
the truth, such as a count of the warehouse, takes the clock's number: it is newer than all that consumers accepted
before.
"""

CLOCK_SKEW_MILLISECONDS = 60_000
"""By how much the clocks of a publisher and a consumer may differ."""


def is_ahead_of_clock(sequence: int, now: int) -> bool:
    """Return whether no aggregate can have this sequence yet.

    Parameters:
        sequence: of an event.
        now: milliseconds since the epoch.
    """
    return sequence > now + CLOCK_SKEW_MILLISECONDS


def restated_sequence(sequence: int, now: int) -> int:
    """Return the sequence of a change that states the truth anew, whatever was said before.

    Parameters:
        sequence: of the change before it.
        now: milliseconds since the epoch.
    """
    return max(sequence + 1, now)
