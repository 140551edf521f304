"""HTTP client of the shop's product import, with retries."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx

from services.catalog.product_file.rows import FileRow, LeftOutRow

MAX_ATTEMPTS = 4
REQUEST_TIMEOUT = httpx.Timeout(35, connect=5)
"""Seconds; more than the 30 s after which the API itself gives up."""


class ImportFailedError(Exception):
    """The shop cannot be reached or refuses the request; the message gives the reason."""

    label: ClassVar[str] = "The import failed"


@dataclass(frozen=True, slots=True)
class RejectedFileRow:
    """A row that the shop rejected; ``number`` is its place in the file."""

    number: int
    product_id: str | None
    errors: list[str]


@dataclass(slots=True)
class ImportResult:
    """The result of the rows that were sent so far; all row numbers are those of the file.

    Attributes:
        imported: row number and outcome by product id.
        rejected: rows of which nothing was taken, because something is wrong with them, by their numbers.
        left_out: rows that are no products, each with the reason.
        columns: why a column was left out, by its name.
        notes: what was decided, and the rows of which it is true.
        read_as: what the file was taken for.
    """

    imported: dict[str, tuple[int, str]] = field(default_factory=dict)
    rejected: dict[int, RejectedFileRow] = field(default_factory=dict)
    left_out: list[LeftOutRow] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[int]] = field(default_factory=dict)
    read_as: list[str] = field(default_factory=list)

    def add(self, rows: Sequence[FileRow], report: dict[str, Any]) -> None:
        """Add the imported rows of a report; a product that an interrupted request wrote keeps its first outcome."""
        for entry in report["imported"]:
            number, product_id = rows[entry["row"] - 1].number, entry["productId"]
            first, _ = self.imported.setdefault(product_id, (number, entry["outcome"]))
            if first != number:
                self.note(f"the product {product_id} is also that of row {first}, and has been replaced", number)

    def add_remarks(self, rows: Sequence[FileRow], report: dict[str, Any]) -> None:
        """Add the rejected rows, columns and notes of a report; call it only for a request that succeeded."""
        for entry in report["rejected"]:
            number = rows[entry["row"] - 1].number
            errors = [_with_number_of_file(error, rows) for error in entry["errors"]]
            self.reject(number, entry.get("productId"), errors)
        for entry in report.get("notes", []):
            self.note(entry["note"], rows[entry["row"] - 1].number)
        self.columns |= {entry["column"]: entry["reason"] for entry in report.get("leftOutColumns", [])}

    def reject(self, number: int, product_id: str | None, errors: list[str]) -> None:
        """Add a row of which nothing was taken."""
        self.rejected[number] = RejectedFileRow(number, product_id, errors)

    def note(self, text: str, number: int) -> None:
        """Note what is true of a row."""
        self.notes.setdefault(text, []).append(number)

    def count(self, outcome: str) -> int:
        """Return how many products were ``CREATED``, ``UPDATED`` or ``UNCHANGED``."""
        return sum(imported == outcome for _, imported in self.imported.values())

    def summary(self) -> dict[str, Any]:
        """Return the result in the form of the shop's API, with row numbers of the file."""
        return {
            **{name.lower(): self.count(name) for name in ("CREATED", "UPDATED", "UNCHANGED")},
            "rejected": [
                {"row": row.number, "errors": row.errors} | ({"productId": row.product_id} if row.product_id else {})
                for row in map(self.rejected.__getitem__, sorted(self.rejected))
            ],
            "ignoredFields": sorted(self.columns),
            "leftOutRows": [{"row": row.number, "reason": row.reason} for row in self.left_out],
            "leftOutColumns": [{"column": name, "reason": self.columns[name]} for name in sorted(self.columns)],
            "notes": [{"note": text, "rows": numbers} for text, numbers in self.notes.items()],
            "readAs": self.read_as,
        }


def _with_number_of_file(error: str, rows: Sequence[FileRow]) -> str:
    # The shop numbers the rows of one request.
    return re.sub(r"\brow (\d+) is the same", lambda match: f"row {rows[int(match[1]) - 1].number} is the same", error)


class ImportClient:
    """Client of one shop's import route.

    Parameters:
        http: the HTTP client.
        url: base URL of the shop.
        token: ID token of a staff member.
        dry_run: whether the shop only validates the rows.
        sleep: waits for a number of seconds; replaced in tests.
    """

    def __init__(
        self, http: httpx.Client, url: str, token: str, *, dry_run: bool, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._http = http
        self._url = url.rstrip("/").removesuffix("/api") + "/api/products/import"
        self._token = token
        self._query = {"dryRun": "true"} if dry_run else {}
        self._sleep = sleep

    def send(self, rows: Sequence[FileRow], result: ImportResult) -> None:
        """Send rows and add the shop's report to ``result``.

        After a network error or an error of the shop the same rows are sent again; the import is idempotent.

        Raises ImportFailedError where the shop refuses the request, or fails ``MAX_ATTEMPTS`` times.
        """
        reason = ""
        for attempt in range(MAX_ATTEMPTS):
            if attempt:
                self._sleep(0.5 * 2 ** (attempt - 1))
            try:
                answer = self._post(rows)
            except (httpx.ReadError, httpx.RemoteProtocolError, httpx.TimeoutException) as error:
                reason = f"the shop did not answer ({type(error).__name__})"
                continue
            if answer.is_success:
                report = _body(answer)
                if "imported" not in report:
                    raise ImportFailedError(f"what answers at {self._url} is not the shop's import")
                result.add(rows, report)
                result.add_remarks(rows, report)
                return
            if answer.status_code < 500:
                raise ImportFailedError(_refusal(answer))
            reason = f"the shop answered {answer.status_code}: {_detail(answer)}"
            written = _body(answer).get("report")
            if written:
                result.add(rows, written)
        raise ImportFailedError(f"{reason}, {MAX_ATTEMPTS} times; import the same file again later")

    def _post(self, rows: Sequence[FileRow]) -> httpx.Response:
        try:
            return self._http.post(
                self._url,
                params=self._query,
                json=[row.values for row in rows],
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=REQUEST_TIMEOUT,
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
