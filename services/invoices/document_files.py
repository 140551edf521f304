"""The bucket of the PDFs: a file a document, named by its number, which leads to no person."""

from typing import TYPE_CHECKING

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

LINK_SECONDS = 300
"""How long a signed link is valid: for the browser that has asked for it."""


class DocumentFilesSettings(Settings):
    """Environment of the functions that store or link documents."""

    documents_bucket: str


class DocumentFiles:
    """The PDFs.

    Parameters:
        s3: the S3 client.
        bucket: name of the bucket.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def store(self, number: str, pdf: bytes) -> None:
        """Store the PDF of a document in place of an earlier one.

        Parameters:
            number: of the document.
            pdf: its bytes.
        """
        self._s3.put_object(Bucket=self._bucket, Key=_key(number), Body=pdf, ContentType="application/pdf")

    def link(self, number: str) -> str:
        """Return a link to a document, which is valid for LINK_SECONDS.

        Parameters:
            number: of the document.
        """
        return self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": _key(number),
                "ResponseContentDisposition": f'attachment; filename="{number}.pdf"',
                "ResponseContentType": "application/pdf",
            },
            ExpiresIn=LINK_SECONDS,
        )


def _key(number: str) -> str:
    return f"{number}.pdf"
