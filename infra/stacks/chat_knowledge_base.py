"""The chat's help documents: their bucket, and the Bedrock knowledge base that indexes it, with vectors in S3.

S3 Vectors is billed by use; the smallest OpenSearch collection would cost more per month than the rest of the shop.
"""

from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3vectors as s3vectors
from constructs import Construct

from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.service_stack import ServiceStack

EMBEDDING_MODEL = "amazon.titan-embed-text-v2:0"
EMBEDDING_DIMENSIONS = 1024
DOCUMENT_PREFIX = "help/"
CHUNK_TOKENS = 220
LOCAL_KNOWLEDGE_BASE_ID = "LOCALHELP1"
"""Id of the only knowledge base of the stand-in for Bedrock, and of its data source."""
VECTOR_ACTIONS = (
    "s3vectors:GetIndex",
    "s3vectors:QueryVectors",
    "s3vectors:GetVectors",
    "s3vectors:PutVectors",
    "s3vectors:DeleteVectors",
)


class KnowledgeBase(Construct):
    """The bucket of the help documents and their knowledge base.

    The stack publishes ``help-bucket``, ``knowledge-base-id`` and ``help-source-id``.

    Parameters:
        stack: the chat's stack.
    """

    def __init__(self, stack: ServiceStack) -> None:
        super().__init__(stack, "Knowledge")
        self._stack = stack
        self._bucket = PrivateBucket(self, "Help", stack.stage, versioned=stack.stage.retain_data)
        self._index = self._create_index()
        self._knowledge_base = self._create_knowledge_base()
        data_source = self._create_data_source()
        stack.publish_parameter("help-bucket", self._bucket.bucket_name)
        stack.publish_parameter("knowledge-base-id", self._knowledge_base_id)
        stack.publish_parameter(
            "help-source-id", LOCAL_KNOWLEDGE_BASE_ID if stack.stage.emulated else data_source.attr_data_source_id
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the function that answers."""
        return {"KNOWLEDGE_BASE_ID": self._knowledge_base_id}

    @property
    def _knowledge_base_id(self) -> str:
        return LOCAL_KNOWLEDGE_BASE_ID if self._stack.stage.emulated else self._knowledge_base.attr_knowledge_base_id

    def grant_retrieve(self, function: lambda_.Function) -> None:
        """Allow a function to retrieve passages. The stand-in needs no grant."""
        if not self._stack.stage.emulated:
            function.add_to_role_policy(
                iam.PolicyStatement(
                    actions=["bedrock:Retrieve"], resources=[self._knowledge_base.attr_knowledge_base_arn]
                )
            )

    def _create_index(self) -> s3vectors.CfnIndex:
        vectors = s3vectors.CfnVectorBucket(
            self, "Vectors", vector_bucket_name=f"{self._stack.stage.prefix}-help-{self._stack.account}"
        )
        return s3vectors.CfnIndex(
            self,
            "Index",
            vector_bucket_arn=vectors.attr_vector_bucket_arn,
            index_name="help",
            data_type="float32",
            dimension=EMBEDDING_DIMENSIONS,
            distance_metric="cosine",
            # Text is longer than filterable metadata may be, and is not used as a filter.
            metadata_configuration=s3vectors.CfnIndex.MetadataConfigurationProperty(
                non_filterable_metadata_keys=["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"]
            ),
        )

    def _create_knowledge_base(self) -> bedrock.CfnKnowledgeBase:
        stack = self._stack
        embedding_model_arn = f"arn:{stack.partition}:bedrock:{stack.region}::foundation-model/{EMBEDDING_MODEL}"
        cfn = bedrock.CfnKnowledgeBase
        knowledge_base = cfn(
            self,
            "Base",
            name=f"{stack.stage.prefix}-help",
            description="The shop's help documents",
            role_arn=self._create_role(embedding_model_arn).role_arn,
            knowledge_base_configuration=cfn.KnowledgeBaseConfigurationProperty(
                type="VECTOR",
                vector_knowledge_base_configuration=cfn.VectorKnowledgeBaseConfigurationProperty(
                    embedding_model_arn=embedding_model_arn
                ),
            ),
            storage_configuration=cfn.StorageConfigurationProperty(
                type="S3_VECTORS",
                s3_vectors_configuration=cfn.S3VectorsConfigurationProperty(index_arn=self._index.attr_index_arn),
            ),
        )
        # Bedrock uses the role when it creates the knowledge base.
        knowledge_base.node.add_dependency(self._policy)
        return knowledge_base

    def _create_role(self, embedding_model_arn: str) -> iam.Role:
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
                iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[embedding_model_arn]),
                iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self._bucket.bucket_arn]),
                iam.PolicyStatement(
                    actions=["s3:GetObject"], resources=[self._bucket.arn_for_objects(f"{DOCUMENT_PREFIX}*")]
                ),
                *(
                    []
                    if stack.stage.emulated
                    else [iam.PolicyStatement(actions=[*VECTOR_ACTIONS], resources=[self._index.attr_index_arn])]
                ),
            ],
        )
        return role

    def _create_data_source(self) -> bedrock.CfnDataSource:
        source = bedrock.CfnDataSource
        return source(
            self,
            "Source",
            name=f"{self._stack.stage.prefix}-help",
            knowledge_base_id=self._knowledge_base.attr_knowledge_base_id,
            data_deletion_policy="RETAIN" if self._stack.stage.retain_data else "DELETE",
            data_source_configuration=source.DataSourceConfigurationProperty(
                type="S3",
                s3_configuration=source.S3DataSourceConfigurationProperty(
                    bucket_arn=self._bucket.bucket_arn, inclusion_prefixes=[DOCUMENT_PREFIX]
                ),
            ),
            vector_ingestion_configuration=source.VectorIngestionConfigurationProperty(
                chunking_configuration=source.ChunkingConfigurationProperty(
                    chunking_strategy="FIXED_SIZE",
                    fixed_size_chunking_configuration=source.FixedSizeChunkingConfigurationProperty(
                        max_tokens=CHUNK_TOKENS, overlap_percentage=15
                    ),
                )
            ),
        )
