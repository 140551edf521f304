"""The search engine of a stage: index files in a bucket, or a domain of Amazon OpenSearch Service."""

from abc import ABC, abstractmethod

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_opensearchservice as opensearch

from infra.constructs.alarms import add_alarm
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.service_stack import ServiceStack
from infra.stage import OPENSEARCH


class SearchEngine(ABC):
    """What the functions of search need of their engine: its address and permissions."""

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The environment variables that name the engine."""

    @abstractmethod
    def grant_read(self, function: lambda_.Function) -> None:
        """Allow a function to query indexes."""

    @abstractmethod
    def grant_read_write(self, function: lambda_.Function) -> None:
        """Allow a function to query, write, create and delete indexes."""


class EmbeddedEngine(SearchEngine):
    """tantivy inside the functions; a bucket has the index files.

    Parameters:
        stack: search's stack.
    """

    def __init__(self, stack: ServiceStack) -> None:
        self._bucket = PrivateBucket(stack, "Indexes", stack.stage)

    @property
    def environment(self) -> dict[str, str]:
        """The name of the bucket."""
        return {"SEARCH_BUCKET": self._bucket.bucket_name}

    def grant_read(self, function: lambda_.Function) -> None:
        """Allow a function to read the index files."""
        self._grant(function, "s3:GetObject")

    def grant_read_write(self, function: lambda_.Function) -> None:
        """Allow a function to read, write and delete the index files."""
        self._grant(function, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")

    def _grant(self, function: lambda_.Function, *actions: str) -> None:
        objects = self._bucket.arn_for_objects("*")
        function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[objects]))
        # Without this permission, S3 answers 403 for a missing object instead of 404.
        list_bucket = iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self._bucket.bucket_arn])
        function.add_to_role_policy(list_bucket)


class OpenSearchDomain(SearchEngine):
    """A domain: encrypted, reached over TLS only, and accessible only to roles with a grant.

    A stage that retains data has two nodes in two zones; any other stage has one node of the smallest type.

    Parameters:
        stack: search's stack.
    """

    def __init__(self, stack: ServiceStack) -> None:
        retain_data = stack.stage.retain_data
        self._domain = opensearch.Domain(
            stack,
            "Domain",
            domain_name=f"{stack.stage.prefix}-search",
            version=opensearch.EngineVersion.open_search("2.19"),
            capacity=opensearch.CapacityConfig(
                data_nodes=2 if retain_data else 1,
                data_node_instance_type="m6g.large.search" if retain_data else "t3.small.search",
                multi_az_with_standby_enabled=False,
            ),
            zone_awareness=opensearch.ZoneAwarenessConfig(enabled=retain_data),
            ebs=opensearch.EbsOptions(volume_size=20 if retain_data else 10, volume_type=ec2.EbsDeviceVolumeType.GP3),
            encryption_at_rest=opensearch.EncryptionAtRestOptions(enabled=True),
            node_to_node_encryption=True,
            enforce_https=True,
            tls_security_policy=opensearch.TLSSecurityPolicy.TLS_1_2,
            enable_auto_software_update=True,
            removal_policy=stack.stage.removal_policy,
        )
        add_alarm(
            stack,
            "DomainAlarm",
            description="The search domain has lost a primary shard.",
            runbook="search",
            metric=self._domain.metric_cluster_status_red(period=Duration.minutes(1)),
            missing_data=cloudwatch.TreatMissingData.BREACHING,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The endpoint of the domain."""
        return {"OPENSEARCH_URL": f"https://{self._domain.domain_endpoint}"}

    def grant_read(self, function: lambda_.Function) -> None:
        """Allow a function to query indexes. A query is a POST."""
        self._grant(function, "products*", "es:ESHttpGet", "es:ESHttpPost")

    def grant_read_write(self, function: lambda_.Function) -> None:
        """Allow a function to write documents, create and delete indexes, and move aliases."""
        actions = [f"es:ESHttp{method}" for method in ("Get", "Head", "Post", "Put", "Delete")]
        self._grant(function, "products*", *actions)
        for path in ("_bulk", "_aliases"):
            self._grant(function, path, "es:ESHttpGet", "es:ESHttpPost")

    def _grant(self, function: lambda_.Function, path: str, *actions: str) -> None:
        resource = f"{self._domain.domain_arn}/{path}"
        function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[resource]))


class OpenSearchNode(SearchEngine):
    """A node that runs already on the machine of an emulated stage, without access control.

    Parameters:
        url: address of the node.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def environment(self) -> dict[str, str]:
        """The address of the node."""
        return {"OPENSEARCH_URL": self._url}

    def grant_read(self, function: lambda_.Function) -> None:
        """Grant nothing: the node has no access control."""

    def grant_read_write(self, function: lambda_.Function) -> None:
        """Grant nothing: the node has no access control."""


def create_search_engine(stack: ServiceStack) -> SearchEngine:
    """Create the engine that the stage's settings choose.

    Parameters:
        stack: search's stack.
    """
    if stack.stage.opensearch_url:
        return OpenSearchNode(stack.stage.opensearch_url)
    return OpenSearchDomain(stack) if stack.stage.search_engine == OPENSEARCH else EmbeddedEngine(stack)
