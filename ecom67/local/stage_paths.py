"""The paths, ports and URLs of a local stage."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from ecom67.base.errors import CliError

HOST = "127.0.0.1"
REGION = "us-east-1"
ACCOUNT = "000000000000"


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of a stage's processes on 127.0.0.1."""

    shop: int = 8067
    emulator: int = 4566
    stripe: int = 12111

    @property
    def bedrock(self) -> int:
        """Return the port of the stand-in for Bedrock: the emulator's plus one."""
        return self.emulator + 1


@dataclass(frozen=True, slots=True)
class StagePaths:
    """Paths and URLs of one local stage. Stages with different folders and ports are independent of each other.

    Attributes:
        state: folder of the stage's data, logs and process records.
        ports: ports of its processes.
    """

    state: Path
    ports: Ports = Ports()

    @classmethod
    def at(cls, state: Path) -> Self:
        """Return the stage of a state folder, with the ports that it was started with."""
        file = state.resolve() / "ports.json"
        return cls(state.resolve(), Ports(**json.loads(file.read_text())) if file.exists() else Ports())

    def with_ports(self, shop: int | None, emulator: int | None, stripe: int | None) -> "StagePaths":
        """Return this stage on other ports; None keeps a port.

        Raises CliError where the emulator has data and would change its port, which the data contain.
        """
        wanted = Ports(shop or self.ports.shop, emulator or self.ports.emulator, stripe or self.ports.stripe)
        if wanted.emulator != self.ports.emulator and self.emulator_data.exists():
            raise CliError(
                f"This stage's data were made on emulator port {self.ports.emulator}, not {wanted.emulator}. "
                "Keep that port, or forget the data with `ecom67 clean`."
            )
        return StagePaths(self.state, wanted)

    def save_ports(self) -> None:
        """Store the ports in the state folder, for later commands."""
        self.state.mkdir(parents=True, exist_ok=True)
        (self.state / "ports.json").write_text(json.dumps(asdict(self.ports)) + "\n")

    @property
    def logs(self) -> Path:
        """Return the folder of the processes' logs."""
        return self.state / "logs"

    @property
    def scratch(self) -> Path:
        """Return the folder of temporary files of the emulator and the functions."""
        return self.state / "tmp"

    @property
    def emulator_data(self) -> Path:
        """Return the folder of the emulator's data."""
        return self.state / "emulator"

    @property
    def services_data(self) -> Path:
        """Return the folder of the state of the emulator's services, without the buckets' objects."""
        return self.emulator_data / "services"

    @property
    def stripe_data(self) -> Path:
        """Return the folder of the Stripe stand-in's state."""
        return self.state / "stripe"

    @property
    def shop_url(self) -> str:
        """Return the origin of the shop, its API and its images."""
        return f"http://localhost:{self.ports.shop}"

    @property
    def emulator_url(self) -> str:
        """Return the endpoint of all AWS services."""
        return f"http://{HOST}:{self.ports.emulator}"

    @property
    def stripe_url(self) -> str:
        """Return the URL of the stand-in for Stripe."""
        return f"http://{HOST}:{self.ports.stripe}"

    @property
    def bedrock_url(self) -> str:
        """Return the URL of the stand-in for Bedrock."""
        return f"http://{HOST}:{self.ports.bedrock}"

    @property
    def webhook_url(self) -> str:
        """Return the URL to which Stripe sends its webhooks."""
        return f"http://{HOST}:{self.ports.shop}/api/payments/webhook"

    @property
    def mailbox_url(self) -> str:
        """Return the URL of the sent e-mails."""
        return f"{self.emulator_url}/_ministack/ses/messages"

    def environment(self) -> dict[str, str]:
        """Return the current environment with AWS settings that reach this stage's emulator only."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        # Without bytecode caches, each start of a function would compile its libraries: a second or more.
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        return inherited | {
            "AWS_ENDPOINT_URL": self.emulator_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            # The user's own profiles may set other endpoints, regions and credentials.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), "localhost", HOST])),
            "no_proxy": ",".join(filter(None, [os.environ.get("no_proxy"), "localhost", HOST])),
        }
