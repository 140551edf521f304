"""Reader of the help documents in the chat's bucket on the emulator."""

from collections.abc import Sequence

from ecom67.base.errors import CliError
from ecom67.local import emulator
from ecom67.local.standins.bedrock.documents import PREFIX, BucketObject


class HelpBucket:
    """The bucket of the help documents.

    Parameters:
        emulator: URL of the emulator.
    """

    def __init__(self, emulator: str) -> None:
        self._emulator = emulator
        self._seen: dict[str, str] = {}

    def read(self) -> Sequence[BucketObject] | None:
        """Return all objects; None where they are unchanged since the last call, or the bucket does not exist."""
        try:
            bucket = emulator.published(self._emulator).get("chat/help-bucket")
        except CliError:
            return None
        if bucket is None:
            return None
        s3 = emulator.client(self._emulator, "s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
        present = {stored["Key"]: stored["ETag"] for page in pages for stored in page.get("Contents", [])}
        if present == self._seen:
            return None
        objects = [
            BucketObject(f"s3://{bucket}/{key}", s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
            for key in present
        ]
        self._seen = present
        return objects
