"""The web stack: the bucket of the built frontend and, in AWS, the distribution that serves shop, API and images."""

import json

from aws_cdk import CfnOutput, CfnParameter, Duration, Fn
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.paths import ROOT
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.service_stack import ServiceStack
from infra.stage import Stage

ORIGIN = json.loads((ROOT / "infra" / "web_origin.json").read_text())
"""What the origin does for browsers, which the local stage's gateway reads as well."""

# Below a route of the single-page shop every address is a page, whatever dots it has; elsewhere an address with a dot,
# or one that only machines ask for, is a file, for which S3 answers 404 if it is none. Unlike an error page of the
# distribution, this leaves the API's own error responses alone. The staff's console is a document of its own.
SPA_REWRITE_CODE = f"""\
var pages = {json.dumps(ORIGIN["pages"])};
var consoleAddress = {json.dumps(ORIGIN["consoleAddress"])};
var machineAddresses = {json.dumps(ORIGIN["machineAddresses"])};
function handler(event) {{
  var request = event.request;
  var segments = request.uri.split("/").slice(1);
  var isFile = machineAddresses.indexOf(segments[0]) !== -1 || segments.some(function (segment) {{
    return segment.indexOf(".") !== -1 || segment.charAt(0) === "_" || segment.toLowerCase().indexOf("%2e") !== -1;
  }});
  if (segments[0] === consoleAddress) request.uri = "/staff.html";
  else if (pages.indexOf(segments[0]) !== -1 || !isFile) request.uri = "/index.html";
  return request;
}}
"""
WEB_ACL_PARAMETER = "WebAclArn"


class WebStack(ServiceStack):
    """Owns what browsers load. ``ecom67 web publish`` uploads the built frontend and ``/config.json``.

    The local stage has no distribution; ``ecom67/local/gateway.py`` takes its place.

    Publishes ``bucket``, ``distribution-id`` and ``shop-url``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "web", depends_on)
        bucket = PrivateBucket(self, "Shop", stage, policy_elsewhere=True)
        self.publish_parameter("bucket", bucket.bucket_name)
        if stage.emulated:
            distribution_id, shop_url = "none", str(stage.shop_url)
        else:
            images = self.read_parameter("catalog", "image-bucket")
            distribution = self._create_distribution(bucket.bucket_name, images)
            # Without s3:ListBucket, S3 answers 403 for a missing file instead of 404.
            self._admit(distribution, "ShopPolicy", bucket.bucket_name, "s3:GetObject", "s3:ListBucket")
            self._admit(distribution, "ImagesPolicy", images, "s3:GetObject")
            distribution_id = distribution.distribution_id
            shop_url = f"https://{stage.domain or distribution.distribution_domain_name}"
            CfnOutput(self, "ShopUrl", value=shop_url)
        self.publish_parameter("distribution-id", distribution_id)
        self.publish_parameter("shop-url", shop_url)

    def _create_distribution(self, shop: str, images: str) -> cloudfront.Distribution:
        web_acl_arn = self._create_web_acl_parameter()
        spa_rewrite = self._create_spa_rewrite()
        headers = self._create_response_headers_policy(images)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"e-com67 {self.stage.name}",
            default_root_object="index.html",
            domain_names=[self.stage.domain] if self.stage.domain else None,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", self.stage.certificate_arn)
            if self.stage.certificate_arn
            else None,
            web_acl_id=web_acl_arn,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            default_behavior=self._bucket_behavior(shop, "ShopFiles", headers, spa_rewrite),
            additional_behaviors={
                "/images/*": self._bucket_behavior(images, "Images", headers),
                "/api/*": self._api_behavior(self.read_parameter("edge", "api-id")),
                # The stage of the WebSocket API has the name of this path.
                "/ws": self._api_behavior(self.read_parameter("chat", "websocket-api-id")),
            },
        )
        # Where the DNS of an own domain points to.
        CfnOutput(self, "DistributionDomain", value=distribution.distribution_domain_name)
        return distribution

    def _create_web_acl_parameter(self) -> str:
        # An update that omits the parameter keeps its previous value.
        return CfnParameter(
            self,
            WEB_ACL_PARAMETER,
            description="ARN that the firewall stack publishes in us-east-1",
            allowed_pattern="arn:.+",
        ).value_as_string

    def _bucket_behavior(
        self,
        bucket_name: str,
        name: str,
        headers: cloudfront.IResponseHeadersPolicy,
        rewrite: cloudfront.IFunction | None = None,
    ) -> cloudfront.BehaviorOptions:
        # Imported by name: the policies of both buckets are made here, since they name the distribution.
        bucket = s3.Bucket.from_bucket_attributes(self, name, bucket_name=bucket_name, region=self.region)
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(
                bucket,
                origin_access_control=cloudfront.S3OriginAccessControl(
                    self, f"{name}AccessControl", origin_access_control_name=self._global_name(name)
                ),
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            # The Cache-Control headers of the files decide how long they are cached.
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=headers,
            compress=True,
            function_associations=[
                cloudfront.FunctionAssociation(event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=rewrite)
            ]
            if rewrite
            else [],
        )

    def _admit(self, distribution: cloudfront.Distribution, name: str, bucket: str, *actions: str) -> None:
        """Give a bucket the policy that admits this distribution and no other, over TLS only."""
        arn = f"arn:{self.partition}:s3:::{bucket}"
        reading = iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
            actions=list(actions),
            resources=[arn, f"{arn}/*"] if "s3:ListBucket" in actions else [f"{arn}/*"],
            conditions={"StringEquals": {"AWS:SourceArn": distribution.distribution_arn}},
        )
        without_tls = iam.PolicyStatement(
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=["s3:*"],
            resources=[arn, f"{arn}/*"],
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        )
        s3.CfnBucketPolicy(
            self, name, bucket=bucket, policy_document=iam.PolicyDocument(statements=[without_tls, reading])
        )

    def _api_behavior(self, api_id: str) -> cloudfront.BehaviorOptions:
        host = Fn.join(".", [api_id, "execute-api", self.region, self.url_suffix])
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(host, protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        )

    def _create_spa_rewrite(self) -> cloudfront.Function:
        return cloudfront.Function(
            self,
            "OnePage",
            function_name=self._global_name("OnePage"),
            code=cloudfront.FunctionCode.from_inline(SPA_REWRITE_CODE),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )

    def _create_response_headers_policy(self, images: str) -> cloudfront.ResponseHeadersPolicy:
        headers = ORIGIN["headers"]
        transport = headers["Strict-Transport-Security"]
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=self._global_name("Headers"),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=self._content_security_policy(images), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption[headers["X-Frame-Options"]], override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy[
                        headers["Referrer-Policy"].upper().replace("-", "_")
                    ],
                    override=True,
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.seconds(transport["maxAgeSeconds"]),
                    include_subdomains=transport["includeSubdomains"],
                    override=True,
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="Permissions-Policy", value=headers["Permissions-Policy"], override=True
                    )
                ]
            ),
        )

    def _global_name(self, name: str) -> str:
        # CloudFront's names are those of an account in all regions, unlike the stage's.
        return f"{self.stage.prefix}-{self.region}-{name}"

    def _content_security_policy(self, images: str) -> str:
        cognito = f"https://cognito-idp.{self.region}.{self.url_suffix}"
        # Staff's browsers upload pictures straight into the bucket.
        bucket = f"https://{images}.s3.{self.region}.{self.url_suffix}"
        policy = ORIGIN["headers"]["Content-Security-Policy"]
        text = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
        return text.replace("{cognito}", cognito).replace("{images}", bucket)
