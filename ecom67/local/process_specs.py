"""The four processes of a local stage: the emulator, the stand-ins for Stripe and Bedrock, and the one origin."""

import sys

from ecom67.base.paths import ROOT
from ecom67.local.processes import Process
from ecom67.local.stage_paths import HOST, StagePaths
from ecom67.local.storefront import BUILT
from ecom67.local.synthesis import VARIABLES

WEBHOOK_SECRET = "whsec_placeholder"  # noqa: S105 - a placeholder that opens nothing


def members(layout: StagePaths) -> tuple[Process, ...]:
    """Return the processes of a stage, in the order in which they are started."""
    return (emulator(layout), stripe(layout), bedrock(layout), origin(layout))


def emulator(layout: StagePaths) -> Process:
    """Return the AWS emulator, which saves its data when it is stopped."""
    return Process(
        name="emulator",
        title="the AWS emulator",
        command=(sys.executable, "-m", "ministack"),
        environment=_without_settings(layout)
        | {
            "GATEWAY_PORT": str(layout.ports.emulator),
            "BIND_HOST": HOST,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(layout.emulator_data / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(layout.emulator_data / "s3"),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # The functions inherit these.
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": layout.bedrock_url,
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": layout.bedrock_url,
            # The functions' unpacked code goes here, and with the stage's state.
            "TMPDIR": str(layout.scratch),
        },
        port=layout.ports.emulator,
        health_path="/_ministack/health",
        state=layout.state,
        port_option="--emulator-port or ECOM67_EMULATOR_PORT",
    )


def stripe(layout: StagePaths) -> Process:
    """Return the stand-in for Stripe."""
    return Process(
        name="stripe",
        title="the stand-in for Stripe",
        command=(
            *(sys.executable, "-m", "ecom67.local.standins.stripe"),
            *("--port", str(layout.ports.stripe), "--state", str(layout.state / "stripe")),
            *("--webhook-url", layout.webhook_url, "--webhook-secret", WEBHOOK_SECRET),
        ),
        environment=_without_settings(layout),
        port=layout.ports.stripe,
        health_path="/_health",
        state=layout.state,
        port_option="--stripe-port or ECOM67_STRIPE_PORT",
    )


def bedrock(layout: StagePaths) -> Process:
    """Return the stand-in for Bedrock: the model that answers in the chat, and the help documents."""
    return Process(
        name="bedrock",
        title="the stand-in for Bedrock",
        command=(
            *(sys.executable, "-m", "ecom67.local.standins.bedrock"),
            *("--port", str(layout.ports.bedrock), "--emulator", layout.emulator_url),
        ),
        environment=layout.environment(),
        port=layout.ports.bedrock,
        health_path="/_health",
        state=layout.state,
        port_option="--emulator-port or ECOM67_EMULATOR_PORT: it is the one after it",
    )


def origin(layout: StagePaths) -> Process:
    """Return the server that joins shop, API and images at one address."""
    return Process(
        name="origin",
        title="the shop's web server",
        command=(
            *(sys.executable, "-m", "ecom67.local.gateway"),
            *("--port", str(layout.ports.shop), "--emulator", layout.emulator_url),
            *("--stripe", layout.stripe_url),
            *("--shop", str(BUILT), "--events", str(ROOT / "docs" / "dist" / "events")),
        ),
        environment=layout.environment(),
        port=layout.ports.shop,
        health_path="/_health",
        state=layout.state,
        port_option="--shop-port or ECOM67_SHOP_PORT",
    )


def _without_settings(layout: StagePaths) -> dict[str, str]:
    # The emulator hands its own environment to the functions that it runs, whose settings are the stacks' alone.
    given = layout.environment().items()
    return {name: value for name, value in given if not name.startswith("AWS_") and name not in VARIABLES}
