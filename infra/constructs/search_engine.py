"""The engine of search: files in a bucket, or a domain of Amazon OpenSearch."""

from abc import ABC, abstractmethod

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_s3 as s3

from infra.constructs.service_stack import ServiceStack


class SearchEngine(ABC):
    """What the functions of search are told of their engine, and what they may do with it."""

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return the variables that say where it is."""

    @abstractmethod
    def grant_queries(self, function: lambda_.Function) -> None:
        """Let a function search."""

    @abstractmethod
    def grant_changes(self, function: lambda_.Function) -> None:
        """Let a function write, build and delete indexes too."""


class EmbeddedEngine(SearchEngine):
    """A bucket with the files of the indexes."""

    def __init__(self, stack: ServiceStack) -> None:
        self._bucket = s3.Bucket(
            stack,
            "Indexes",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            # The emulator speaks plain HTTP.
            enforce_ssl=not stack.stage.emulated,
            removal_policy=stack.stage.removal_policy,
        )

    @property
    def environment(self) -> dict[str, str]:
        """Return the bucket's name."""
        return {"SEARCH_BUCKET": self._bucket.bucket_name}

    def grant_queries(self, function: lambda_.Function) -> None:
        """Let a function read the files."""
        self._grant(function, "s3:GetObject")

    def grant_changes(self, function: lambda_.Function) -> None:
        """Let a function put and delete files too."""
        self._grant(function, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")

    def _grant(self, function: lambda_.Function, *actions: str) -> None:
        files = self._bucket.arn_for_objects("*")
        function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[files]))
        # Who may not list is told that a file is forbidden where it is not there.
        listing = iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self._bucket.bucket_arn])
        function.add_to_role_policy(listing)


class OpenSearchDomain(SearchEngine):
    """A domain: encrypted, over TLS alone, and open to the roles of these functions by what they are granted.

    A stage that keeps data has two nodes in two zones; any other one has the smallest there is.
    """

    def __init__(self, stack: ServiceStack) -> None:
        keeps_data = stack.stage.keeps_data
        self._domain = opensearch.Domain(
            stack,
            "Domain",
            domain_name=f"{stack.stage.prefix}-search",
            version=opensearch.EngineVersion.open_search("2.19"),
            capacity=opensearch.CapacityConfig(
                data_nodes=2 if keeps_data else 1,
                data_node_instance_type="m6g.large.search" if keeps_data else "t3.small.search",
                multi_az_with_standby_enabled=False,
            ),
            zone_awareness=opensearch.ZoneAwarenessConfig(enabled=keeps_data),
            ebs=opensearch.EbsOptions(volume_size=20 if keeps_data else 10, volume_type=ec2.EbsDeviceVolumeType.GP3),
            encryption_at_rest=opensearch.EncryptionAtRestOptions(enabled=True),
            node_to_node_encryption=True,
            enforce_https=True,
            tls_security_policy=opensearch.TLSSecurityPolicy.TLS_1_2,
            enable_auto_software_update=True,
            # What it holds can be built anew from the catalog.
            removal_policy=stack.stage.removal_policy,
        )
        cloudwatch.Alarm(
            stack,
            "DomainAlarm",
            alarm_description="The search domain has lost a primary shard. See docs/runbooks/search.md.",
            metric=self._domain.metric_cluster_status_red(period=Duration.minutes(1)),
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )

    @property
    def environment(self) -> dict[str, str]:
        """Return the domain's address."""
        return {"OPENSEARCH_URL": f"https://{self._domain.domain_endpoint}"}

    def grant_queries(self, function: lambda_.Function) -> None:
        """Let a function search: a search is a POST."""
        self._grant(function, "products*", "es:ESHttpGet", "es:ESHttpPost")

    def grant_changes(self, function: lambda_.Function) -> None:
        """Let a function write documents, make and delete indexes, and move aliases."""
        actions = [f"es:ESHttp{method}" for method in ("Get", "Head", "Post", "Put", "Delete")]
        self._grant(function, "products*", *actions)
        for path in ("_bulk", "_aliases"):
            self._grant(function, path, "es:ESHttpGet", "es:ESHttpPost")

    def _grant(self, function: lambda_.Function, path: str, *actions: str) -> None:
        resource = f"{self._domain.domain_arn}/{path}"
        function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[resource]))


class OpenSearchNode(SearchEngine):
    """A node that is there already, on the machine of an emulated stage."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def environment(self) -> dict[str, str]:
        """Return the node's address."""
        return {"OPENSEARCH_URL": self._url}

    def grant_queries(self, function: lambda_.Function) -> None:
        """Grant nothing: whoever reaches it may."""

    def grant_changes(self, function: lambda_.Function) -> None:
        """Grant nothing: whoever reaches it may."""


def search_engine(stack: ServiceStack) -> SearchEngine:
    """Return the engine that the stack's stage has."""
    if stack.stage.opensearch_url:
        return OpenSearchNode(stack.stage.opensearch_url)
    return OpenSearchDomain(stack) if stack.stage.search == "opensearch" else EmbeddedEngine(stack)
