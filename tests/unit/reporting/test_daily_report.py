"""The files of the days that are over: written once, and anew where a fact came late."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest

from bus.attribute_values import to_item
from bus.cursor import InvalidCursorError, encode_cursor
from services.reporting.daily_report import write_reports
from services.reporting.domain import DayFigures, Fact, Kind, ProductFigures
from services.reporting.report_files import ReportFiles, UnknownFileError, contents, file_names
from tests.unit.reporting.conftest import NOON, TODAY, Reporting

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

BUCKET = "reports"
TOMORROW = NOON + timedelta(days=1)
FIGURES = DayFigures(
    day=TODAY,
    orders=1,
    units=2,
    goods=2000,
    shipping=599,
    total=2599,
    refunds=1,
    refunded=3000,
    carts=4,
    checkouts=3,
    failed={"DECLINED": 2},
    products=[ProductFigures(product_id="mug", name="Mug, “large”", units=2, sales=2000)],
)


@pytest.fixture
def s3(reporting: Reporting) -> Iterator["S3Client"]:
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=found["Key"])
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def files(s3: "S3Client") -> ReportFiles:
    return ReportFiles(s3, BUCKET)


def keys(s3: "S3Client") -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def cart(number: int, day: date = TODAY) -> Fact:
    return Fact(day, f"{Kind.CART_STARTED}#{number}", Kind.CART_STARTED, {})


def written(reporting: Reporting, files: ReportFiles) -> int:
    return write_reports(reporting.sales, reporting.days, files)


def test_a_day_has_its_files_once_it_is_over(reporting: Reporting, files: ReportFiles, s3: "S3Client") -> None:
    reporting.sales.count(cart(1))
    assert written(reporting, files) == 0

    reporting.clock.now = TOMORROW
    assert written(reporting, files) == 1
    assert keys(s3) == ["2026/products-2026-11-23.csv", "2026/sales-2026-11-23.csv", "2026/sales-2026-11-23.json"]
    assert written(reporting, files) == 0


def test_a_late_fact_is_in_the_file_after_the_next_run(
    reporting: Reporting, files: ReportFiles, s3: "S3Client"
) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = TOMORROW
    written(reporting, files)

    reporting.sales.count(cart(2))
    assert written(reporting, files) == 1

    body = s3.get_object(Bucket=BUCKET, Key="2026/sales-2026-11-23.json")["Body"].read()
    assert json.loads(body)["carts"] == 2


def test_a_day_of_a_running_shop_without_sales_has_files_as_well(reporting: Reporting, files: ReportFiles) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = NOON + timedelta(days=3)

    assert written(reporting, files) == 3


def test_a_shop_that_has_sold_nothing_yet_has_no_files(
    reporting: Reporting, files: ReportFiles, s3: "S3Client"
) -> None:
    assert written(reporting, files) == 0
    assert keys(s3) == []


def test_a_day_that_fails_leaves_the_others_alone_and_comes_again(
    reporting: Reporting, files: ReportFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = NOON + timedelta(days=3)
    put = files.put

    def refuse_the_second(figures: DayFigures) -> None:
        if figures.day == TODAY + timedelta(days=1):
            raise OSError("the bucket does not answer")
        put(figures)

    monkeypatch.setattr(files, "put", refuse_the_second)
    with pytest.raises(RuntimeError, match="1 days"):
        written(reporting, files)
    monkeypatch.setattr(files, "put", put)

    assert written(reporting, files) == 1


def test_days_with_files_are_listed_the_newest_first(reporting: Reporting, files: ReportFiles) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = NOON + timedelta(days=5)
    written(reporting, files)

    first, cursor = reporting.days.filed_before(3, None)
    second, end = reporting.days.filed_before(3, cursor)

    assert [(day - TODAY).days for day in first + second] == [4, 3, 2, 1, 0]
    assert end is None
    with pytest.raises(InvalidCursorError):
        reporting.days.filed_before(3, encode_cursor(to_item({"generation": "rebuilt", "day": "2026-11-24"})))


def test_a_file_has_a_link_and_nothing_else_has(reporting: Reporting, files: ReportFiles) -> None:
    files.put(FIGURES)

    url, expires_at = files.link("sales-2026-11-23.csv")

    assert "/2026/sales-2026-11-23.csv?" in url
    assert expires_at > reporting.clock.now
    for name in ("sales-2026-11-24.csv", "../sales-2026-11-23.csv", "sales-2026-11-23.exe", "", "x"):
        with pytest.raises(UnknownFileError):
            files.link(name)


def test_the_files_are_those_that_are_listed_and_have_the_figures() -> None:
    found = contents(FIGURES)
    assert list(found) == file_names(TODAY)
    sales = list(csv.DictReader(io.StringIO(found["sales-2026-11-23.csv"])))
    products = list(csv.DictReader(io.StringIO(found["products-2026-11-23.csv"])))
    described = json.loads(found["sales-2026-11-23.json"])

    assert [row["total_usd_minor_units"] for row in sales] == ["2599"]
    assert [row["net_usd_minor_units"] for row in sales] == ["-401"]
    assert [(row["product_id"], row["name"], row["units"]) for row in products] == [("mug", "Mug, “large”", "2")]
    assert (described["currency"], described["net"], described["failed"]) == ("USD", -401, {"DECLINED": 2})


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_name_that_a_spreadsheet_would_calculate_is_a_text(name: str) -> None:
    product = ProductFigures(product_id="mug", name=name, units=1, sales=1)
    text = contents(DayFigures(day=TODAY, products=[product]))["products-2026-11-23.csv"]

    (row,) = csv.DictReader(io.StringIO(text))
    assert row["name"] == f"'{name}"
