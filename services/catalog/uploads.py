"""Forms by which browsers of the staff put pictures straight into the shop's bucket.

S3 itself enforces what the form says: the address, the type, and the size. The type is one of pictures that cannot
hold scripts, and the shop's origin sends it with ``nosniff``, so a file that is none is shown as a broken picture.
"""

from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.config import Config

from bus.clients import client
from services.catalog.pictures import CACHE_CONTROL, MAX_BYTES, PictureSettings
from services.catalog.upload_models import PictureType, PictureUpload, UploadForm

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

PREFIX = "images/uploaded/"
FORM_SECONDS = 300
"""How long a form is valid: for the browser that has asked for it."""
EXTENSIONS: dict[PictureType, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
}


def create_form(upload: PictureUpload, s3: "S3Client", settings: PictureSettings) -> UploadForm:
    """Return a form for a picture. Its address is new, so that a picture never replaces another.

    Parameters:
        upload: what is uploaded.
        s3: signs the form; nothing is sent.
        settings: the bucket.
    """
    key = f"{PREFIX}{uuid4().hex}.{EXTENSIONS[upload.content_type]}"
    fixed = {"Content-Type": upload.content_type, "Cache-Control": CACHE_CONTROL}
    form = s3.generate_presigned_post(
        Bucket=settings.image_bucket,
        Key=key,
        Fields=dict(fixed),
        Conditions=[*({name: value} for name, value in fixed.items()), ["content-length-range", 1, MAX_BYTES]],
        ExpiresIn=FORM_SECONDS,
    )
    return UploadForm(url=form["url"], fields=form["fields"], image_url=f"/{key}", max_bytes=MAX_BYTES)


@cache
def signing_client() -> "S3Client":
    """Return the S3 client that signs forms: for the bucket's host in its region, which the page's policy names."""
    # Left to itself, botocore names the host of all regions, which redirects; a browser sends no form after it.
    config = Config(
        signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
    )
    return client("s3", config)  # type: ignore[no-any-return]


@cache
def upload_settings() -> PictureSettings:
    """Return the name of the bucket; raises MissingSettingError if the environment does not name it."""
    return PictureSettings.load()
