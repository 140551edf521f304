"""Access to a running local stage: its addresses, AWS clients, and tokens."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.local import emulator, process_specs
from ecom67.local.accounts import STAFF, UserPool
from ecom67.local.stage_paths import StagePaths

STATE_VARIABLE = "ECOM67_STATE"


def state_folder() -> Path:
    """Return the state folder of the local stage: ``ECOM67_STATE``, or ``.local`` in the repository."""
    return Path(os.environ.get(STATE_VARIABLE, ROOT / ".local"))


@dataclass(frozen=True, slots=True)
class Connection:
    """A running local stage."""

    paths: StagePaths

    @property
    def shop_url(self) -> str:
        """Return the origin of the shop; the API is below ``/api``."""
        return self.paths.shop_url

    @property
    def endpoint_url(self) -> str:
        """Return the endpoint of all AWS services."""
        return self.paths.emulator_url

    @property
    def stripe_url(self) -> str:
        """Return the URL of the stand-in for Stripe."""
        return self.paths.stripe_url

    @property
    def mailbox_url(self) -> str:
        """Return the URL of the sent e-mails, as JSON."""
        return self.paths.mailbox_url

    @property
    def environment(self) -> dict[str, str]:
        """Return an environment in which AWS clients of any kind reach this stage only."""
        return self.paths.environment()

    def published(self) -> dict[str, str]:
        """Return the parameters that the stacks have published: ``{"edge/api-id": …}``."""
        return emulator.published(self.endpoint_url)

    def client(self, service: str) -> Any:
        """Return the client of an AWS service, given its botocore name."""
        return emulator.client(self.endpoint_url, service)

    def token(self, email: str, staff: bool = False) -> str:
        """Return an ID token of an account, which is created if needed."""
        return UserPool.of(self.endpoint_url).token(email, staff=staff)


def connection() -> Connection:
    """Return the connection to the local stage of ``make up``.

    Raises CliError where it does not run: another stage may use its ports.
    """
    paths = StagePaths.at(state_folder())
    if process_specs.emulator(paths).pid() is None:
        raise CliError("The local stage does not run. Start it with `make up`.")
    return Connection(paths)


def shop_url() -> str:
    """Return the URL of the local shop."""
    return connection().shop_url


def staff_token() -> str:
    """Return an ID token of a staff member of the local shop."""
    return connection().token(STAFF, staff=True)
