"""The settings of delivery, ``content/delivery.toml``, read and checked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from schemas.contract import Money
from schemas.country import COUNTRIES

PATH = Path(__file__).parent.parent / "content" / "delivery.toml"
PARCEL = "parcel"
"""The kind of all goods that the settings do not name."""
WORKING_WEEKDAYS = frozenset({1, 2, 3, 4, 5})
"""Monday to Friday, as ISO 8601 counts them."""


class DeliverySettingsError(ValueError):
    """The settings cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of every year: of a date, or the nth of its weekdays in the month (-1: the last).

    Attributes:
        weekday: as ISO 8601 counts, 1 is Monday; None for a date.
    """

    month: int
    day: int | None = None
    weekday: int | None = None
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Dispatch:
    """When parcels leave the warehouse.

    Attributes:
        cut_off: minutes after midnight, in the time zone; what is ordered later leaves on the next working day.
    """

    time_zone: str
    cut_off: int
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class GoodsKind:
    """A kind of goods that not every carrier takes.

    Attributes:
        needs_phone: whether the carrier calls before it comes.
    """

    name: str
    needs_phone: bool


@dataclass(frozen=True, slots=True)
class Method:
    """A way to deliver to a zone.

    Attributes:
        price: of an order, however many parcels it takes.
        free_from: value of the goods from which it costs nothing; None if it always costs.
        days: the fewest and the most working days from dispatch to arrival.
        kinds: the kinds of goods that it takes.
        max_weight: of a piece, in grams; None without a limit.
    """

    method_id: str
    name: str
    price: Money
    free_from: Money | None
    days: tuple[int, int]
    kinds: frozenset[str]
    max_weight: int | None

    def cost(self, subtotal: Money) -> Money:
        """Return the price of delivering goods of a value."""
        if self.free_from and subtotal.amount >= self.free_from.amount:
            return Money(amount=0, currency=self.price.currency)
        return self.price

    def until_free(self, subtotal: Money) -> Money | None:
        """Return how much more of goods makes it free; None where it is free, or never."""
        if self.free_from is None or self.cost(subtotal).amount == 0:
            return None
        return Money(amount=self.free_from.amount - subtotal.amount, currency=subtotal.currency)


@dataclass(frozen=True, slots=True)
class Zone:
    """Addresses that are delivered to alike.

    Attributes:
        name: as in "We deliver to …".
        regions: states or provinces of the address form; None is all but ``except_regions``.
        postal_codes: what a code has to begin with; None is any.
        methods: the first is the usual one.
    """

    zone_id: str
    name: str
    countries: frozenset[str]
    regions: frozenset[str] | None
    except_regions: frozenset[str]
    postal_codes: tuple[re.Pattern[str], ...] | None
    methods: tuple[Method, ...]

    def takes_region(self, region: str) -> bool:
        """Return whether the zone has a region of its countries."""
        return region not in self.except_regions and (self.regions is None or region in self.regions)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """The settings of delivery."""

    dispatch: Dispatch
    kinds: Mapping[str, GoodsKind]
    zones: tuple[Zone, ...]

    @property
    def usual_method(self) -> Method:
        """The method that is shown before anything is known of the address."""
        return self.zones[0].methods[0]

    @property
    def countries(self) -> list[str]:
        """The countries with an address that is delivered to, those of the first zone first."""
        return list(dict.fromkeys(country for zone in self.zones for country in sorted(zone.countries)))

    def kind_of(self, attribute: str) -> str:
        """Return the kind of goods of a product.

        Parameters:
            attribute: the product's attribute ``shipping``, such as ``freight, contiguous US only``; empty without one.
        """
        words = re.findall(r"\w+", attribute.lower())
        return next((kind for kind in self.kinds if kind in words), PARCEL)


@cache
def delivery_settings() -> DeliverySettings:
    """Return the settings of the shop; raises DeliverySettingsError or OSError."""
    return read_settings(PATH)


def read_settings(path: Path) -> DeliverySettings:
    """Return the settings of a file; raises DeliverySettingsError, which names the fault, or OSError."""
    import tomllib

    try:
        return parse_settings(tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise DeliverySettingsError(f"{path.name}: {error!r}") from error


def parse_settings(tables: Mapping[str, Any]) -> DeliverySettings:
    """Return settings; raises KeyError, TypeError or ValueError where something lacks or is wrong."""
    kinds = {
        kind: GoodsKind(name=table["name"], needs_phone=table.get("phone", False))
        for kind, table in tables.get("goods", {}).items()
    }
    zones = tuple(_zone(table, tables["currency"]) for table in tables["zones"])
    settings = DeliverySettings(_dispatch(tables["dispatch"]), kinds, zones)
    _check(settings)
    return settings


def _dispatch(table: Mapping[str, Any]) -> Dispatch:
    hours, minutes = (int(part) for part in table["cut_off"].split(":"))
    holidays = tuple(
        Holiday(**{name: value for name, value in row.items() if name != "name"}) for row in table["holidays"]
    )
    return Dispatch(time_zone=table["time_zone"], cut_off=60 * hours + minutes, holidays=holidays)


def _zone(table: Mapping[str, Any], currency: str) -> Zone:
    codes = table.get("postal_codes")
    return Zone(
        zone_id=table["id"],
        name=table["name"],
        countries=frozenset(table["countries"]),
        regions=frozenset(table["regions"]) if "regions" in table else None,
        except_regions=frozenset(table.get("except_regions", ())),
        postal_codes=tuple(map(re.compile, codes)) if codes is not None else None,
        methods=tuple(_method(method, currency) for method in table["methods"]),
    )


def _method(table: Mapping[str, Any], currency: str) -> Method:
    fewest, most = table["days"]
    free_from = table.get("free_from")
    return Method(
        method_id=table["id"],
        name=table["name"],
        price=Money(amount=table["price"], currency=currency),
        free_from=None if free_from is None else Money(amount=free_from, currency=currency),
        days=(fewest, most),
        kinds=frozenset(table["goods"]),
        max_weight=table.get("max_weight"),
    )


def _check(settings: DeliverySettings) -> None:
    if not settings.zones:
        raise ValueError("there is no zone")
    _require_distinct("zones", (zone.zone_id for zone in settings.zones))
    for zone in settings.zones:
        _require_distinct(f"methods of {zone.zone_id}", (method.method_id for method in zone.methods))
        if not zone.methods:
            raise ValueError(f"{zone.zone_id} has no method")
        if unknown := zone.countries - COUNTRIES:
            raise ValueError(f"{zone.zone_id} names no countries of ISO 3166-1: {sorted(unknown)}")
        for method in zone.methods:
            _check_method(method, {PARCEL, *settings.kinds}, zone.zone_id)
    for holiday in settings.dispatch.holidays:
        if (holiday.day is None) == (holiday.weekday is None):
            raise ValueError(f"a holiday in month {holiday.month} has neither day nor weekday, or both")


def _check_method(method: Method, kinds: set[str], zone_id: str) -> None:
    name = f"{method.method_id} of {zone_id}"
    if unknown := method.kinds - kinds:
        raise ValueError(f"{name} takes goods that are not described: {sorted(unknown)}")
    fewest, most = method.days
    if not 0 < fewest <= most:
        raise ValueError(f"{name} takes {fewest} to {most} days")


def _require_distinct(what: str, names: Iterable[str]) -> None:
    found = list(names)
    if len(set(found)) < len(found):
        raise ValueError(f"{what} have the same id twice: {found}")
