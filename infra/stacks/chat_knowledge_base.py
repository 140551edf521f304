"""The chat's help documents: their bucket, and the Bedrock knowledge base over it, with its vectors in S3.

S3 Vectors is paid by use; the smallest OpenSearch collection would cost more a month than the rest of the shop.
"""

from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3vectors as s3vectors
from constructs import Construct

from infra.constructs.service_stack import ServiceStack

EMBEDDING = "amazon.titan-embed-text-v2:0"
DIMENSIONS = 1024
PREFIX = "help/"
TOKENS_A_PASSAGE = 220
LOCAL_ID = "LOCALHELP1"
"""By which the stand-in for Bedrock is asked, which has one knowledge base only."""
VECTOR_ACTIONS = (
    "s3vectors:GetIndex",
    "s3vectors:QueryVectors",
    "s3vectors:GetVectors",
    "s3vectors:PutVectors",
    "s3vectors:DeleteVectors",
)


class Knowledge(Construct):
    """The documents and their knowledge base.

    Parameters:
        stack: the chat's stack, which publishes bucket, knowledge base and data source.
    """

    def __init__(self, stack: ServiceStack) -> None:
        super().__init__(stack, "Knowledge")
        self._stack = stack
        self._bucket = s3.Bucket(
            self,
            "Help",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            # The emulator speaks plain HTTP.
            enforce_ssl=not stack.stage.emulated,
            versioned=stack.stage.keeps_data,
            removal_policy=stack.stage.removal_policy,
        )
        self._index = self._make_index()
        self._base = self._make_base()
        source = self._make_source()
        stack.publish("help-bucket", self._bucket.bucket_name)
        stack.publish("knowledge-base-id", self._base_id)
        stack.publish("help-source-id", LOCAL_ID if stack.stage.emulated else source.attr_data_source_id)

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of the function that answers."""
        return {"KNOWLEDGE_BASE_ID": self._base_id}

    @property
    def _base_id(self) -> str:
        return LOCAL_ID if self._stack.stage.emulated else self._base.attr_knowledge_base_id

    def let_retrieve(self, function: lambda_.Function) -> None:
        """Let a function ask the knowledge base."""
        if not self._stack.stage.emulated:
            function.add_to_role_policy(
                iam.PolicyStatement(actions=["bedrock:Retrieve"], resources=[self._base.attr_knowledge_base_arn])
            )

    def _make_index(self) -> s3vectors.CfnIndex:
        vectors = s3vectors.CfnVectorBucket(
            self, "Vectors", vector_bucket_name=f"{self._stack.stage.prefix}-help-{self._stack.account}"
        )
        return s3vectors.CfnIndex(
            self,
            "Index",
            vector_bucket_arn=vectors.attr_vector_bucket_arn,
            index_name="help",
            data_type="float32",
            dimension=DIMENSIONS,
            distance_metric="cosine",
            # Text is too long for filterable metadata, and nobody filters by it.
            metadata_configuration=s3vectors.CfnIndex.MetadataConfigurationProperty(
                non_filterable_metadata_keys=["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"]
            ),
        )

    def _make_base(self) -> bedrock.CfnKnowledgeBase:
        stack = self._stack
        embedding = f"arn:{stack.partition}:bedrock:{stack.region}::foundation-model/{EMBEDDING}"
        base = bedrock.CfnKnowledgeBase
        made = base(
            self,
            "Base",
            name=f"{stack.stage.prefix}-help",
            description="The shop's help documents",
            role_arn=self._role(embedding).role_arn,
            knowledge_base_configuration=base.KnowledgeBaseConfigurationProperty(
                type="VECTOR",
                vector_knowledge_base_configuration=base.VectorKnowledgeBaseConfigurationProperty(
                    embedding_model_arn=embedding
                ),
            ),
            storage_configuration=base.StorageConfigurationProperty(
                type="S3_VECTORS",
                s3_vectors_configuration=base.S3VectorsConfigurationProperty(index_arn=self._index.attr_index_arn),
            ),
        )
        # Bedrock tries the role when the base is made.
        made.node.add_dependency(self._policy)
        return made

    def _role(self, embedding: str) -> iam.Role:
        stack = self._stack
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "bedrock.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
        )
        self._policy = iam.Policy(
            self,
            "Reading",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[embedding]),
                iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self._bucket.bucket_arn]),
                iam.PolicyStatement(actions=["s3:GetObject"], resources=[self._bucket.arn_for_objects(f"{PREFIX}*")]),
                *(
                    []
                    if stack.stage.emulated
                    else [iam.PolicyStatement(actions=[*VECTOR_ACTIONS], resources=[self._index.attr_index_arn])]
                ),
            ],
        )
        return role

    def _make_source(self) -> bedrock.CfnDataSource:
        source = bedrock.CfnDataSource
        return source(
            self,
            "Source",
            name=f"{self._stack.stage.prefix}-help",
            knowledge_base_id=self._base.attr_knowledge_base_id,
            data_deletion_policy="RETAIN" if self._stack.stage.keeps_data else "DELETE",
            data_source_configuration=source.DataSourceConfigurationProperty(
                type="S3",
                s3_configuration=source.S3DataSourceConfigurationProperty(
                    bucket_arn=self._bucket.bucket_arn, inclusion_prefixes=[PREFIX]
                ),
            ),
            vector_ingestion_configuration=source.VectorIngestionConfigurationProperty(
                chunking_configuration=source.ChunkingConfigurationProperty(
                    chunking_strategy="FIXED_SIZE",
                    fixed_size_chunking_configuration=source.FixedSizeChunkingConfigurationProperty(
                        max_tokens=TOKENS_A_PASSAGE, overlap_percentage=15
                    ),
                )
            ),
        )
