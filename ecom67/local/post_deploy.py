"""What CloudFormation cannot make on the emulator, made by API after the deployment. All of it may run again."""

import hashlib
import json
import mimetypes
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from ecom67.base.paths import ROOT
from ecom67.base.stage_names import LOCAL
from ecom67.help import documents
from ecom67.local import aws
from ecom67.local.process_specs import WEBHOOK_SECRET
from ecom67.local.stage_paths import StagePaths
from ecom67.local.synthesis import Assembly

IMAGES = ROOT / "content" / "catalogue" / "images"
UPLOADS_AT_ONCE = 8


def archives_of(assembly: Assembly) -> list[dict[str, Any]]:
    """Return the properties of the event archives that the templates hold and the emulator leaves out."""
    templates = (json.loads(file.read_text()) for file in assembly.folder.glob("*.template.json"))
    return [
        resource["Properties"]
        for template in templates
        for resource in template.get("Resources", {}).values()
        if resource["Type"] == "AWS::Events::Archive"
    ]


def make_archives(paths: StagePaths, assembly: Assembly) -> None:
    """Make the event archives as the templates have them."""
    events = aws.client(paths.emulator_url, "events")
    bus_arn = aws.published(paths.emulator_url)["bus/arn"]
    for properties in archives_of(assembly):
        wanted = {
            "ArchiveName": properties["ArchiveName"],
            "Description": properties.get("Description", ""),
            "EventPattern": json.dumps(properties["EventPattern"]),
            "RetentionDays": properties.get("RetentionDays", 0),
        }
        try:
            events.create_archive(EventSourceArn=bus_arn, **wanted)
        except events.exceptions.ResourceAlreadyExistsException:
            events.update_archive(**wanted)


def set_stripe_secret(paths: StagePaths) -> bool:
    """Give the payment service's secret the stand-in's address; return whether there is such a secret."""
    secrets = aws.client(paths.emulator_url, "secretsmanager")
    value = json.dumps({"apiKey": "sk_test_placeholder", "webhookSecret": WEBHOOK_SECRET, "apiBase": paths.stripe_url})
    try:
        secrets.put_secret_value(SecretId=f"ecom67/{LOCAL}/stripe", SecretString=value)
    except secrets.exceptions.ResourceNotFoundException:
        return False
    return True


def upload_images(paths: StagePaths, folder: Path = IMAGES) -> int:
    """Upload the catalogue's images that the bucket lacks or has in another form; return how many."""
    bucket = aws.published(paths.emulator_url).get("catalog/image-bucket")
    if bucket is None:
        return 0
    s3 = aws.client(paths.emulator_url, "s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="images/")
    present = {found["Key"]: found["ETag"].strip('"') for page in pages for found in page.get("Contents", [])}
    missing = [file for file in sorted(folder.glob("*.*")) if present.get(f"images/{file.name}") != _etag(file)]

    def upload(file: Path) -> None:
        s3.put_object(
            Bucket=bucket,
            Key=f"images/{file.name}",
            Body=file.read_bytes(),
            ContentType=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        )

    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
        list(pool.map(upload, missing))
    return len(missing)


def upload_help(paths: StagePaths) -> int:
    """Upload the help documents that the chat's bucket lacks or has in another form; return how many objects."""
    bucket = aws.published(paths.emulator_url).get("chat/help-bucket")
    if bucket is None:
        return 0
    changed = documents.upload(aws.client(paths.emulator_url, "s3"), bucket)
    httpx.post(f"{paths.bedrock_url}/_ingest", trust_env=False).raise_for_status()
    return changed


def _etag(file: Path) -> str:
    # S3's ETag of an object that was put in one part.
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
