"""Refuses requests that a server behind the gateway could read as others than they are."""

from urllib.parse import unquote

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_URL_BYTES = 8192
"""Of path and query; source: CloudFront's quotas."""


class RequestGuard:
    """ASGI middleware that answers malformed requests with problem details.

    Refused are a path with ``.``, ``..`` or a NUL in it, in any spelling; a longer URL than CloudFront takes; and a
    body whose length is given twice.

    Parameters:
        app: the application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        refusal = _refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)


def _refusal(scope: Scope) -> JSONResponse | None:
    raw_path: bytes = scope["raw_path"].partition(b"?")[0]
    if len(raw_path) + len(scope["query_string"]) > MAX_URL_BYTES:
        return problem(414, "URL_TOO_LONG", f"The address has more than {MAX_URL_BYTES} bytes.")
    path = unquote(raw_path.decode("latin-1")).replace("\\", "/")
    if "\0" in path or {".", ".."} & set(path.split("/")):
        return problem(400, "INVALID_PATH", "The address is not one of the shop's.")
    names = [name.lower() for name, _ in scope["headers"]]
    if names.count(b"content-length") + names.count(b"transfer-encoding") > 1:
        return problem(400, "INVALID_LENGTH", "The length of the body is given more than once.")
    return None


def problem(status: int, code: str, detail: str) -> JSONResponse:
    """Return problem details in the form of the API's own."""
    body = {"title": code.replace("_", " ").capitalize(), "status": status, "code": code, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")
