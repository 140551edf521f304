"""Makes the file of an export in the background, a part of it a message.

The file is as the answer of ``GET /me/export``, but each service has the list of its pages.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from bus.command import queued_command
from bus.erased_users import erased_users
from bus.log import logger
from services.identity.api_models import AddressList, ProfileView
from services.identity.dependencies import export_files, service_commands, store
from services.identity.domain import AccountErasedError
from services.identity.exports import ExportPart, UploadEndedError

PART_BYTES = 6 * 1024 * 1024
"""Bytes of a part, and at most that much and a page in memory. S3 takes no less than 5 MiB but for the last part."""


class Page:
    """A page of a service, as text of the file, and what comes after it.

    Parameters:
        text: of the page.
        service: whose pages come next; None after the last one.
        cursor: of the next page.
    """

    def __init__(self, text: str, service: str | None, cursor: str | None) -> None:
        self.text = text
        self.service = service
        self.cursor = cursor


def _make_part(part: ExportPart) -> None:
    try:
        if erased_users().includes(part.user_id):
            raise AccountErasedError
        _make_or_find(part)
    except AccountErasedError:
        logger.info("the account was erased meanwhile", export_id=part.export_id)
        export_files().abort(part)
        export_files().delete_all(part.user_id)


def _make_or_find(part: ExportPart) -> None:
    try:
        _continue(part)
    except UploadEndedError:
        # An earlier delivery has made the file, and ended before it could tell so.
        export_files().require(part)
        store().complete_export(part.user_id, part.export_id)


def _continue(part: ExportPart) -> None:
    upload_id = part.upload_id or export_files().begin(part)
    texts = [] if part.upload_id else [_head(part)]
    size = len(texts[0]) if texts else 0
    after = part
    for page in _pages(part):
        texts.append(page.text)
        size += len(page.text)
        after = part.model_copy(update={"service": page.service, "cursor": page.cursor})
        if size >= PART_BYTES and page.service:
            break
    etag = export_files().upload(part, upload_id, "".join(texts).encode())
    done = after.model_copy(update={"upload_id": upload_id, "etags": [*part.etags, etag]})
    if done.service:
        export_files().send(done)
        return
    export_files().complete(done)
    store().complete_export(part.user_id, part.export_id)


def _head(part: ExportPart) -> str:
    profile = store().get(part.user_id)
    values = {
        "exportedAt": datetime.now(UTC).isoformat(),
        "profile": ProfileView.of(profile, part.email).model_dump(mode="json", exclude_none=True),
        "addresses": AddressList.of(profile).model_dump(mode="json", exclude_none=True)["items"],
    }
    return json.dumps(values)[:-1] + ', "services": {'


def _pages(part: ExportPart) -> Iterator[Page]:
    """Yield the pages from a part on; the last one ends the file."""
    exporters = service_commands().exporters()
    left = [(name, arn) for name, arn in exporters if part.service is None or name >= part.service]
    cursor = part.cursor
    for index, (service, arn) in enumerate(left):
        if cursor is None:
            separator = "" if (service, arn) == exporters[0] else ", "
            text = f"{separator}{json.dumps(service)}: ["
        else:
            text = ""
        following = left[index + 1][0] if index + 1 < len(left) else None
        while True:
            page, next_cursor = service_commands().read_page(arn, part.user_id, cursor)
            text += ("" if cursor is None else ", ") + json.dumps(page)
            if next_cursor:
                yield Page(text, service, next_cursor)
                text, cursor = "", next_cursor
                continue
            yield Page(text + ("]" if following else "]}}"), following, None)
            cursor = None
            break
    if not left:
        yield Page("}}", None, None)


make_part = queued_command(_make_part, ExportPart)
