"""What delivery of goods to an address costs and when it arrives, or why it cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from delivery.calendar import arrival
from delivery.post_box import is_post_box
from delivery.settings import DeliverySettings, Method, Zone
from schemas.commands import ShippingAddress
from schemas.contract import Money


class RefusalCode(StrEnum):
    """Why nothing is delivered, in the order of precedence."""

    COUNTRY_NOT_SERVED = "COUNTRY_NOT_SERVED"
    REGION_NOT_SERVED = "REGION_NOT_SERVED"
    POST_BOX = "POST_BOX"
    GOODS_NOT_CARRIED = "GOODS_NOT_CARRIED"
    TOO_HEAVY = "TOO_HEAVY"
    METHOD_NOT_OFFERED = "METHOD_NOT_OFFERED"
    PHONE_REQUIRED = "PHONE_REQUIRED"


@dataclass(frozen=True, slots=True)
class Destination:
    """As much of an address as is known: a visitor's country, or all of it.

    Attributes:
        lines: of the street.
        phone: whether it has a telephone number; None while the shopper has not been asked.
    """

    country: str
    region: str | None = None
    postal_code: str | None = None
    lines: tuple[str | None, ...] = ()
    has_phone: bool | None = None

    @classmethod
    def of(cls, address: ShippingAddress) -> "Destination":
        """Return the destination of a whole address."""
        return cls(
            country=address.country,
            region=address.region,
            postal_code=address.postal_code,
            lines=(address.line1, address.line2),
            has_phone=address.phone is not None,
        )


@dataclass(frozen=True, slots=True)
class Goods:
    """A product to be delivered.

    Attributes:
        kind: of ``DeliverySettings.kinds``, or parcel.
        weight: of a piece, in grams; None if it is not known.
    """

    product_id: str
    kind: str
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    """A way to deliver all of the goods.

    Attributes:
        free_from: value of the goods from which it costs nothing; None if it always costs.
        standard_price: that of the least expensive way to deliver them.
        earliest, latest: the days between which it arrives.
    """

    method: Method
    price: Money
    standard_price: Money
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why goods are not delivered to an address.

    Attributes:
        message: a sentence for the shopper.
        product_ids: the goods that are the reason; empty where it is the address.
    """

    code: RefusalCode
    message: str
    product_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryQuote:
    """The ways to deliver goods to an address, the usual one first; none with a refusal.

    Attributes:
        zone: None where the address is in none.
        needs_phone: whether the carrier of these goods calls before it comes.
    """

    zone: Zone | None
    options: tuple[DeliveryOption, ...]
    refusal: Refusal | None
    needs_phone: bool = False

    def choose(self, method_id: str | None) -> "DeliveryOption | Refusal":
        """Return the option of a method, or the usual one of None; a refusal where there is none."""
        if self.refusal:
            return self.refusal
        for option in self.options:
            if method_id in (None, option.method.method_id):
                return option
        return Refusal(RefusalCode.METHOD_NOT_OFFERED, "This order cannot be delivered in the way that you chose.")


def quote_delivery(
    settings: DeliverySettings, destination: Destination, goods: Sequence[Goods], subtotal: Money, now: datetime
) -> DeliveryQuote:
    """Return how goods can be delivered to an address.

    Where the region is not known yet, the answer is that of the first zone of the country; a whole address has one.

    Parameters:
        settings: of the shop.
        destination: as much of the address as is known.
        goods: all products of the order.
        subtotal: the value of the goods.
        now: with a time zone.

    Raises zoneinfo.ZoneInfoNotFoundError where the warehouse's time zone is not known.
    """
    needs_phone = any(item.kind in settings.kinds and settings.kinds[item.kind].needs_phone for item in goods)
    zone = find_zone(settings, destination)
    refusal = _refuse(settings, destination, zone, goods)
    if refusal or zone is None:
        return DeliveryQuote(zone, (), refusal, needs_phone)
    if needs_phone and destination.has_phone is False:
        message = "The carrier calls before it comes: add a telephone number to the address."
        return DeliveryQuote(zone, (), Refusal(RefusalCode.PHONE_REQUIRED, message), needs_phone)
    methods = [method for method in zone.methods if not _not_carried(method, goods) and not _too_heavy(method, goods)]
    standard = min((method.cost(subtotal) for method in methods), key=lambda price: price.amount)
    options = tuple(
        DeliveryOption(method, method.cost(subtotal), standard, *arrival(settings.dispatch, method.days, now))
        for method in methods
    )
    return DeliveryQuote(zone, options, None, needs_phone)


def find_zone(settings: DeliverySettings, destination: Destination) -> Zone | None:
    """Return the zone of an address, None outside of all."""
    return next((zone for zone in settings.zones if _is_in(zone, destination)), None)


def _is_in(zone: Zone, destination: Destination) -> bool:
    region, code = destination.region, destination.postal_code
    if destination.country not in zone.countries:
        return False
    if region is not None and not zone.takes_region(region):
        return False
    return zone.postal_codes is None or code is None or any(pattern.match(code) for pattern in zone.postal_codes)


def _refuse(
    settings: DeliverySettings, destination: Destination, zone: Zone | None, goods: Sequence[Goods]
) -> Refusal | None:
    if zone is None:
        served = destination.country in settings.countries
        code = RefusalCode.REGION_NOT_SERVED if served else RefusalCode.COUNTRY_NOT_SERVED
        where = "this region" if served else "this country"
        return Refusal(code, f"We do not deliver to {where}. We deliver to {describe_zones(settings)}.")
    if is_post_box(*destination.lines):
        message = "We do not deliver to post office boxes. Enter an address with a street and a door."
        return Refusal(RefusalCode.POST_BOX, message)
    if any(not _not_carried(method, goods) and not _too_heavy(method, goods) for method in zone.methods):
        return None
    return _refuse_goods(settings, zone, goods)


def _refuse_goods(settings: DeliverySettings, zone: Zone, goods: Sequence[Goods]) -> Refusal:
    not_carried = set.intersection(*(set(_not_carried(method, goods)) for method in zone.methods))
    if not_carried:
        kinds = {item.kind for item in goods if item.product_id in not_carried}
        named = " and ".join(sorted(settings.kinds[kind].name for kind in kinds if kind in settings.kinds)) or "parcel"
        takers = [each.name for each in settings.zones if any(kinds <= method.kinds for method in each.methods)]
        where = f" We send it to {_join(takers)} only." if takers else ""
        message = f"What is sent by {named} cannot be delivered to this address.{where}"
        return Refusal(RefusalCode.GOODS_NOT_CARRIED, message, tuple(sorted(not_carried)))
    heavy = sorted({product_id for method in zone.methods for product_id in _too_heavy(method, goods)})
    return Refusal(RefusalCode.TOO_HEAVY, "Something in this order is too heavy to be delivered there.", tuple(heavy))


def _not_carried(method: Method, goods: Sequence[Goods]) -> list[str]:
    return [item.product_id for item in goods if item.kind not in method.kinds]


def _too_heavy(method: Method, goods: Sequence[Goods]) -> list[str]:
    if method.max_weight is None:
        return []
    return [item.product_id for item in goods if item.weight is not None and item.weight > method.max_weight]


def describe_zones(settings: DeliverySettings) -> str:
    """Return the names of the zones in a sentence, such as ``the United States and Canada``."""
    return _join(dict.fromkeys(zone.name for zone in settings.zones))


def _join(names: "Sequence[str] | dict[str, None]") -> str:
    *head, last = names
    return f"{', '.join(head)} and {last}" if head else last
