"""A visit of the shop: a browser context with one page or more, and what its console complained about."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.deadlines import DEADLINE_MS

PHONE = (390, 844)
DESK = (1440, 900)


@dataclass
class Visit:
    """One visitor's browser.

    Attributes:
        context: their cookies, storage and pages.
        complaints: errors of the console and exceptions that nothing caught.
    """

    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, browser: Browser, shop_url: str, size: tuple[int, int], scheme: str) -> "Visit":
        """Open a browser context of that window size and colour scheme."""
        context = browser.new_context(
            base_url=shop_url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(DEADLINE_MS)
        # Snapshots of the document show what screenshots would, and cost a fraction.
        context.tracing.start(snapshots=True)
        return cls(context)

    def page(self, path: str = "/") -> Page:
        """Open a tab of the shop."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"not caught: {error}"))
        page.goto(path)
        return page

    def expect_complaint(self, pattern: str) -> None:
        """Allow complaints of the console that a test brings about on purpose."""
        self._expected.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        """Return the complaints that no test asked for."""
        return [text for text in self.complaints if not any(re.search(pattern, text) for pattern in self._expected)]

    def end(self) -> None:
        """Close the context; a request that a test has in its hands then ends with it."""
        for page in self.context.pages:
            page.unroute_all(behavior="ignoreErrors")
        self.context.unroute_all(behavior="ignoreErrors")
        self.context.close()

    def keep_evidence(self, folder: Path) -> None:
        """Write a screenshot of every page, the trace, and the complaints."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(self.context.pages, start=1):
            page.screenshot(path=folder / f"page-{number}.png", full_page=True)
        self.context.tracing.stop(path=folder / "trace.zip")
        (folder / "console.txt").write_text("\n".join(self.complaints) + "\n")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")
