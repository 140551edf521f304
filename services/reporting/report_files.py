"""The files of a day's report: JSON for programs, CSV for spreadsheets; in a bucket, where old ones are archived."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bus.settings import Settings
from schemas.time_zone import TIME_ZONE
from services.reporting.domain import CURRENCY, DayFigures

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

LINK_SECONDS = 300
"""How long a link is valid: for the browser that has asked for it."""
NAME = re.compile(r"(sales|products)-(\d{4}-\d\d-\d\d)\.(json|csv)")
SALES_COLUMNS = (
    *("orders", "units", "goods", "shipping", "tax", "total", "cancelled_orders", "cancelled_units", "cancelled_total"),
    *("refunds", "refunded", "refunded_tax", "net", "carts", "checkouts"),
)
AMOUNTS = {"goods", "shipping", "tax", "total", "cancelled_total", "refunded", "refunded_tax", "net", "sales"}
"""Columns in minor units, whose titles say so."""
PRODUCT_COLUMNS = ("product_id", "name", "units", "sales", "cancelled_units")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would calculate; source: OWASP, "CSV Injection"."""


class ReportFileSettings(Settings):
    """Environment of the functions of the files."""

    reports_bucket: str


class UnknownFileError(Exception):
    """A name is not that of a report's file."""


def file_names(day: date) -> list[str]:
    """Return the names of the files of a day."""
    return [f"sales-{day}.csv", f"products-{day}.csv", f"sales-{day}.json"]


def contents(figures: DayFigures) -> dict[str, str]:
    """Return the files of a day: text by name, the same for the same figures."""
    named = [
        _csv(SALES_COLUMNS, [_row(figures, SALES_COLUMNS)], figures.day),
        _csv(PRODUCT_COLUMNS, [_row(product, PRODUCT_COLUMNS) for product in figures.products], figures.day),
        _json(figures),
    ]
    return dict(zip(file_names(figures.day), named, strict=True))


def _row(figures: Any, columns: Iterable[str]) -> dict[str, Any]:
    return {column: getattr(figures, column) for column in columns}


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]], day: date) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["day", *(_title(column) for column in columns)])
    writer.writerows([day.isoformat(), *map(_cell, row.values())] for row in rows)
    return text.getvalue()


def _title(column: str) -> str:
    return f"{column}_{CURRENCY.lower()}_minor_units" if column in AMOUNTS else column


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _json(figures: DayFigures) -> str:
    described = {"currency": CURRENCY, "timeZone": TIME_ZONE, **figures.model_dump(mode="json"), "net": figures.net}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


class ReportFiles:
    """The bucket of the files.

    Parameters:
        s3: the S3 client.
        bucket: its name.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, figures: DayFigures) -> None:
        """Store the files of a day; those that are there are replaced."""
        for name, text in contents(figures).items():
            self._s3.put_object(
                Bucket=self._bucket,
                Key=_key(name),
                Body=text.encode(),
                ContentType="application/json" if name.endswith(".json") else "text/csv; charset=utf-8",
                ContentDisposition=f'attachment; filename="{name}"',
            )

    def link(self, name: str) -> tuple[str, datetime]:
        """Return a link to a file, and until when it is valid; raises UnknownFileError."""
        try:
            self._s3.head_object(Bucket=self._bucket, Key=_key(name))
        except self._s3.exceptions.ClientError as error:
            # Without the permission to list, S3 answers 403 for what is not there.
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 404):
                raise UnknownFileError(name) from None
            raise
        url = self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": _key(name)}, ExpiresIn=LINK_SECONDS
        )
        return url, datetime.now(UTC) + timedelta(seconds=LINK_SECONDS)


def _key(name: str) -> str:
    found = NAME.fullmatch(name)
    if not found:
        raise UnknownFileError(name)
    return f"{found[2][:4]}/{name}"
