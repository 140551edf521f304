"""Sets the stand-in back to an earlier moment: SQLite's triggers note how to undo each change of the last hours.

When the AWS emulator is killed, the shop goes back to the last snapshot of its state, and the account at Stripe has to
go with it: money of orders that nobody knows any more would be kept.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KEPT_SECONDS = 6 * 3600
"""How long changes can be undone; the emulator saves its state every few seconds."""

_NOW = "((julianday('now') - 2440587.5) * 86400.0)"
_LOG = """
CREATE TABLE IF NOT EXISTS undo (seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, statement TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS undo_by_time ON undo (at);
"""
TABLES = {
    "objects": (("seq",), ("id", "kind", "payment", "created", "body")),
    "answers": (("account", "key"), ("fingerprint", "request", "status", "body")),
    "deliveries": (
        ("id",),
        ("event", "type", "payment", "rank", "due", "created", "status", "attempts", "outcome"),
    ),
    "settings": (("name",), ("value",)),
}
"""The key and the other columns of each table; a test compares them with the tables."""


@dataclass(frozen=True, slots=True)
class UndoneCharge:
    """A charge that was undone.

    Attributes:
        order_id: of the shop, if it was the shop's.
        amount: minor units.
        currency: as ISO 4217 has it, in capitals.
    """

    order_id: str | None
    amount: int
    currency: str


def log_changes(connection: sqlite3.Connection) -> None:
    """Create the log, and triggers on all tables that write it."""
    # Without it a row that INSERT OR REPLACE replaces is deleted silently.
    connection.execute("PRAGMA recursive_triggers = ON")
    connection.executescript(_LOG + "\n".join(_triggers()))


def forget_old(connection: sqlite3.Connection) -> None:
    """Delete what is too old to be undone."""
    connection.execute(f"DELETE FROM undo WHERE at < {_NOW} - ?", (KEPT_SECONDS,))  # noqa: S608 - a constant


def set_back(directory: Path, moment: float) -> list[UndoneCharge]:
    """Undo all changes since a moment; return the charges that are undone. The stand-in must not be running.

    Parameters:
        directory: the state directory.
        moment: seconds since the epoch.
    """
    file = directory / "stripe.sqlite3"
    if not file.exists():
        return []
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        # A file of before there was a log has nothing that could be undone.
        log_changes(connection)
        connection.execute("BEGIN IMMEDIATE")
        before = _charges(connection)
        log = connection.execute("SELECT seq, statement FROM undo WHERE at > ? ORDER BY seq DESC", (moment,)).fetchall()
        last = max((seq for seq, _ in log), default=0)
        for _, statement in log:
            connection.execute(statement)
        # The undoing was logged as well.
        connection.execute("DELETE FROM undo WHERE at > ? OR seq > ?", (moment, last))
        kept = _charges(connection).keys()
        connection.execute("COMMIT")
    finally:
        connection.close()
    return [charge for charge_id, charge in before.items() if charge_id not in kept]


def _charges(connection: sqlite3.Connection) -> dict[str, UndoneCharge]:
    found = {}
    for (body,) in connection.execute("SELECT body FROM objects WHERE kind = 'charge'"):
        charge = json.loads(body)
        if charge["captured"]:
            order_id = (charge["metadata"] or {}).get("orderId")
            found[charge["id"]] = UndoneCharge(order_id, charge["amount_captured"], charge["currency"].upper())
    return found


def _triggers() -> Iterator[str]:
    for table, (key, others) in TABLES.items():
        columns = (*key, *others)
        same = " || ' AND ".join(f"{name} IS ' || quote(new.{name})" for name in key)
        values = " || ',' || ".join(f"quote(old.{name})" for name in columns)
        changes = " || ', ".join(f"{name} = ' || quote(old.{name})" for name in columns)
        undone = {
            "INSERT": f"'DELETE FROM {table} WHERE {same}",  # noqa: S608 - names of the tables above, no input
            "UPDATE": f"'UPDATE {table} SET {changes} || ' WHERE {same}",  # noqa: S608
            "DELETE": f"'INSERT INTO {table} ({', '.join(columns)}) VALUES (' || {values} || ')'",  # noqa: S608
        }
        for event, statement in undone.items():
            logged = f"INSERT INTO undo (at, statement) VALUES ({_NOW}, {statement});"  # noqa: S608
            name = f"undo_{event.lower()}_{table}"
            yield f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} BEGIN {logged} END;"
