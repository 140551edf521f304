"""Upload of product pictures into a stage's bucket."""

import hashlib
import mimetypes
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

MAX_CONCURRENT_UPLOADS = 8
PREFIX = "images/"
"""Path of the pictures in the bucket, and at the shop's address."""


def upload_pictures(s3: Any, bucket: str, folder: Path) -> int:
    """Upload the pictures that are missing or outdated in the bucket; return their number.

    A product names a picture of this folder by ``/images/<file name>``.

    Parameters:
        s3: the client of S3.
        bucket: the catalog's bucket of pictures.
        folder: its files are uploaded, those of folders in it are not.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
    present = {stored["Key"]: stored["ETag"].strip('"') for page in pages for stored in page.get("Contents", [])}
    outdated = [file for file in sorted(folder.glob("*.*")) if present.get(f"{PREFIX}{file.name}") != _etag(file)]

    def upload(file: Path) -> None:
        s3.put_object(
            Bucket=bucket,
            Key=f"{PREFIX}{file.name}",
            Body=file.read_bytes(),
            ContentType=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        )

    with ThreadPoolExecutor(MAX_CONCURRENT_UPLOADS) as pool:
        list(pool.map(upload, outdated))
    return len(outdated)


def _etag(file: Path) -> str:
    # S3's ETag of an object that was uploaded in one part.
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
