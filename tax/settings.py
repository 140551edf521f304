"""The settings of tax, ``content/tax.toml``, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from schemas.country import COUNTRIES
from schemas.tax import PriceKind

PATH = Path(__file__).parent.parent / "content" / "tax.toml"
STANDARD = "standard"
"""The kind of all goods that the settings do not name."""
FULL_RATE = 100_000
"""100 %, in thousandths of a percent."""
CODE = re.compile(r"([A-Z]{2})(?:-[A-Z0-9]{1,3})?")
"""A country of ISO 3166-1, or a region of it as ISO 3166-2 writes it, such as ``CA-ON``."""


class TaxSettingsError(ValueError):
    """The settings cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax of a place.

    Attributes:
        name: without its rate, such as ``HST``.
        rate: in thousandths of a percent.
        registration: the place with whose authority the shop has to be registered to collect it.
    """

    name: str
    rate: int
    registration: str

    @property
    def label(self) -> str:
        """The name with the rate, such as ``HST 13%``."""
        whole, rest = divmod(self.rate, 1000)
        digits = f"{whole}.{rest:03}".rstrip("0").rstrip(".")
        return f"{self.name} {digits}%"


@dataclass(frozen=True, slots=True)
class Place:
    """A country, or a region of it, with its taxes.

    Attributes:
        code: such as ``CA`` or ``CA-ON``.
        prices: whether prices are shown with tax.
        taxes_delivery: whether delivery is taxed as the goods are.
        standard: the taxes of goods that the place does not name.
        reduced: the taxes of other kinds of goods; none is exempt.
        source: who publishes the rates.
        since: when they took effect.
    """

    code: str
    name: str
    prices: PriceKind
    taxes_delivery: bool
    standard: tuple[Tax, ...]
    reduced: Mapping[str, tuple[Tax, ...]]
    source: str
    since: date

    @property
    def country(self) -> str:
        """The country, of ISO 3166-1."""
        return self.code[:2]

    def taxes_on(self, kind: str) -> tuple[Tax, ...]:
        """Return the taxes of a kind of goods, whether the shop collects them or not."""
        return self.reduced.get(kind, self.standard)


@dataclass(frozen=True, slots=True)
class TaxSettings:
    """The settings of tax.

    Attributes:
        calculator: ``table``, or ``stripe`` for Stripe Tax.
        registered: where the shop is registered, and so collects.
        kinds_by_category: kinds of goods by category of the catalogue.
        kinds_by_product: kinds of goods by product, before its category.
        places: by code.
    """

    calculator: str
    registered: frozenset[str]
    kinds_by_category: Mapping[str, str]
    kinds_by_product: Mapping[str, str]
    places: Mapping[str, Place]

    def kind_of(self, product_id: str, category: str) -> str:
        """Return the kind of goods of a product."""
        return self.kinds_by_product.get(product_id) or self.kinds_by_category.get(category, STANDARD)

    def find_place(self, country: str, region: str | None) -> Place | None:
        """Return the place of an address: its region where the table has it, else its country; None for neither."""
        return self.places.get(f"{country}-{region}") or self.places.get(country)

    def collected(self, place: Place, kind: str = STANDARD) -> tuple[Tax, ...]:
        """Return the taxes of a kind of goods that the shop collects in a place."""
        return tuple(tax for tax in place.taxes_on(kind) if tax.registration in self.registered)

    def collects_in(self, country: str) -> bool:
        """Return whether the shop collects anything anywhere in a country."""
        return any(self.collected(place) for place in self.places.values() if place.country == country)

    def depends_on_region(self, country: str) -> bool:
        """Return whether what is collected in a country differs by its regions."""
        places = [place for place in self.places.values() if place.country == country]
        return len(places) > 1 and any(self.collected(place) for place in places)


@cache
def tax_settings() -> TaxSettings:
    """Return the settings of the shop; raises TaxSettingsError or OSError."""
    return read_settings(PATH)


def read_settings(path: Path) -> TaxSettings:
    """Return the settings of a file; raises TaxSettingsError, which names the fault, or OSError."""
    import tomllib

    try:
        return parse_settings(tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise TaxSettingsError(f"{path.name}: {error!r}") from error


def parse_settings(tables: Mapping[str, Any]) -> TaxSettings:
    """Return settings; raises KeyError, TypeError or ValueError where something lacks or is wrong."""
    goods = tables.get("goods", {})
    places = [_place(table) for table in tables["places"]]
    settings = TaxSettings(
        calculator=tables.get("calculator", "table"),
        registered=frozenset(tables["registered"]),
        kinds_by_category=_kinds(goods, "categories"),
        kinds_by_product=_kinds(goods, "products"),
        places={place.code: place for place in places},
    )
    _check(settings, places, set(goods))
    return settings


def _kinds(goods: Mapping[str, Any], by: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, table in goods.items():
        for name in table.get(by, ()):
            if name in found:
                raise ValueError(f"{name} is named as {found[name]} and as {kind}")
            found[name] = kind
    return found


def _place(table: Mapping[str, Any]) -> Place:
    code = table["code"]
    return Place(
        code=code,
        name=table["name"],
        prices={"inclusive": "INCLUSIVE", "exclusive": "EXCLUSIVE"}[table["prices"]],  # type: ignore[arg-type]
        taxes_delivery={"goods": True, "exempt": False}[table["delivery"]],
        standard=_taxes(table["taxes"], code),
        reduced={kind: _taxes(rows, code) for kind, rows in table.get("reduced", {}).items()},
        source=table["source"],
        since=_day(table["since"]),
    )


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"{value!r} is no day")
    return value


def _taxes(rows: list[Mapping[str, Any]], code: str) -> tuple[Tax, ...]:
    return tuple(
        Tax(name=row["name"], rate=_rate(row["rate"]), registration=row.get("registration", code)) for row in rows
    )


def _rate(text: str) -> int:
    """Return a rate such as ``9.975`` in thousandths of a percent; a text, since a float is not that number."""
    found = re.fullmatch(r"(\d{1,2})(?:\.(\d{1,3}))?", text)
    if not found:
        raise ValueError(f"{text!r} is no rate in percent with at most three decimals")
    return int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))


def _check(settings: TaxSettings, places: list[Place], kinds: set[str]) -> None:
    if settings.calculator not in ("table", "stripe"):
        raise ValueError(f"{settings.calculator} is no calculator: table, stripe")
    if len(settings.places) < len(places):
        raise ValueError("two places have the same code")
    registrations = set(settings.places)
    for place in places:
        found = CODE.fullmatch(place.code)
        if not found or found[1] not in COUNTRIES:
            raise ValueError(f"{place.code} is no country of ISO 3166-1, and no region of one")
        if unknown := set(place.reduced) - kinds:
            raise ValueError(f"{place.code} reduces goods that are not described: {sorted(unknown)}")
        for tax in (*place.standard, *(tax for taxes in place.reduced.values() for tax in taxes)):
            if tax.registration not in registrations:
                raise ValueError(f"{tax.name} of {place.code} is collected by {tax.registration}, which is no place")
    if missing := settings.registered - registrations:
        raise ValueError(f"the table has no rates of {sorted(missing)}, where the shop is registered")
    _check_prices(places)


def _check_prices(places: list[Place]) -> None:
    for country in {place.country for place in places}:
        if len({place.prices for place in places if place.country == country}) > 1:
            raise ValueError(f"prices in {country} are shown with tax in one place, and without in another")
