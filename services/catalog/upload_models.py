"""What is asked and answered about the upload of a picture. Apart from ``uploads.py``: that loads what signs forms."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.contract import Contract

PictureType = Literal["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"]


class PictureUpload(Contract):
    """A picture that is to be uploaded."""

    content_type: PictureType


class UploadForm(Contract):
    """A form that uploads one picture: all fields, and the file last, to the address, within minutes."""

    url: str
    fields: dict[str, str]
    image_url: Annotated[str, Field(description="Where the shop shows it then; a product's images take it.")]
    max_bytes: int
