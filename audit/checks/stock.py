"""Stock: units in the warehouse, the reservations that hold or took them, and what was told of them."""

from collections.abc import Iterator
from datetime import timedelta

from audit.difference import Difference
from audit.ledger import Ledger, OrderRecords
from audit.records import Fact, Order, Reservation, Stock

SWEPT_AFTER_MS = 5 * 60 * 1000
"""How long after its expiry a reservation is swept at the latest; the sweeper runs once a minute."""
COUNTED_FROM = 10**12
"""A sequence from here on is a clock's: the units were counted by a person at that millisecond."""
ON_ITS_WAY = timedelta(seconds=60)
"""By how much an order and the removal of its units from stock may be apart."""

EXPECTED_STATES = {
    "PROCESSING": {"COMMITTED"},
    "PARTIALLY_SHIPPED": {"COMMITTED"},
    "SHIPPED": {"COMMITTED"},
    "DELIVERED": {"COMMITTED"},
    "CANCELLED": {"RETURNED", "SHORT"},
    "REFUND_PENDING": {"RETURNED", "SHORT"},
    "REFUNDED": {"RETURNED", "SHORT"},
}
"""The states of a reservation by the status of its order."""


def reservation_differences(records: OrderRecords, now_ms: int) -> Iterator[Difference]:
    """Yield what differs between a reservation and the order or checkout that it is for.

    Parameters:
        records: of the order.
        now_ms: when they were read, in milliseconds since the epoch.
    """
    for kind, sentence in _reservation(records, now_ms):
        yield Difference(kind, f"Order {records.order_id}: {sentence}", order_id=records.order_id)


def _reservation(records: OrderRecords, now_ms: int) -> Iterator[tuple[str, str]]:
    order, reservation = records.order, records.reservation
    if reservation is None:
        if order:
            yield "RESERVATION_MISSING", f"it is {order.status}, and nothing was reserved for it."
        return
    yield from _of_order(order, reservation) if order else _without_order(records, reservation, now_ms)


def _of_order(order: Order, reservation: Reservation) -> Iterator[tuple[str, str]]:
    units = _listed(reservation)
    expected = EXPECTED_STATES.get(order.status)
    if expected and reservation.state not in expected:
        yield "RESERVATION_DIFFERS", f"it is {order.status}, and its reservation of {units} is {reservation.state}."
    ordered: dict[str, int] = {}
    for line in order.lines:
        ordered[line.product_id] = ordered.get(line.product_id, 0) + line.quantity
    if reservation.lines and reservation.lines != ordered:
        yield "LINES_DIFFER", f"its reservation is of {units}, which are not its lines."


def _without_order(records: OrderRecords, reservation: Reservation, now_ms: int) -> Iterator[tuple[str, str]]:
    units, checkout = _listed(reservation), records.checkout
    if reservation.state in ("COMMITTED", "SHORT", "RETURNED"):
        yield "RESERVATION_WITHOUT_ORDER", f"its reservation of {units} is {reservation.state}, and there is no order."
    if reservation.state == "HELD":
        if checkout and checkout.is_ended:
            yield "RESERVATION_LEFT", f"its checkout is {checkout.status}, and it still holds {units}."
        elif (reservation.hold_expires_at or 0) + SWEPT_AFTER_MS < now_ms:
            yield "RESERVATION_LEFT", f"its hold of {units} has expired and was not removed."


def stock_differences(stock: Stock, ledger: Ledger) -> Iterator[Difference]:
    """Yield what differs between the stock of a product, its holds, its movements and its events.

    Parameters:
        stock: of the product.
        ledger: all records.
    """
    for kind, sentence in (*_holds(stock, ledger), *_movements(stock, ledger), *_told(stock, ledger)):
        yield Difference(kind, f"Product {stock.product_id}: {sentence}", product_id=stock.product_id)


def hold_differences(reservation: Reservation, ledger: Ledger) -> Iterator[Difference]:
    """Yield where the stocks do not hold what a reservation is said to hold.

    Parameters:
        reservation: the reservation.
        ledger: all records.
    """
    if reservation.state != "HELD" or (reservation.hold_expires_at or 0) <= ledger.now_ms:
        return
    for product_id, quantity in reservation.lines.items():
        stock = ledger.stocks.get(product_id)
        hold = stock.holds.get(reservation.reservation_id) if stock else None
        if stock and (hold is None or hold.quantity != quantity):
            held = hold.quantity if hold else "none"
            sentence = (
                f"Reservation {reservation.reservation_id}: it holds {quantity} × {product_id}; the stock says {held}."
            )
            yield Difference("HOLD_DIFFERS", sentence, order_id=reservation.reservation_id, product_id=product_id)


def _holds(stock: Stock, ledger: Ledger) -> Iterator[tuple[str, str]]:
    held = sum(hold.quantity for hold in stock.holds.values())
    if stock.on_hand < 0:
        yield "OVERSOLD", f"{stock.on_hand} units are in the warehouse."
    if stock.available != max(0, stock.on_hand - held):
        yield (
            "STOCK_DOES_NOT_ADD_UP",
            f"of {stock.on_hand} units {held} are held, and {stock.available} are said to be available.",
        )
    for reservation_id, hold in stock.holds.items():
        if hold.expires_at <= ledger.now_ms:
            continue
        reservation = ledger.reservation(reservation_id)
        if reservation is None or reservation.state != "HELD":
            state = reservation.state if reservation else "unknown"
            yield "HOLD_LEFT", f"{hold.quantity} units are held by reservation {reservation_id}, which is {state}."


def _movements(stock: Stock, ledger: Ledger) -> Iterator[tuple[str, str]]:
    product_id = stock.product_id
    facts = ledger.stock_facts.get(product_id, [])
    if product_id not in ledger.counted_products:
        return
    taken = {
        reservation.reservation_id: reservation.taken(product_id)
        for reservation in ledger.reservations()
        if reservation.state == "COMMITTED" and product_id in reservation.lines
    }
    if stock.sequence < COUNTED_FROM:
        created = next((fact for fact in facts if fact.detail_type == "ProductCreated"), None)
        if created is None:
            return
        begun, units = f"it began with {created.data.get('initialStock') or 0}", created.data.get("initialStock") or 0
        change = -sum(taken.values())
    else:
        count = _last_count(facts)
        if count is None:
            return
        begun, units = f"{count.data['onHand']} were counted at {count.at:%Y-%m-%d %H:%M:%S}", count.data["onHand"]
        since = _change_since(count, product_id, ledger)
        if since is None:
            return
        change = since
    if stock.on_hand != units + change:
        yield (
            "STOCK_DIFFERS_FROM_MOVEMENTS",
            f"{begun}, orders changed that by {change}, which makes {units + change}; {stock.on_hand} are in stock.",
        )


def _last_count(facts: list[Fact]) -> Fact | None:
    """Return the last StockChanged whose sequence is the clock's at that moment: a count by a person."""

    def is_count(fact: Fact) -> bool:
        return fact.detail_type == "StockChanged" and abs(fact.sequence - fact.at.timestamp() * 1000) < 1000

    return next((fact for fact in reversed(facts) if is_count(fact)), None)


def _change_since(count: Fact, product_id: str, ledger: Ledger) -> int | None:
    """Return by how many units orders have changed a stock since it was counted; None where that is not certain.

    No record says when an order's units left the stock, only when it was placed and cancelled.
    """
    change = 0
    for records in ledger.orders.values():
        reservation = records.reservation
        if reservation is None or product_id not in reservation.lines:
            continue
        placed = next((fact.at for fact in records.facts_of("OrderPlaced")), None)
        cancelled = next((fact.at for fact in records.facts_of("OrderCancelled")), None)
        unsent = [fact for fact in records.facts_of("OrderRefunded") if reservation.has_unsent(fact)]
        back = [*records.facts_of("ReturnReceived"), *unsent]
        if any(moment and abs(moment - count.at) < ON_ITS_WAY for moment in (placed, cancelled, *(f.at for f in back))):
            return None
        change += sum(_restocked(fact, product_id) for fact in back if fact.at > count.at)
        if reservation.state == "COMMITTED" and placed and placed > count.at:
            change -= reservation.lines[product_id]
        if reservation.state == "RETURNED" and placed and cancelled and placed < count.at < cancelled:
            change += reservation.taken(product_id)
    return change


def _restocked(fact: Fact, product_id: str) -> int:
    """Return the units of a product that a ReturnReceived, or an OrderRefunded, told to put on the shelf."""
    came_back = [(line["productId"], line["restocked"]) for line in fact.data.get("lines", ())]
    unsent = [(line["productId"], line["quantity"]) for line in fact.data.get("unsent") or ()]
    return sum(units for name, units in (*came_back, *unsent) if name == product_id)


def _told(stock: Stock, ledger: Ledger) -> Iterator[tuple[str, str]]:
    facts = [fact for fact in ledger.stock_facts.get(stock.product_id, []) if fact.detail_type == "StockChanged"]
    if not facts:
        return
    last = max(facts, key=lambda fact: fact.sequence)
    if last.sequence > stock.sequence:
        told = f"StockChanged {last.event_id} told of change {last.sequence}"
        yield "EVENT_OF_NOBODY", f"{told}, and the stock is at change {stock.sequence}."
    elif last.data.get("available") != stock.available:
        yield (
            "TOLD_OTHERWISE",
            f"{stock.available} units are available, and the last event told {last.data.get('available')}.",
        )


def _listed(reservation: Reservation) -> str:
    return ", ".join(f"{quantity} × {product_id}" for product_id, quantity in sorted(reservation.lines.items())) or "0"
