"""Where a carrier tells of a parcel: by the name that staff typed, and nowhere else than at the carrier."""

from urllib.parse import urlsplit

import pytest

from schemas.carriers import tracking_url


@pytest.mark.parametrize(
    ("carrier", "host"),
    [
        ("UPS", "www.ups.com"),
        ("ups ground", "www.ups.com"),
        ("U.P.S.", None),
        ("FedEx Express", "www.fedex.com"),
        ("USPS", "tools.usps.com"),
        ("DHL-Express", "www.dhl.com"),
        ("Canada Post", "www.canadapost-postescanada.ca"),
        ("Upstream Parcels", None),
        ("Northline", None),
        ("", None),
    ],
)
def test_a_carrier_is_known_by_the_beginning_of_its_name(carrier: str, host: str | None) -> None:
    url = tracking_url(carrier, "1Z 999 AA1")

    assert (urlsplit(url).hostname if url else None) == host
    assert url is None or url.endswith("1Z999AA1")


def test_a_tracking_number_cannot_lead_elsewhere() -> None:
    assert (
        tracking_url("UPS", "1&x=@evil.example/#?")
        == "https://www.ups.com/track?tracknum=1%26x%3D%40evil.example%2F%23%3F"
    )
