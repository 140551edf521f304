from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ecom67.base.errors import CliError
from ecom67.web import publication

BUCKET = "shop-files"
PARAMETERS = {
    "web/bucket": BUCKET,
    "identity/user-pool-id": "pool",
    "identity/user-pool-client-id": "client",
    "web/stripe-publishable-key": "pk_test_placeholder",
}


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    with mock_aws():
        session = boto3.Session(region_name="us-east-1")
        session.client("s3").create_bucket(Bucket=BUCKET)
        origin = {
            "Id": "shop",
            "DomainName": f"{BUCKET}.s3.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }
        made = session.client("cloudfront").create_distribution(
            DistributionConfig={
                "CallerReference": "test",
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": {"TargetOriginId": "shop", "ViewerProtocolPolicy": "https-only"},
            }
        )
        parameters = {**PARAMETERS, "web/distribution-id": made["Distribution"]["Id"]}
        for name, value in parameters.items():
            session.client("ssm").put_parameter(Name=f"/ecom67/dev/{name}", Value=value, Type="String")
        yield session


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / ".vite").mkdir()
    (tmp_path / "index.html").write_text("the page")
    (tmp_path / "assets" / "index-1a2b.js").write_text("the script")
    (tmp_path / ".vite" / "manifest.json").write_text("{}")
    return tmp_path


def head(session: boto3.Session, key: str) -> tuple[str, str]:
    found: Any = session.client("s3").head_object(Bucket=BUCKET, Key=key)
    return found["ContentType"], found["CacheControl"]


def test_files_that_never_change_are_kept_and_the_page_is_asked_for(session: boto3.Session, built: Path) -> None:
    assert publication.publish("dev", built, session) == 2

    script_type, script_kept = head(session, "assets/index-1a2b.js")
    assert script_type in {"text/javascript", "application/javascript"}
    assert "immutable" in script_kept
    assert head(session, "index.html") == ("text/html", "no-cache")
    assert head(session, "config.json") == ("application/json", "no-cache")
    keys = {found["Key"] for found in session.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert keys == {"index.html", "config.json", "assets/index-1a2b.js"}


def test_the_distribution_forgets_the_pages_and_the_settings(session: boto3.Session, built: Path) -> None:
    publication.publish("dev", built, session)

    cloudfront = session.client("cloudfront")
    distribution = cloudfront.list_distributions()["DistributionList"]["Items"][0]["Id"]
    (made,) = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Items"]
    told = cloudfront.get_invalidation(DistributionId=distribution, Id=made["Id"])["Invalidation"]
    assert set(told["InvalidationBatch"]["Paths"]["Items"]) == {"/index.html", "/staff.html", "/config.json"}


def test_the_settings_are_those_of_the_stage() -> None:
    assert publication.client_settings("dev", PARAMETERS, "eu-west-1") == {
        "stage": "dev",
        "region": "eu-west-1",
        "userPoolId": "pool",
        "userPoolClientId": "client",
        "stripePublishableKey": "pk_test_placeholder",
        "ws": "/ws",
    }


def test_a_stage_that_lacks_something_gets_nothing(session: boto3.Session, built: Path) -> None:
    session.client("ssm").delete_parameter(Name="/ecom67/dev/web/stripe-publishable-key")

    with pytest.raises(CliError, match="stripe-publishable-key"):
        publication.publish("dev", built, session)

    assert session.client("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
