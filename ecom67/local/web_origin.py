"""What the shop's origin does for browsers: its headers, and which addresses are pages. The same as CloudFront in AWS.

Both read ``infra/web_origin.json``; ``tests/infra/test_web.py`` compares them.
"""

import json
from functools import cache
from typing import Any
from urllib.parse import unquote

from ecom67.base.paths import ROOT

SHOP = "index.html"
CONSOLE = "staff.html"
SOURCE = ROOT / "infra" / "web_origin.json"


@cache
def _origin() -> dict[str, Any]:
    origin: dict[str, Any] = json.loads(SOURCE.read_text())
    return origin


def response_headers(cognito: str, images: str) -> dict[str, str]:
    """Return the headers of pages, files and pictures.

    Parameters:
        cognito: URL of Cognito, or of the emulator that takes its place.
        images: URL of the bucket of pictures, to which staff uploads; the emulator's as well.
    """
    headers = dict(_origin()["headers"])
    security = headers.pop("Strict-Transport-Security")
    policy = headers.pop("Content-Security-Policy")
    subdomains = "; includeSubDomains" if security["includeSubdomains"] else ""
    return {
        **headers,
        "Strict-Transport-Security": f"max-age={security['maxAgeSeconds']}{subdomains}",
        "Content-Security-Policy": "; ".join(
            f"{directive} {sources.format(cognito=cognito, images=images)}" for directive, sources in policy.items()
        ),
    }


def document_of(path: str) -> str | None:
    """Return the file that shows the page of an address, also where it finds nothing; None where it is no page.

    The staff's console is a document of its own: nothing of it is in the shop's.

    Below the first part of a route of the shop everything is a page, whatever dots it has. Elsewhere an address with
    a dot is a file, and those that only machines ask for are none of the shop's.

    Parameters:
        path: the encoded path, with its leading slash.
    """
    segments = [unquote(segment) for segment in path.split("/")[1:]]
    origin = _origin()
    if segments[0] == origin["consoleAddress"]:
        return CONSOLE
    is_file = segments[0] in origin["machineAddresses"] or any(
        "." in segment or segment.startswith("_") for segment in segments
    )
    return None if is_file and segments[0] not in origin["pages"] else SHOP
