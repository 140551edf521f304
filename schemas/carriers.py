"""The addresses at which carriers tell where a parcel is.

The page and the e-mail lead to the same one. Staff types the carrier's name, so it is recognised by its beginning.
"""

from urllib.parse import quote

_TRACKING_URLS = {
    "canada post": "https://www.canadapost-postescanada.ca/track-reperage/en#/details/{}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "dpd": "https://tracking.dpd.de/status/en_US/parcel/{}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "federal express": "https://www.fedex.com/fedextrack/?trknbr={}",
    "gls": "https://gls-group.com/GROUP/en/parcel-tracking?match={}",
    "purolator": "https://www.purolator.com/en/shipping/tracker?pin={}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "united parcel service": "https://www.ups.com/track?tracknum={}",
    "united states postal service": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}


def tracking_url(carrier: str, tracking_number: str) -> str | None:
    """Return the address at which a carrier tells where a parcel is; None for a carrier that is not known.

    Parameters:
        carrier: its name as staff typed it, such as ``UPS Ground``.
        tracking_number: of the parcel; spaces in it do not count.
    """
    typed = " ".join("".join(sign if sign.isalnum() else " " for sign in carrier.casefold()).split()) + " "
    number = quote("".join(tracking_number.split()), safe="")
    return next((url.format(number) for name, url in _TRACKING_URLS.items() if typed.startswith(f"{name} ")), None)
