"""Persistent state in one SQLite file: objects as JSON documents, stored responses, deliveries and settings."""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ecom67.local.standins.stripe.responses import Json
from ecom67.local.standins.stripe.undo import forget_old, log_changes

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, payment TEXT,
    created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS answers (
    account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, request TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, type TEXT NOT NULL, payment TEXT NOT NULL,
    rank INTEGER NOT NULL, due REAL, created REAL NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    outcome TEXT);
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (due) WHERE status = 'waiting';
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_EMPTY = """
DELETE FROM objects; DELETE FROM answers; DELETE FROM deliveries; DELETE FROM settings;
"""
_NEWEST = """
SELECT body FROM objects
WHERE kind = :kind AND seq < :below AND created BETWEEN :since AND :until
  AND (:payment IS NULL OR payment = :payment)
  AND (:types IS NULL OR json_extract(body, '$.type') IN (SELECT value FROM json_each(:types)))
ORDER BY seq DESC LIMIT :limit
"""
_NEXT_NEWER = """
SELECT body FROM objects
WHERE kind = :kind AND seq > :above AND created BETWEEN :since AND :until
  AND (:payment IS NULL OR payment = :payment)
  AND (:types IS NULL OR json_extract(body, '$.type') IN (SELECT value FROM json_each(:types)))
ORDER BY seq LIMIT :limit
"""
_MATCHING = """
SELECT body FROM objects
WHERE kind = :kind AND NOT EXISTS (
    SELECT 1 FROM json_each(:metadata) AS wanted
    WHERE wanted.value IS NOT (SELECT value FROM json_each(body, '$.metadata') AS held WHERE held.key = wanted.key))
ORDER BY seq
"""
_FOREVER = 2**62


@dataclass(frozen=True)
class ListQuery:
    """The query of a listing.

    Attributes:
        kind: `payment_intent`, `charge`, `refund`, `event` or `payment_method`.
        limit: maximum number of objects.
        since, until: bounds of `created`, Unix seconds, both inclusive.
        payment: only objects of this PaymentIntent.
        types: only events of these types; empty means all.
    """

    kind: str
    limit: int
    since: int = 0
    until: int = _FOREVER
    payment: str | None = None
    types: tuple[str, ...] = ()

    def bindings(self) -> Json:
        """Return the parameters of the SQL queries."""
        types = json.dumps(self.types) if self.types else None
        return {**vars(self), "types": types}


def new_id(prefix: str) -> str:
    """Return a unique id in Stripe's form: `pi_`, `ch_`, … and 24 characters."""
    return f"{prefix}_{secrets.token_hex(12)}"


class ObjectStore:
    """The documents of the stand-in, in `stripe.sqlite3` in a directory; for use by one thread.

    Parameters:
        directory: the state directory, created if missing.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(directory / "stripe.sqlite3", isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.executescript(_SCHEMA)
        log_changes(self.connection)
        forget_old(self.connection)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def clear(self) -> None:
        """Delete everything."""
        with self.transaction():
            for statement in filter(str.strip, _EMPTY.split(";")):
                self.connection.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block as a transaction, which is rolled back where the block raises."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def put(self, document: Json, *, payment: str | None = None) -> None:
        """Store a document; `payment` is the id of the PaymentIntent of a new one."""
        self.connection.execute(
            "INSERT INTO objects (id, kind, payment, created, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            (document["id"], document["object"], payment, document["created"], json.dumps(document)),
        )

    def get(self, kind: str, object_id: str) -> Json | None:
        """Return the document of a kind with an id, or None."""
        query = "SELECT body FROM objects WHERE id = ? AND kind = ?"
        row = self.connection.execute(query, (object_id, kind)).fetchone()
        return cast("Json", json.loads(row[0])) if row else None

    def position(self, object_id: str) -> int | None:
        """Return the position of a document in the order of creation, or None."""
        row = self.connection.execute("SELECT seq FROM objects WHERE id = ?", (object_id,)).fetchone()
        return cast("int", row[0]) if row else None

    def newest(self, query: ListQuery, *, below: int = _FOREVER) -> list[Json]:
        """Return the newest documents before the position `below`, newest first."""
        return self._documents(_NEWEST, {**query.bindings(), "below": below})

    def next_newer(self, query: ListQuery, *, above: int) -> list[Json]:
        """Return the documents that follow the position `above`, newest first."""
        return self._documents(_NEXT_NEWER, {**query.bindings(), "above": above})[::-1]

    def matching(self, kind: str, metadata: dict[str, str]) -> list[Json]:
        """Return all documents of a kind with some metadata, oldest first."""
        return self._documents(_MATCHING, {"kind": kind, "metadata": json.dumps(metadata)})

    def _documents(self, query: str, bindings: Json) -> list[Json]:
        return [json.loads(row[0]) for row in self.connection.execute(query, bindings)]
