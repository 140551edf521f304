"""Exports that are too large for an answer: a file in a bucket, which is made in the background and expires.

The file is written part by part, a message each, so no export is too large for a function's time or memory: a message
says which service and which page come next, and which parts are there. Lambda's own credentials end after some hours
and with them every link that they sign, so the mail's link leads to the shop, where a fresh one is signed.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bus.invocation import command_message
from bus.settings import Settings
from schemas.contract import Contract, Identifier, Timestamp

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sqs.client import SQSClient

LINK_SECONDS = 300
"""How long a signed link is valid: for the browser that has asked for it."""
KEPT = timedelta(days=3)
"""How long a file can be had; the bucket deletes it then. ``infra/stacks/identity.py`` has the same."""
PREPARING_AT_MOST = timedelta(hours=6)
"""After this an export that is not ready has failed, and another request begins a new one."""


class UploadEndedError(Exception):
    """S3 takes no more parts of a file: an earlier delivery has completed it, or it was given up."""


class ExportSettings(Settings):
    """Environment of the functions of exports."""

    exports_bucket: str
    export_queue_url: str


class Export(Contract):
    """A person's export.

    Attributes:
        requested_at: when it was begun.
        expires_at: when its file is deleted; None while it is being made.
    """

    export_id: Identifier
    requested_at: Timestamp
    expires_at: Timestamp | None = None

    @property
    def is_ready(self) -> bool:
        """Whether its file can be had."""
        return self.expires_at is not None

    def is_current_at(self, now: datetime) -> bool:
        """Return whether it is being made or can still be had, so that no other has to be begun.

        Parameters:
            now: the time.
        """
        return now <= (self.expires_at or self.requested_at + PREPARING_AT_MOST)


class ExportPart(Contract):
    """The next part of a file: from which page of which service on it goes, and what was uploaded before.

    Attributes:
        email: of the token; Cognito alone stores it.
        upload_id: S3's id of the upload; None for the first part.
        etags: of the parts that were uploaded, in their order.
        service: whose pages come next; None for the first one.
        cursor: of its next page; None for the first one.
    """

    export_id: Identifier
    user_id: Identifier
    email: str | None = None
    upload_id: str | None = None
    etags: list[str] = []
    service: str | None = None
    cursor: str | None = None


class ExportFiles:
    """The bucket of the files, and the queue of their parts.

    Parameters:
        s3: the S3 client.
        sqs: the SQS client.
        settings: the bucket and the queue.
    """

    def __init__(self, s3: "S3Client", sqs: "SQSClient", settings: ExportSettings) -> None:
        self._s3 = s3
        self._sqs = sqs
        self._bucket = settings.exports_bucket
        self._queue_url = settings.export_queue_url

    def send(self, part: ExportPart) -> None:
        """Send a part to be made, in the current context."""
        message = command_message(part.model_dump(mode="json", exclude_none=True))
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=message)

    def begin(self, part: ExportPart) -> str:
        """Begin the upload of a file and return its id."""
        begun = self._s3.create_multipart_upload(
            Bucket=self._bucket, Key=_key(part), ContentType="application/json", ContentDisposition="attachment"
        )
        return begun["UploadId"]

    def upload(self, part: ExportPart, upload_id: str, body: bytes) -> str:
        """Upload the next part of a file and return its ETag. Uploaded again, it replaces what was there.

        Raises UploadEndedError.
        """
        number = len(part.etags) + 1
        try:
            uploaded = self._s3.upload_part(
                Bucket=self._bucket, Key=_key(part), UploadId=upload_id, PartNumber=number, Body=body
            )
        except self._s3.exceptions.NoSuchUpload:
            raise UploadEndedError from None
        return uploaded["ETag"]

    def complete(self, part: ExportPart) -> None:
        """Make a file of all its parts; raises UploadEndedError."""
        parts = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(part.etags, start=1)]
        try:
            self._s3.complete_multipart_upload(
                Bucket=self._bucket,
                Key=_key(part),
                UploadId=str(part.upload_id),
                MultipartUpload={"Parts": parts},  # type: ignore[typeddict-item]
            )
        except self._s3.exceptions.NoSuchUpload:
            raise UploadEndedError from None

    def require(self, part: ExportPart) -> None:
        """Raise ClientError unless the file is there, complete."""
        self._s3.head_object(Bucket=self._bucket, Key=_key(part))

    def abort(self, part: ExportPart) -> None:
        """Forget the parts of a file that is no longer wanted."""
        if part.upload_id:
            try:
                self._s3.abort_multipart_upload(Bucket=self._bucket, Key=_key(part), UploadId=part.upload_id)
            except self._s3.exceptions.NoSuchUpload:
                return

    def link(self, user_id: str, export_id: str) -> str:
        """Return a link to a file, which is valid for LINK_SECONDS."""
        name = f"e-com67-{export_id}.json"
        return self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": f"{user_id}/{export_id}.json",
                "ResponseContentDisposition": f'attachment; filename="{name}"',
            },
            ExpiresIn=LINK_SECONDS,
        )

    def delete_all(self, user_id: str) -> None:
        """Delete all files of a person."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{user_id}/"):
            for found in page.get("Contents", []):
                self._s3.delete_object(Bucket=self._bucket, Key=found["Key"])


def _key(part: ExportPart) -> str:
    return f"{part.user_id}/{part.export_id}.json"
