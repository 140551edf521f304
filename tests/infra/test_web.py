"""One origin, in which the shop's pages are its own and the API's errors stay what they are."""

import re
from typing import Any

import pytest

from tests.infra.synthesis import Shop


@pytest.fixture
def distribution(deployed: Shop) -> dict[str, Any]:
    (found,) = deployed.templates["web"].of_type("AWS::CloudFront::Distribution").values()
    config: dict[str, Any] = found["Properties"]["DistributionConfig"]
    return config


def test_the_api_and_the_chat_are_of_the_same_origin_and_are_never_kept(distribution: dict[str, Any]) -> None:
    behaviours = {behaviour["PathPattern"]: behaviour for behaviour in distribution["CacheBehaviors"]}

    assert set(behaviours) == {"/api/*", "/ws", "/images/*"}
    for path in ("/api/*", "/ws"):
        # AWS's own policies: nothing is cached; all is handed on but the host.
        assert behaviours[path]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert behaviours[path]["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
        assert "FunctionAssociations" not in behaviours[path]


def test_an_error_of_the_api_is_never_replaced_by_a_page(distribution: dict[str, Any]) -> None:
    assert "CustomErrorResponses" not in distribution
    assert len(distribution["DefaultCacheBehavior"]["FunctionAssociations"]) == 1


def test_pages_are_encrypted_and_say_what_a_browser_may_do(deployed: Shop, distribution: dict[str, Any]) -> None:
    (policy,) = deployed.templates["web"].of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    allowed = str(headers["ContentSecurityPolicy"]["ContentSecurityPolicy"])

    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 365 * 24 * 3600
    assert "unsafe" not in allowed
    for source in ("https://js.stripe.com", "https://api.stripe.com", "https://cognito-idp."):
        assert source in allowed
    assert re.search("frame-ancestors 'none'", allowed)


def test_the_bucket_is_read_by_the_distribution_alone(deployed: Shop) -> None:
    (bucket,) = deployed.templates["web"].of_type("AWS::S3::Bucket").values()

    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
