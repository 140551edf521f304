"""Where the stand-in reads the help documents: the chat's bucket on the emulator."""

from collections.abc import Sequence

from ecom67.base.errors import CliError
from ecom67.local import aws
from ecom67.local.standins.bedrock.documents import PREFIX, Object


class Bucket:
    """The bucket of the help documents.

    Parameters:
        emulator: address of the emulator.
    """

    def __init__(self, emulator: str) -> None:
        self._emulator = emulator
        self._seen: dict[str, str] = {}

    def read(self) -> Sequence[Object] | None:
        """Return all objects; None where they are those of the last time, or there is no bucket yet."""
        try:
            bucket = aws.published(self._emulator).get("chat/help-bucket")
        except CliError:
            return None
        if bucket is None:
            return None
        s3 = aws.client(self._emulator, "s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
        present = {found["Key"]: found["ETag"] for page in pages for found in page.get("Contents", [])}
        if present == self._seen:
            return None
        objects = [
            Object(f"s3://{bucket}/{key}", s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
            for key in present
        ]
        self._seen = present
        return objects
