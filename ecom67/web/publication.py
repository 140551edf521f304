"""Upload of the built shop, with the settings of the stage, into the stage's bucket in AWS."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import boto3

from ecom67.base.errors import CliError
from ecom67.base.parameters import published_parameters
from ecom67.base.stage_names import parameter_prefix

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
DOCUMENTS = ("index.html", "staff.html")
"""The shop and the staff's console, which name the files of their build."""
STRIPE_KEY = "web/stripe-publishable-key"
"""Set by an operator, not by a template: it decides which Stripe account takes the money."""


def publish(stage: str, built: Path, session: boto3.Session) -> int:
    """Upload the built shop and ``/config.json``, and invalidate the distribution's cache; return the number of files.

    Files of earlier builds stay, since pages that are still open may load them. The documents are uploaded last,
    when all files that they refer to are there.

    Parameters:
        stage: name of the stage, whose stacks must be deployed.
        built: folder of the built shop.
        session: session in the account and region of the stage.

    Raises CliError where the stage lacks a parameter.
    """
    published = published_parameters(session.client("ssm"), stage)
    settings = client_settings(stage, published, str(session.region_name))
    bucket, distribution = (_required(published, f"web/{name}", stage) for name in ("bucket", "distribution-id"))
    s3 = session.client("s3")
    files = sorted(_files(built), key=lambda file: file.name in DOCUMENTS)
    s3.put_object(
        Bucket=bucket,
        Key="config.json",
        Body=json.dumps(settings).encode(),
        ContentType="application/json",
        CacheControl=REVALIDATE,
    )
    for file in files:
        key = file.relative_to(built).as_posix()
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=file.read_bytes(),
            ContentType=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            CacheControl=IMMUTABLE if key.startswith("assets/") else REVALIDATE,
        )
    changing = [f"/{name}" for name in (*DOCUMENTS, "config.json")]
    session.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": len(changing), "Items": changing},
            "CallerReference": str(uuid4()),
        },
    )
    return len(files)


def client_settings(stage: str, published: Mapping[str, str], region: str) -> dict[str, str]:
    """Return ``/config.json`` of a stage; raises CliError where the stage lacks a parameter."""
    return {
        "stage": stage,
        "region": region,
        "userPoolId": _required(published, "identity/user-pool-id", stage),
        "userPoolClientId": _required(published, "identity/user-pool-client-id", stage),
        "stripePublishableKey": _required(published, STRIPE_KEY, stage),
        "ws": "/ws",
    }


def _required(published: Mapping[str, str], name: str, stage: str) -> str:
    if name not in published:
        raise CliError(
            f"Stage {stage} has no parameter {parameter_prefix(stage)}{name}. Deploy its stack, or put it there."
        )
    return published[name]


def _files(built: Path) -> Iterator[Path]:
    # Names with a leading dot belong to the build, not to the shop.
    yield from (
        file
        for file in built.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(built).parts)
    )
