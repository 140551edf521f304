"""Steps after a deployment that create what CloudFormation cannot create on the emulator. All are repeatable."""

import json
from pathlib import Path
from typing import Any

import httpx

from ecom67.base.paths import ROOT
from ecom67.base.pictures import upload_pictures
from ecom67.base.progress import ProgressTree
from ecom67.base.stage_names import LOCAL, stripe_secret_name
from ecom67.help import documents
from ecom67.local import emulator, seeding
from ecom67.local.connection import Connection
from ecom67.local.process_specs import WEBHOOK_SECRET
from ecom67.local.stage_paths import StagePaths
from ecom67.local.standins.opensearch import node
from ecom67.local.synthesis import Assembly
from ecom67.search.index import SearchIndex

IMAGES = ROOT / "content" / "catalogue" / "images"
# A parameter on the emulator: the assembly for which the search index was last checked.
INDEX_CHECKED_FOR = "runner/searchable"


def complete_deployment(paths: StagePaths, assembly: Assembly, steps: ProgressTree) -> None:
    """Create what CloudFormation cannot create on the emulator: event archive, Stripe's secret, help documents."""
    with steps.step("Make what CloudFormation cannot make here"):
        create_archives(paths, assembly)
        set_stripe_secret(paths)
        upload_help(paths)


def is_search_index_checked(paths: StagePaths, assembly: Assembly) -> bool:
    """Return whether the search index was checked for this assembly."""
    return emulator.published(paths.emulator_url).get(INDEX_CHECKED_FOR) == assembly.digest


def ensure_search_index(paths: StagePaths, assembly: Assembly, steps: ProgressTree, reason: str | None = None) -> None:
    """Rebuild the search index where the deployed code cannot answer from it, and record that it was checked.

    Parameters:
        paths: the stage's paths and ports.
        assembly: what is deployed.
        steps: shows the progress.
        reason: why it has to be rebuilt in any case; None where nothing is known.
    """
    connection = Connection(paths)
    published = connection.published()
    # On a new stage index and catalog are both empty, but an OpenSearch node may hold another stage's index.
    if "search/maintenance-arn" in published and (seeding.SEEDED_CATALOGUE in published or node.configured_url()):
        with steps.step("Look at the search index") as step:
            index = SearchIndex.of(connection)
            if reason is None:
                foreign = "The node may hold another stage's products." if node.configured_url() else None
                reason = foreign or index.rebuild_reason()
            if reason:
                step.note(reason)
                _, products = index.rebuild(lambda title, seen, _: step.note(f"{title}: {seen}"), grace_seconds=0)
                step.note(f"{reason} It is built anew, with {products} products")
    emulator.put_parameter(paths, INDEX_CHECKED_FOR, assembly.digest)


def archives_of(assembly: Assembly) -> list[dict[str, Any]]:
    """Return the properties of the event archives in the templates, which the emulator ignores."""
    templates = (json.loads(file.read_text()) for file in assembly.folder.glob("*.template.json"))
    return [
        resource["Properties"]
        for template in templates
        for resource in template.get("Resources", {}).values()
        if resource["Type"] == "AWS::Events::Archive"
    ]


def create_archives(paths: StagePaths, assembly: Assembly) -> None:
    """Create or update the event archives of the templates."""
    events = emulator.client(paths.emulator_url, "events")
    bus_arn = emulator.published(paths.emulator_url)["bus/arn"]
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
    """Store the stand-in's URL in the payment service's secret; return whether the secret exists."""
    secrets = emulator.client(paths.emulator_url, "secretsmanager")
    value = json.dumps({"apiKey": "sk_test_placeholder", "webhookSecret": WEBHOOK_SECRET, "apiBase": paths.stripe_url})
    try:
        secrets.put_secret_value(SecretId=stripe_secret_name(LOCAL), SecretString=value)
    except secrets.exceptions.ResourceNotFoundException:
        return False
    return True


def upload_images(paths: StagePaths, folder: Path = IMAGES) -> int:
    """Upload the product images that are missing or outdated in the bucket; return their number."""
    bucket = emulator.published(paths.emulator_url).get("catalog/image-bucket")
    if bucket is None:
        return 0
    return upload_pictures(emulator.client(paths.emulator_url, "s3"), bucket, folder)


def upload_help(paths: StagePaths) -> int:
    """Synchronise the help documents with the chat's bucket; return the number of changed objects."""
    bucket = emulator.published(paths.emulator_url).get("chat/help-bucket")
    if bucket is None:
        return 0
    changed = documents.upload(emulator.client(paths.emulator_url, "s3"), bucket)
    httpx.post(f"{paths.bedrock_url}/_ingest", trust_env=False).raise_for_status()
    return changed
