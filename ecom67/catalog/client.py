"""Sends rows to the shop's import, and adds up what became of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx

from ecom67.catalog.file import FileRow

ATTEMPTS = 4
TIMEOUT = httpx.Timeout(35, connect=5)
"""Seconds; the API itself gives up after 30."""


class ImportFailedError(Exception):
    """The shop cannot be asked, or does not take the rows; the text says why."""

    label: ClassVar[str] = "The import failed"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that the shop did not take, by its place in the file."""

    number: int
    product_id: str | None
    errors: list[str]


@dataclass(slots=True)
class Outcome:
    """What became of the rows of a file so far.

    Attributes:
        imported: for each product, the row that told of it and what became of it.
        rejected: rows of which nothing was taken, and those that tell of a product for the second time.
        ignored_fields: names in the rows that mean nothing to the catalog.
    """

    imported: dict[str, tuple[int, str]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    ignored_fields: list[str] = field(default_factory=list)

    def add(self, rows: Sequence[FileRow], report: dict[str, Any]) -> None:
        """Add the shop's report on some rows. Rows written by an interrupted request keep what became of them."""
        for entry in report["imported"]:
            number, product_id = rows[entry["row"] - 1].number, entry["productId"]
            first, _ = self.imported.setdefault(product_id, (number, entry["outcome"]))
            if first != number:
                error = f"productId: row {first} is the same product; this row came later and replaced it"
                self.rejected.append(Rejected(number, product_id, [error]))
        self.ignored_fields = sorted({*self.ignored_fields, *report["ignoredFields"]})

    def add_rejected(self, rows: Sequence[FileRow], report: dict[str, Any]) -> None:
        """Add the rows that the shop did not take, once a request is through."""
        for entry in report["rejected"]:
            number = rows[entry["row"] - 1].number
            self.rejected.append(Rejected(number, entry.get("productId"), entry["errors"]))

    def count(self, outcome: str) -> int:
        """Return how many products were ``CREATED``, ``UPDATED`` or ``UNCHANGED``."""
        return sum(became == outcome for _, became in self.imported.values())

    def summary(self) -> dict[str, Any]:
        """Return the whole as the shop's API would tell it, with the rows of the file."""
        return {
            **{name.lower(): self.count(name) for name in ("CREATED", "UPDATED", "UNCHANGED")},
            "rejected": [
                {"row": row.number, "errors": row.errors} | ({"productId": row.product_id} if row.product_id else {})
                for row in self.rejected
            ],
            "ignoredFields": self.ignored_fields,
        }


class ImportClient:
    """The import of one shop, as its staff.

    Parameters:
        http: the HTTP client.
        url: address of the shop.
        token: a staff member's ID token.
        dry_run: whether the shop only tells what it would do.
        pause: waits that many seconds; replaced in tests.
    """

    def __init__(
        self, http: httpx.Client, url: str, token: str, *, dry_run: bool, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._http = http
        self._url = url.rstrip("/").removesuffix("/api") + "/api/products/import"
        self._token = token
        self._query = {"dryRun": "true"} if dry_run else {}
        self._pause = pause

    def send(self, rows: Sequence[FileRow], outcome: Outcome) -> None:
        """Send rows and add what became of them to ``outcome``; raises ImportFailedError.

        After a fault on the way or on the shop's side the same rows are sent again: that is safe.
        """
        why = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._pause(0.5 * 2 ** (attempt - 1))
            try:
                answer = self._post(rows)
            except (httpx.ReadError, httpx.RemoteProtocolError, httpx.TimeoutException) as error:
                why = f"the shop did not answer ({type(error).__name__})"
                continue
            if answer.is_success:
                report = _body(answer)
                if "imported" not in report:
                    raise ImportFailedError(f"what answers at {self._url} is not the shop's import")
                outcome.add(rows, report)
                outcome.add_rejected(rows, report)
                return
            if answer.status_code < 500:
                raise ImportFailedError(_refusal(answer))
            why = f"the shop answered {answer.status_code}: {_detail(answer)}"
            written = _body(answer).get("report")
            if written:
                outcome.add(rows, written)
        raise ImportFailedError(f"{why}, {ATTEMPTS} times; import the same file again later")

    def _post(self, rows: Sequence[FileRow]) -> httpx.Response:
        try:
            return self._http.post(
                self._url,
                params=self._query,
                json=[row.values for row in rows],
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=TIMEOUT,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise ImportFailedError(f"nothing answers at {self._url}; does the shop run?") from None
        except UnicodeEncodeError:
            raise ImportFailedError("the token is none: it has characters that no token has") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError):
            raise ImportFailedError(f"{self._url} is not an http(s) address") from None


def _refusal(answer: httpx.Response) -> str:
    if answer.status_code == 401:
        return "the shop does not know this token (401); it may have expired"
    if answer.status_code == 403:
        return "only the shop's staff may import (403)"
    if answer.status_code == 413:
        return "the request is too large (413); choose a smaller --batch"
    return f"the shop answered {answer.status_code}: {_detail(answer)}"


def _detail(answer: httpx.Response) -> str:
    return str(_body(answer).get("detail") or answer.text[:200] or answer.reason_phrase)


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
