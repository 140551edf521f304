"""The four processes of a local stage: the emulator, the stand-ins for Stripe and Bedrock, and the web server."""

import sys

from ecom67.base.paths import ROOT
from ecom67.local.processes import SAVE_SECONDS, StageProcess
from ecom67.local.stage_paths import HOST, StagePaths
from ecom67.local.storefront import BUILT
from ecom67.local.synthesis import VARIABLES

WEBHOOK_SECRET = "whsec_placeholder"  # noqa: S105 - a placeholder that opens nothing


def process_specs(paths: StagePaths) -> tuple[StageProcess, ...]:
    """Return the processes of a stage in the order in which they are started."""
    return (emulator(paths), stripe(paths), bedrock(paths), gateway(paths))


def emulator(paths: StagePaths) -> StageProcess:
    """Return the AWS emulator, which evaluates the functions' roles and saves its data every few seconds."""
    return StageProcess(
        name="emulator",
        title="the AWS emulator",
        command=(sys.executable, "-m", "ecom67.local.persistence"),
        environment=_without_settings(paths)
        | {
            "GATEWAY_PORT": str(paths.ports.emulator),
            "BIND_HOST": HOST,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(paths.services_data),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(paths.emulator_data / "s3"),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # Each function may do what its role allows, and nothing else.
            "AUTH": "true",
            # Inherited by the functions.
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": paths.bedrock_url,
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": paths.bedrock_url,
            # Processes of a function beyond its first, after a burst, end once they have had nothing to do for so long.
            "LAMBDA_WARM_TTL_SECONDS": "60",
            # The functions' code is unpacked here, so it is deleted together with the stage's state.
            "TMPDIR": str(paths.scratch),
        },
        port=paths.ports.emulator,
        health_path="/_ministack/health",
        state=paths.state,
        port_option="--emulator-port or ECOM67_EMULATOR_PORT",
        stop_seconds=SAVE_SECONDS,
    )


def stripe(paths: StagePaths) -> StageProcess:
    """Return the stand-in for Stripe."""
    return StageProcess(
        name="stripe",
        title="the stand-in for Stripe",
        command=(
            *(sys.executable, "-m", "ecom67.local.standins.stripe"),
            *("--port", str(paths.ports.stripe), "--state", str(paths.stripe_data)),
            *("--webhook-url", paths.webhook_url, "--webhook-secret", WEBHOOK_SECRET),
        ),
        environment=_without_settings(paths),
        port=paths.ports.stripe,
        health_path="/_health",
        state=paths.state,
        port_option="--stripe-port or ECOM67_STRIPE_PORT",
    )


def bedrock(paths: StagePaths) -> StageProcess:
    """Return the stand-in for Bedrock: the language model and the knowledge base of the chat."""
    return StageProcess(
        name="bedrock",
        title="the stand-in for Bedrock",
        command=(
            *(sys.executable, "-m", "ecom67.local.standins.bedrock"),
            *("--port", str(paths.ports.bedrock), "--emulator", paths.emulator_url),
        ),
        environment=paths.environment(),
        port=paths.ports.bedrock,
        health_path="/_health",
        state=paths.state,
        port_option="--emulator-port or ECOM67_EMULATOR_PORT: it is the one after it",
    )


def gateway(paths: StagePaths) -> StageProcess:
    """Return the web server; its process is named ``origin``."""
    return StageProcess(
        name="origin",
        title="the shop's web server",
        command=(
            *(sys.executable, "-m", "ecom67.local.gateway"),
            *("--port", str(paths.ports.shop), "--emulator", paths.emulator_url),
            *("--stripe", paths.stripe_url),
            *("--shop", str(BUILT), "--events", str(ROOT / "docs" / "dist" / "events")),
        ),
        environment=paths.environment(),
        port=paths.ports.shop,
        health_path="/_health",
        state=paths.state,
        port_option="--shop-port or ECOM67_SHOP_PORT",
    )


def _without_settings(paths: StagePaths) -> dict[str, str]:
    # The emulator passes its own environment to the functions, whose settings come from the stacks only.
    variables = paths.environment().items()
    return {name: value for name, value in variables if not name.startswith("AWS_") and name not in VARIABLES}
