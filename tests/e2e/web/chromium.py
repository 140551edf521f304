"""Which browser the tests use. None is ever downloaded by Playwright."""

import os
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium(playwright: Playwright) -> Path | None:
    """Return the browser's program: of ``CHROMIUM``, the PATH, Debian's package, or Playwright; None where none is.

    Debian's package is installed where the tests run as root on Debian and nothing else is there.
    """
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    return _on_path() or _of_debian() or _of_playwright(playwright)


def _on_path() -> Path | None:
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def _of_debian() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    for command in (install, ["apt-get", "update"], install):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if found := _on_path():
            return found
    return None


def _of_playwright(playwright: Playwright) -> Path | None:
    own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None
