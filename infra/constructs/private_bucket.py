"""A private, encrypted S3 bucket."""

from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.stage import Stage


class PrivateBucket(s3.Bucket):
    """A bucket that is not public, is encrypted with S3's own keys, and in AWS is reached over TLS only.

    Parameters:
        scope: the stack or construct.
        construct_id: id of the bucket in the scope.
        stage: settings of the stage; they decide what happens to the bucket when its stack is deleted.
        versioned: whether S3 keeps replaced and deleted objects.
        policy_elsewhere: whether another stack has the policy of the bucket, of which a bucket can have one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        *,
        versioned: bool = False,
        policy_elsewhere: bool = False,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            # The emulator serves plain HTTP.
            enforce_ssl=not stage.emulated and not policy_elsewhere,
            versioned=versioned,
            removal_policy=stage.removal_policy,
        )
