"""The distribution: one origin for shop and APIs, cache behaviours, headers and firewall."""

import json
import re
import subprocess
from typing import Any

import pytest

from ecom67.local.web_origin import document_of, response_headers
from tests.infra.synthesis import Shop


@pytest.fixture
def distribution(deployed: Shop) -> dict[str, Any]:
    (found,) = deployed.templates["web"].of_type("AWS::CloudFront::Distribution").values()
    config: dict[str, Any] = found["Properties"]["DistributionConfig"]
    return config


def test_the_apis_have_the_origin_of_the_shop_and_are_never_cached(distribution: dict[str, Any]) -> None:
    behaviours = {behaviour["PathPattern"]: behaviour for behaviour in distribution["CacheBehaviors"]}

    assert set(behaviours) == {"/api/*", "/ws", "/images/*"}
    for path in ("/api/*", "/ws"):
        # AWS's managed policies CachingDisabled and AllViewerExceptHostHeader.
        assert behaviours[path]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert behaviours[path]["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
        assert "FunctionAssociations" not in behaviours[path]


def test_all_requests_pass_a_firewall(deployed: Shop, distribution: dict[str, Any]) -> None:
    (acl,) = deployed.templates["firewall-us-east-1"].of_type("AWS::WAFv2::WebACL").values()
    rules = {rule["Name"]: rule for rule in acl["Properties"]["Rules"]}

    assert distribution["WebACLId"] == {"Ref": "WebAclArn"}
    assert acl["Properties"]["Scope"] == "CLOUDFRONT"
    assert rules["RequestsOfOneAddress"]["Action"] == {"Block": {}}
    assert sorted(rule["Priority"] for rule in rules.values()) == list(range(len(rules)))


def test_the_firewall_is_in_the_region_of_cloudfront(deployed: Shop) -> None:
    stack = deployed.manifest[deployed.templates["firewall-us-east-1"].name]

    assert stack["environment"].endswith("/us-east-1")


def test_the_firewall_only_counts_large_bodies(deployed: Shop) -> None:
    (acl,) = deployed.templates["firewall-us-east-1"].of_type("AWS::WAFv2::WebACL").values()
    counted = {
        override["Name"]
        for rule in acl["Properties"]["Rules"]
        for override in rule["Statement"].get("ManagedRuleGroupStatement", {}).get("RuleActionOverrides", [])
        if override["ActionToUse"] == {"Count": {}}
    }

    assert counted == {"SizeRestrictions_BODY"}


def test_an_error_of_the_api_is_never_replaced_by_a_page(distribution: dict[str, Any]) -> None:
    assert "CustomErrorResponses" not in distribution
    assert len(distribution["DefaultCacheBehavior"]["FunctionAssociations"]) == 1


def test_pages_are_served_over_tls_with_security_headers(deployed: Shop, distribution: dict[str, Any]) -> None:
    (policy,) = deployed.templates["web"].of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    allowed = str(headers["ContentSecurityPolicy"]["ContentSecurityPolicy"])

    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 365 * 24 * 3600
    assert "unsafe" not in allowed
    for source in ("https://js.stripe.com", "https://api.stripe.com", "https://cognito-idp."):
        assert source in allowed
    assert re.search("frame-ancestors 'none'", allowed)


def test_the_local_origin_sends_the_same_headers(deployed: Shop) -> None:
    (policy,) = deployed.templates["web"].of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    config = policy["Properties"]["ResponseHeadersPolicyConfig"]
    security, (custom,) = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    parts = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Join"][1]
    policy_sent = "".join(part if isinstance(part, str) else "example" for part in parts)
    (cognito,) = re.findall(r"https://cognito-idp\.\S+", policy_sent)
    (images,) = re.findall(r"https://example\.s3\.\S+", policy_sent)
    sent = response_headers(cognito, images)

    assert sent["Content-Security-Policy"] == policy_sent
    assert sent[custom["Header"]] == custom["Value"]
    assert sent["X-Frame-Options"] == security["FrameOptions"]["FrameOption"]
    assert sent["Referrer-Policy"] == security["ReferrerPolicy"]["ReferrerPolicy"]
    transport = security["StrictTransportSecurity"]
    assert transport["IncludeSubdomains"]
    assert sent["Strict-Transport-Security"] == f"max-age={transport['AccessControlMaxAgeSec']}; includeSubDomains"
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert security["ContentTypeOptions"]["Override"]
    assert len(sent) == 6


def test_both_origins_tell_pages_from_files_alike(deployed: Shop) -> None:
    (function,) = deployed.templates["web"].of_type("AWS::CloudFront::Function").values()
    paths = [
        *(
            "/",
            "/c/Dr.%20Martens",
            "/c/.NET",
            "/p/v1.2",
            "/search",
            "/orders/o-1",
            "/help/returns",
            "/cart/",
            "/imprint",
        ),
        *("/.well-known/security.txt", "/.well-known/change-password", "/.git/config", "/.env", "/favicon.ico"),
        *(
            "/assets/index-1a2b.js",
            "/robots.txt",
            "/wp-admin",
            "/api",
            "/healthz",
            "/_next/static",
            "/%2Eenv",
            "/nowhere",
        ),
        *("/staff", "/staff/products/v1.2", "/staff/orders/o-1", "/staffing", "/staff.html"),
    ]
    script = (
        function["Properties"]["FunctionCode"]
        + f"console.log(JSON.stringify({json.dumps(paths)}.map(uri => handler({{request: {{uri}}}}).uri)))"
    )
    rewritten = json.loads(subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True).stdout)

    assert dict(zip(paths, rewritten, strict=True)) == {
        path: f"/{document}" if (document := document_of(path)) else path for path in paths
    }
    assert document_of("/c/Dr.%20Martens") == "index.html"
    assert document_of("/staff/products/v1.2") == "staff.html"
    assert document_of("/.well-known/security.txt") is None


def test_the_bucket_is_private(deployed: Shop) -> None:
    (bucket,) = deployed.templates["web"].of_type("AWS::S3::Bucket").values()

    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}


def test_a_bucket_admits_this_distribution_and_no_other(deployed: Shop) -> None:
    web = deployed.templates["web"]
    (distribution,) = web.of_type("AWS::CloudFront::Distribution")
    admitted = {}
    for _, name, policy in deployed.of_type("AWS::S3::BucketPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
                arn = statement["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1]
                assert {"Ref": distribution} in arn, name
                admitted[name] = statement["Action"]

    assert admitted == {"ShopPolicy": ["s3:GetObject", "s3:ListBucket"], "ImagesPolicy": "s3:GetObject"}


def test_no_access_log_has_the_query_string_with_the_token_of_the_chat(deployed: Shop) -> None:
    stages = [properties for _, _, properties in deployed.of_type("AWS::ApiGatewayV2::Stage")]
    logged = [str(stage["AccessLogSettings"]["Format"]) for stage in stages if "AccessLogSettings" in stage]

    kept = re.compile(r"querystring|authorization|\$context\.path\b", re.IGNORECASE)
    assert logged
    assert not [fields for fields in logged if kept.search(fields)]
    assert "Logging" not in deployed.templates["web"].path.read_text()
