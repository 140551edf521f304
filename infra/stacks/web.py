"""The web: the bucket of the built shop and, in AWS, the distribution that makes one origin of shop, API and images."""

from aws_cdk import CfnOutput, CfnParameter, Duration, Fn
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.service_stack import ServiceStack
from infra.stage import Stage

# An address without a file's ending is one of the shop's own: its one page answers. API errors stay what they are.
ONE_PAGE = """\
function handler(event) {
  var request = event.request;
  var last = request.uri.substring(request.uri.lastIndexOf("/") + 1);
  if (last.indexOf(".") === -1) request.uri = "/index.html";
  return request;
}
"""
WEB_ACL = "WebAclArn"
STRIPE_SCRIPTS = "https://js.stripe.com https://*.js.stripe.com"


class WebStack(ServiceStack):
    """Owns what a browser is served. ``ecom67 web publish`` puts the built shop there, with ``/config.json``.

    The local stage has no distribution: ``ecom67/local/gateway.py`` stands for it.
    """

    def __init__(self, scope: Construct, stage: Stage, reads_from: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "web", reads_from)
        bucket = s3.Bucket(
            self,
            "Shop",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            # The emulator speaks plain HTTP.
            enforce_ssl=not stage.emulated,
            removal_policy=stage.removal_policy,
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                # Without the right to list, a file that is not there would be forbidden instead of missing.
                actions=["s3:GetObject", "s3:ListBucket"],
                resources=[bucket.bucket_arn, bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"AWS:SourceAccount": self.account}},
            )
        )
        self.publish("bucket", bucket.bucket_name)
        self.publish("distribution-id", "none" if stage.emulated else self._distribution(bucket).distribution_id)

    def _distribution(self, bucket: s3.IBucket) -> cloudfront.Distribution:
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"e-com67 {self.stage.name}",
            default_root_object="index.html",
            web_acl_id=self._web_acl(),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            default_behavior=self._files(bucket.bucket_name, "ShopFiles", with_one_page=True),
            additional_behaviors={
                "/images/*": self._files(self.read("catalog", "image-bucket"), "Images", with_one_page=False),
                "/api/*": self._forwarded(self.read("edge", "api-id")),
                # The WebSocket API's stage is called as its path is here.
                "/ws": self._forwarded(self.read("chat", "websocket-api-id")),
            },
        )
        CfnOutput(self, "ShopUrl", value=f"https://{distribution.distribution_domain_name}")
        return distribution

    def _web_acl(self) -> str:
        # An update without it keeps the one that was given before.
        return CfnParameter(
            self, WEB_ACL, description="ARN that the firewall stack publishes in us-east-1", allowed_pattern="arn:.+"
        ).value_as_string

    def _files(self, bucket_name: str, name: str, *, with_one_page: bool) -> cloudfront.BehaviorOptions:
        # By name: a bucket's policy is its owner's, and has let the account's distributions in.
        held = s3.Bucket.from_bucket_attributes(self, name, bucket_name=bucket_name, region=self.region)
        rewrite = cloudfront.FunctionAssociation(
            event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=self._one_page()
        )
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(held),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            # How long anything may be kept is said by the files' own headers.
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers(),
            compress=True,
            function_associations=[rewrite] if with_one_page else [],
        )

    def _forwarded(self, api_id: str) -> cloudfront.BehaviorOptions:
        host = Fn.join(".", [api_id, "execute-api", self.region, self.url_suffix])
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(host, protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        )

    def _one_page(self) -> cloudfront.IFunction:
        existing = self.node.try_find_child("OnePage")
        if isinstance(existing, cloudfront.Function):
            return existing
        return cloudfront.Function(
            self,
            "OnePage",
            code=cloudfront.FunctionCode.from_inline(ONE_PAGE),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )

    def _headers(self) -> cloudfront.IResponseHeadersPolicy:
        existing = self.node.try_find_child("Headers")
        if isinstance(existing, cloudfront.ResponseHeadersPolicy):
            return existing
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=self._content_security_policy(), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), include_subdomains=True, override=True
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="Permissions-Policy",
                        # Stripe's frame asks for payment.
                        value='camera=(), microphone=(), geolocation=(), payment=(self "https://js.stripe.com")',
                        override=True,
                    )
                ]
            ),
        )

    def _content_security_policy(self) -> str:
        sources = {
            "default-src": "'self'",
            "script-src": f"'self' {STRIPE_SCRIPTS}",
            "frame-src": f"{STRIPE_SCRIPTS} https://hooks.stripe.com",
            "connect-src": f"'self' https://cognito-idp.{self.region}.{self.url_suffix} https://api.stripe.com",
            "img-src": "'self' data: https://*.stripe.com",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        return "; ".join(f"{name} {value}" for name, value in sources.items())
