"""Valid amounts and currencies. Amounts are integers in the currency's minor unit (cents)."""

from ecom67.local.standins.stripe.form import RequestForm
from ecom67.local.standins.stripe.responses import invalid

_CODES = """
usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny
cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd
jpy kes kgs khr kmf krw kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio
nok npr nzd pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs top
try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw bhd jod kwd omr tnd
"""
CURRENCIES = frozenset(_CODES.split())

_MAX_AMOUNT = 99_999_999
_MIN_AMOUNTS = {"gbp": 30, "mxn": 1000, "hkd": 400, "sek": 300, "nok": 300, "dkk": 250, "czk": 1500, "huf": 17500}
_DEFAULT_MIN_AMOUNT = 50


def price(form: RequestForm) -> tuple[int, str]:
    """Return `amount` (cents) and `currency` (lower case); raises ApiError where they cannot be charged."""
    form.require("amount")
    amount = form.integer("amount") or 0
    currency = form.require("currency").lower()
    if currency not in CURRENCIES:
        raise invalid(f"'{currency}' is not a currency that can be charged.", param="currency", code="invalid_currency")
    minimum = _MIN_AMOUNTS.get(currency, _DEFAULT_MIN_AMOUNT)
    if amount < minimum:
        raise invalid(f"The amount must be at least {minimum} {currency}.", param="amount", code="amount_too_small")
    if amount > _MAX_AMOUNT:
        raise invalid(f"The amount must be at most {_MAX_AMOUNT} {currency}.", param="amount", code="amount_too_large")
    return amount, currency
