"""The routes: who may ask, for which periods, and what is answered."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from schemas.inventory import StockChanged
from services.reporting import api as reporting_api
from services.reporting.report_files import UnknownFileError
from tests.unit.reporting.conftest import NOON, Reporting, cancelled, message, placed, refunded

Get = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def get(reporting: Reporting) -> Get:
    def request(path: str, query: str = "", groups: str = "[staff]") -> tuple[int, dict[str, Any]]:
        event = {
            "version": "2.0",
            "routeKey": f"GET {path}",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {},
            "requestContext": {
                "http": {"method": "GET", "path": path},
                "stage": "$default",
                "authorizer": {"jwt": {"claims": {"sub": "staff-1", "cognito:groups": groups}}},
            },
            "isBase64Encoded": False,
        }
        answer = reporting_api.api(event, None)
        return answer["statusCode"], json.loads(answer["body"])

    return request


PATHS = [
    *("/api/reports/sales", "/api/reports/funnel", "/api/reports/products"),
    *("/api/reports/stock", "/api/reports/files", "/api/reports/files/sales-2026-11-23.csv"),
]


@pytest.mark.parametrize("path", PATHS)
def test_only_staff_reads_reports(get: Get, path: str) -> None:
    status, body = get(path, groups="")
    assert (status, body["code"]) == (403, "FORBIDDEN")
    assert get(path, "from=nonsense&limit=x", groups="")[0] == 403


def test_a_shop_without_sales_has_thirty_days_of_zeros(get: Get) -> None:
    status, body = get("/api/reports/sales")

    assert status == 200
    assert (body["from"], body["to"], len(body["days"])) == ("2026-10-25", "2026-11-23", 30)
    assert (body["currency"], body["timeZone"]) == ("USD", "America/New_York")
    assert body["total"] == dict.fromkeys(body["total"], 0)


def test_sales_are_told_by_day_and_in_all(reporting: Reporting, get: Get) -> None:
    yesterday, today = placed("order-1", NOON - timedelta(days=1), mug=2), placed("order-2", cup=1)
    reporting.receive(message(yesterday), message(today), message(cancelled(today)), message(refunded(today, 1599)))

    _, body = get("/api/reports/sales", "from=2026-11-22&to=2026-11-23")

    assert [(day["day"], day["total"], day["net"]) for day in body["days"]] == [
        ("2026-11-22", 2599, 2599),
        ("2026-11-23", 1599, 0),
    ]
    assert (body["total"]["orders"], body["total"]["total"], body["total"]["net"]) == (2, 4198, 2599)
    assert (body["total"]["cancelledOrders"], body["total"]["refunded"]) == (1, 1599)


def test_the_funnel_tells_reasons_the_most_frequent_first(reporting: Reporting, get: Get) -> None:
    from schemas.cart import CartStarted
    from schemas.checkout import CheckoutFailed, FailureReason

    reasons: list[FailureReason] = ["DECLINED", "FAULT", "DECLINED"]
    failures = [
        message(CheckoutFailed(order_id=f"f-{number}", user_id="ada", reason=reason))
        for number, reason in enumerate(reasons)
    ]
    for failure in failures:
        failure["detail"]["metadata"]["occurredAt"] = "2026-11-23T17:00:00.000Z"
    carts = [message(CartStarted(user_id="ada", started_at=NOON)) for _ in range(5)]
    reporting.receive(*carts, *failures, message(placed()))

    _, body = get("/api/reports/funnel", "from=2026-11-23")

    assert body["total"] == {"carts": 5, "checkouts": 4, "paid": 1}
    assert body["failed"] == [{"reason": "DECLINED", "count": 2}, {"reason": "FAULT", "count": 1}]


def test_best_sellers_are_judged_by_sales_or_units(reporting: Reporting, get: Get) -> None:
    reporting.receive(message(placed("order-1", mug=3, cup=1)), message(placed("order-2", cup=1, pan=1)))

    _, body = get("/api/reports/products", "limit=2")
    assert [(item["productId"], item["units"], item["sales"]) for item in body["items"]] == [
        ("mug", 3, 3000),
        ("cup", 2, 2000),
    ]
    assert body["products"] == 3
    assert get("/api/reports/products", "by=units")[1]["items"][0]["productId"] == "mug"


def test_low_stock_tells_for_how_many_days_it_is_enough(reporting: Reporting, get: Get) -> None:
    reporting.receive(
        message(placed(mug=14)),
        message(StockChanged(product_id="mug", available=5, on_hand=6)),
        message(StockChanged(product_id="cup", available=2, on_hand=2)),
        message(StockChanged(product_id="pan", available=50, on_hand=50)),
    )

    _, body = get("/api/reports/stock")

    assert [(item["productId"], item["available"], item.get("daysLeft")) for item in body["items"]] == [
        ("cup", 2, None),
        ("mug", 5, 10),
    ]
    assert body["items"][1]["unitsSold"] == 14
    status, problem = get("/api/reports/stock", "cursor=nonsense")
    assert (status, problem["code"]) == (422, "VALIDATION")


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-11-23&to=2026-11-22",
        "to=2026-11-24",
        "from=2025-11-22&to=2026-11-23",
        "from=2026-02-30",
        "from=yesterday",
    ],
)
def test_a_period_that_is_none_is_refused(get: Get, query: str) -> None:
    status, body = get("/api/reports/sales", query)
    assert (status, body["code"]) == (422, "VALIDATION")


def test_a_period_may_have_a_leap_year(get: Get) -> None:
    assert len(get("/api/reports/sales", "from=2025-11-23&to=2026-11-23")[1]["days"]) == 366


def test_a_file_that_is_not_there_is_404(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoFiles:
        def link(self, name: str) -> None:
            raise UnknownFileError(name)

    monkeypatch.setattr(reporting_api, "report_files", NoFiles)

    assert get("/api/reports/files/sales-2026-11-23.csv")[0] == 404
    assert get("/api/reports/files")[1] == {"items": []}


def test_the_first_days_of_the_calendar_have_a_report(get: Get) -> None:
    status, body = get("/api/reports/sales", "to=0001-01-05")

    assert status == 200
    assert len(body["days"]) == 5
