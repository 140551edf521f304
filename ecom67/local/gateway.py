"""The web server of the local stage: shop, API, images and chat at one origin, as CloudFront serves them in AWS.

Usage: ``python -m ecom67.local.gateway --port 8067 --emulator http://127.0.0.1:4566 --stripe http://127.0.0.1:12111
--shop frontend/dist --events docs/dist/events``.
"""

import argparse
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from ecom67.base.errors import CliError
from ecom67.local import emulator
from ecom67.local.addresses import WEBSOCKET_PATH, client_settings, websocket_url
from ecom67.local.forwarding import Forwarder, UnreachableError
from ecom67.local.request_guard import RequestGuard, problem
from ecom67.local.serving import serve
from ecom67.local.stage_paths import HOST
from ecom67.local.web_origin import document_of, response_headers
from ecom67.local.websocket import proxy

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# A redeployment may change the API's id, so the parameters are read again after this time.
PARAMETERS_TTL_SECONDS = 5.0
CACHE_FOR_A_DAY = "public, max-age=86400"
CACHE_FOR_A_YEAR = "public, max-age=31536000, immutable"


class LocalGateway:
    """Serves the built shop and forwards all other requests to the emulator and the stand-in for Stripe.

    Parameters:
        emulator: URL of the emulator.
        stripe: URL of the stand-in for Stripe.
        shop: folder of the built shop; while it does not exist, a page with links is served instead.
        events: folder of the built event catalog.
    """

    def __init__(self, emulator: str, stripe: str, shop: Path, events: Path) -> None:
        self._emulator = emulator
        self._shop = shop
        self._files = StaticFiles(directory=shop, check_dir=False)
        self._events = StaticFiles(directory=events, check_dir=False)
        self._forwarder = Forwarder(emulator)
        self._bank = Forwarder(stripe)
        self._headers = response_headers(cognito=emulator, images=emulator)
        self._published: dict[str, str] = {}
        self._published_at = float("-inf")

    def app(self) -> Starlette:
        """Return the application."""

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            yield
            await self._forwarder.close()
            await self._bank.close()

        return Starlette(
            lifespan=lifespan,
            # CloudFront compresses as well.
            middleware=[Middleware(RequestGuard), Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)],
            exception_handlers={UnreachableError: _unreachable, CliError: _unreachable},
            routes=[
                Route("/_health", lambda _: JSONResponse({"status": "ok"})),
                Route("/api/{path:path}", self.api, methods=METHODS),
                WebSocketRoute(WEBSOCKET_PATH, self.chat),
                Route("/images/{path:path}", self.image, methods=["GET"]),
                Route("/_3ds/{intent}", self.three_d_secure, methods=["POST"]),
                Route("/config.json", self.config, methods=["GET"]),
                Route("/docs/events", lambda _: RedirectResponse("/docs/events/")),
                Route("/docs/events/{path:path}", self.event_catalog, methods=["GET"]),
                Route("/{path:path}", self.page, methods=["GET"]),
            ],
        )

    async def api(self, request: Request) -> Response:
        """Forward a request to the shared HTTP API."""
        api_id = (await self._parameters()).get("edge/api-id")
        if api_id is None:
            return problem(503, "NOT_DEPLOYED", "The shop is still being deployed. Please try again in a moment.")
        path = request.scope["raw_path"].decode("ascii").partition("?")[0]
        return await self._forwarder.forward(request, f"/_aws/execute-api/{api_id}/$default{path}")

    async def chat(self, browser: WebSocket) -> None:
        """Connect a browser with the chat's WebSocket API."""
        try:
            url = websocket_url(self._emulator, await self._parameters())
        except CliError:
            url = None
        if url is None:
            await browser.send_denial_response(problem(503, "NOT_DEPLOYED", "The chat is still being deployed."))
            return
        await proxy(browser, url)

    async def image(self, request: Request) -> Response:
        """Serve a product image from its bucket."""
        bucket = (await self._parameters()).get("catalog/image-bucket")
        path = request.scope["raw_path"].decode("ascii").partition("?")[0]
        if bucket is None:
            return _no_such_image()
        # Signed, as CloudFront signs what it asks of a bucket.
        response = await self._forwarder.forward(request, f"/{bucket}{path}", emulator.sign_s3)
        if response.status_code == 404:
            return _no_such_image()
        response.headers["Cache-Control"] = CACHE_FOR_A_DAY
        response.headers.update(self._headers)
        return response

    async def three_d_secure(self, request: Request) -> Response:
        """Forward the shopper's decision to the test bank, which is part of the stand-in for Stripe."""
        return await self._bank.forward(request, request.scope["raw_path"].decode("ascii").partition("?")[0])

    async def config(self, _: Request) -> Response:
        """Return the settings of the shop in the browser."""
        return JSONResponse(
            client_settings(await self._parameters(), self._emulator),
            headers={**self._headers, "Cache-Control": "no-store"},
        )

    async def event_catalog(self, request: Request) -> Response:
        """Serve the event catalog."""
        found, stat = self._events.lookup_path(request.path_params["path"] or "index.html")
        if stat and Path(found).is_file():
            return FileResponse(found, headers={"Cache-Control": "no-cache"})
        missing = "There is no such page. Where the catalogue of events is not built yet, `make docs` builds it."
        return Response(missing, 404, media_type="text/plain")

    async def page(self, request: Request) -> Response:
        """Serve a file of the built shop, or the document of its pages; 404 for all other addresses."""
        path = request.path_params["path"]
        if not (self._shop / "index.html").exists():
            return HTMLResponse(_plain_page(self._emulator))
        found, stat = self._files.lookup_path(path)
        if stat and Path(found).is_file():
            cache = CACHE_FOR_A_YEAR if path.startswith("assets/") else "no-cache"
            return FileResponse(found, headers={**self._headers, "Cache-Control": cache})
        document = document_of(request.scope["raw_path"].decode("ascii").partition("?")[0])
        if document:
            return FileResponse(self._shop / document, headers={**self._headers, "Cache-Control": "no-cache"})
        return Response("There is no such file.", 404, self._headers, media_type="text/plain")

    async def _parameters(self) -> dict[str, str]:
        if time.monotonic() - self._published_at > PARAMETERS_TTL_SECONDS:
            self._published = await run_in_threadpool(emulator.published, self._emulator)
            self._published_at = time.monotonic() if self._published else float("-inf")
        return self._published


def _no_such_image() -> Response:
    return Response("There is no such image.", 404, media_type="text/plain")


async def _unreachable(_: Request, __: Exception) -> Response:
    return problem(502, "UNREACHABLE", "What is behind the shop does not answer. Start it with `make up`.")


def _plain_page(emulator: str) -> str:
    links = {
        "Products": "/api/products",
        "Events": "/docs/events/",
        "E-mails that were sent": f"{emulator}/_ministack/ses/messages",
    }
    items = "".join(f'<li><a href="{address}">{title}</a></li>' for title, address in links.items())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>e-com67</title>'
        "<h1>e-com67 is running</h1>"
        f"<p>The shop in the browser is not built yet; its API is.</p><ul>{items}</ul></html>"
    )


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(
        prog="python -m ecom67.local.gateway", description="The web server of the local shop."
    )
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--emulator", required=True, help="URL of the emulator")
    parser.add_argument("--stripe", required=True, help="URL of the stand-in for Stripe")
    parser.add_argument("--shop", type=Path, required=True, help="folder of the built shop")
    parser.add_argument("--events", type=Path, required=True, help="folder of the built event catalog")
    options = parser.parse_args()
    config = uvicorn.Config(
        LocalGateway(options.emulator, options.stripe, options.shop, options.events).app(),
        host=HOST,
        port=options.port,
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
        # Forwarded responses already have these headers.
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    serve(config)


if __name__ == "__main__":
    main()
