"""Run as a process of its own: erases or exports all orders of a customer page by page, and says what that took.

``people_measure.py erase|export <orders>``. The rows are copies of one order, made when they are read: what is measured
is the memory of the functions, and not that of a table. Prints JSON: messages, bytes, seconds of the processor, and the
peak of this process's memory in MiB.
"""

import json
import re
import sys
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bus.attribute_values import Item, from_item, to_item
from bus.context import Context, use_context
from bus.erased_users import erased_users
from services.identity import export_worker
from services.identity.exports import ExportPart
from services.orders import erasure, export
from services.orders.erasure_queue import OrdersPage
from services.orders.order_search import OrderSearch
from services.orders.store import OrderStore

USER = "ada"
MONEY = {"amount": 4900, "currency": "USD"}
ORDER = {
    "userId": USER,
    "status": "DELIVERED",
    "lines": [{"productId": "lamp", "name": "Lamp", "quantity": 2, "unitPrice": {"amount": 2450, "currency": "USD"}}],
    "subtotal": MONEY,
    "shipping": {"amount": 0, "currency": "USD"},
    "total": MONEY,
    "shippingAddress": {"name": "Ada L.", "line1": "1 Way", "city": "London", "postalCode": "N1 9GU", "country": "GB"},
    "paymentIntentId": "pi_1",
    "placedAt": "2026-01-01T00:00:00.000Z",
    "history": [{"status": "PROCESSING", "at": "2026-01-01T00:00:00.000Z"}],
    "refunds": {},
    "sequence": 1,
}


class CopiedRows:
    """DynamoDB with many copies of one order, newest first.

    Parameters:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.erased = bytearray(count)

    def query(self, **given: Any) -> dict[str, Any]:
        start = given.get("ExclusiveStartKey")
        first = int(from_item(start)["orderId"].removeprefix("o-")) + 1 if start else 0
        end = min(first + given["Limit"], self.count)
        last = {"orderId": f"o-{end - 1}", "userId": USER, "timestamp": self.count - end}
        more = {"LastEvaluatedKey": to_item(last)} if end < self.count else {}
        return {"Items": [self._row(number) for number in range(first, end)], **more}

    def transact_write_items(self, **given: Any) -> None:
        removal = given["TransactItems"][0]["Update"]
        assert removal["UpdateExpression"].startswith("REMOVE shippingAddress")
        self.erased[int(removal["Key"]["orderId"]["S"].removeprefix("o-"))] = 1

    def _row(self, number: int) -> Item:
        row = {**ORDER, "orderId": f"o-{number}", "timestamp": self.count - number}
        return to_item({name: value for name, value in row.items() if not (self.erased[number] and "Address" in name)})


class Pages:
    """The queue of pages to erase, without its delays."""

    def __init__(self) -> None:
        self.waiting: deque[OrdersPage] = deque()

    def send(self, page: OrdersPage, delay_seconds: int = 0) -> None:
        self.waiting.append(page)


class Files:
    """The bucket of exports, which forgets what it is given, and the queue of their parts."""

    def __init__(self) -> None:
        self.waiting: deque[ExportPart] = deque()
        self.size = 0

    def send(self, part: ExportPart) -> None:
        self.waiting.append(part)

    def begin(self, part: ExportPart) -> str:
        return "upload"

    def upload(self, part: ExportPart, upload_id: str, body: bytes) -> str:
        self.size += len(body)
        return "etag"

    def complete(self, part: ExportPart) -> None:
        """Do nothing: there is nothing to put together."""


class OrdersAlone:
    """The commands of other services: orders' own, called in this process."""

    def exporters(self) -> list[tuple[str, str]]:
        return [("orders", "orders")]

    def read_page(self, arn: str, user_id: str, cursor: str | None) -> tuple[dict[str, Any], str | None]:
        given = {"userId": user_id, **({"cursor": cursor} if cursor else {})}
        page = json.loads(json.dumps(export.export({"context": {"correlationId": "r"}, "input": given}, None)))
        return page, page.pop("nextCursor", None)


class NobodyErased:
    """No tombstones."""

    def includes(self, user_id: str) -> bool:
        return False


class Profiles:
    """The profiles of identity, which are none of this."""

    def complete_export(self, user_id: str, export_id: str) -> None:
        """Do nothing."""


def erase(rows: CopiedRows) -> dict[str, float]:
    """Erase all orders, with the rechecks."""
    queue = Pages()
    vars(erasure)["erasure_queue"] = lambda: queue
    queue.send(OrdersPage(user_id=USER, erased_at=datetime.now(UTC)))
    messages = 0
    while queue.waiting:
        _deliver(erasure.erase_page, queue.waiting.popleft())
        messages += 1
    assert all(rows.erased)
    return {"messages": messages, "bytes": 0}


def make_export() -> dict[str, float]:
    """Export all orders."""
    files = Files()
    vars(export_worker).update(
        export_files=lambda: files,
        service_commands=OrdersAlone,
        erased_users=NobodyErased,
        store=Profiles,
        _head=lambda part: '{"services": {',
    )
    files.send(ExportPart(export_id="export", user_id=USER))
    messages = 0
    while files.waiting:
        _deliver(export_worker.make_part, files.waiting.popleft())
        messages += 1
    return {"messages": messages, "bytes": files.size}


def _deliver(handler: Any, given: OrdersPage | ExportPart) -> None:
    body = json.dumps({"context": {"correlationId": "r"}, "input": given.model_dump(mode="json", exclude_none=True)})
    assert handler({"Records": [{"messageId": "1", "body": body}]}, None) == {"batchItemFailures": []}


def peak_mebibytes() -> float:
    """Return the peak of this process's memory; the one of ``getrusage`` has the parent's in it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    what, count = sys.argv[1], int(sys.argv[2])
    copied: Any = CopiedRows(count)
    # Nothing here creates an order, so nobody asks for tombstones.
    orders = OrderStore(copied, "Orders", lambda: OrderSearch(copied, "OrderSearch"), erased_users)
    for module in (erasure, export):
        vars(module)["store"] = lambda: orders
    began = time.process_time()
    with use_context(Context.begin()):
        took = erase(copied) if what == "erase" else make_export()
    seconds = time.process_time() - began
    print(json.dumps({**took, "seconds": seconds, "peak": peak_mebibytes()}))
