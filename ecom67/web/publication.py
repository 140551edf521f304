"""Puts the built shop into a stage's bucket in AWS, with the settings of that stage."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import boto3

from ecom67.base.errors import CliError

KEPT = "public, max-age=31536000, immutable"
ASKED_FOR = "no-cache"
STRIPE_KEY = "web/stripe-publishable-key"
"""Put by an operator: which account takes the money is no matter of a template."""


def publish(stage: str, built: Path, session: boto3.Session) -> int:
    """Upload the built shop and ``/config.json``, and let the distribution forget what it kept; return the files.

    Files that an older page may still ask for stay. The page itself comes last, when all that it names is there.

    Parameters:
        stage: name of the one whose stacks are deployed.
        built: the folder of the built shop.
        session: of the account and region of the stage.

    Raises CliError where the stage lacks something.
    """
    published = _published(stage, session)
    settings = client_settings(stage, published, str(session.region_name))
    bucket, distribution = (_needed(published, f"web/{name}", stage) for name in ("bucket", "distribution-id"))
    s3 = session.client("s3")
    files = sorted(_files(built), key=lambda file: file.name == "index.html")
    s3.put_object(
        Bucket=bucket,
        Key="config.json",
        Body=json.dumps(settings).encode(),
        ContentType="application/json",
        CacheControl=ASKED_FOR,
    )
    for file in files:
        key = file.relative_to(built).as_posix()
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=file.read_bytes(),
            ContentType=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            CacheControl=KEPT if key.startswith("assets/") else ASKED_FOR,
        )
    session.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": 2, "Items": ["/index.html", "/config.json"]},
            "CallerReference": str(uuid4()),
        },
    )
    return len(files)


def client_settings(stage: str, published: Mapping[str, str], region: str) -> dict[str, str]:
    """Return ``/config.json`` of a stage; raises CliError where the stage lacks something."""
    return {
        "stage": stage,
        "region": region,
        "userPoolId": _needed(published, "identity/user-pool-id", stage),
        "userPoolClientId": _needed(published, "identity/user-pool-client-id", stage),
        "stripePublishableKey": _needed(published, STRIPE_KEY, stage),
        "ws": "/ws",
    }


def _needed(published: Mapping[str, str], name: str, stage: str) -> str:
    if name not in published:
        raise CliError(f"Stage {stage} has no parameter /ecom67/{stage}/{name}. Deploy its stack, or put it there.")
    return published[name]


def _files(built: Path) -> Iterator[Path]:
    # What begins with a dot is of the build, not of the shop.
    yield from (
        file
        for file in built.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(built).parts)
    )


def _published(stage: str, session: boto3.Session) -> dict[str, str]:
    path = f"/ecom67/{stage}/"
    pages = session.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
    return {found["Name"].removeprefix(path): found["Value"] for page in pages for found in page["Parameters"]}
