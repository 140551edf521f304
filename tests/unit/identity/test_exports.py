"""Exports that are too large for an answer: begun once, made part by part, had until they expire, then gone."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from bus.erased_users import ErasedUsers
from services.identity import export_worker
from services.identity.dependencies import export_files
from services.identity.exports import KEPT, PREPARING_AT_MOST, ExportFiles, ExportPart, ExportSettings, UploadEndedError
from services.identity.store import ProfileStore
from tests.unit.identity.conftest import NOW, Files, OtherServices

CART = [{"lines": [], "total": 5}]
ORDERS = [{"orders": [{"orderId": f"o-{number}"}]} for number in range(5)]


class Services:
    """Other services with pages; the cursor of a page is its number."""

    def __init__(self, **pages: list[dict[str, Any]]) -> None:
        self.pages = pages
        self.reads: list[tuple[str, str | None]] = []
        self.fails_at: tuple[str, str | None] | None = None

    def exporters(self) -> list[tuple[str, str]]:
        return sorted((name, name) for name in self.pages)

    def read_page(self, arn: str, user_id: str, cursor: str | None) -> tuple[dict[str, Any], str | None]:
        self.reads.append((arn, cursor))
        if self.fails_at == (arn, cursor):
            raise RuntimeError("the service does not answer")
        number = int(cursor or 0)
        return self.pages[arn][number], str(number + 1) if number + 1 < len(self.pages[arn]) else None


@pytest.fixture
def services(store: ProfileStore, erased_users: ErasedUsers, monkeypatch: pytest.MonkeyPatch) -> Services:
    services = Services(cart=CART, orders=ORDERS)
    monkeypatch.setattr(export_worker, "service_commands", lambda: services)
    monkeypatch.setattr(export_worker, "store", lambda: store)
    monkeypatch.setattr(export_worker, "erased_users", lambda: erased_users)
    return services


@pytest.fixture
def begun(call: Any, others: OtherServices, files: Files, services: Services) -> str:
    """Return the id of Ada's export, which waits to be made."""
    call("PUT /api/me", {"name": "Ada"})
    others.is_too_large = True
    status, file = call("GET /api/me/export")
    assert (status, file["status"], len(files.waiting)) == (202, "PREPARING", 1)
    return str(file["exportId"])


def make_next(files: Files) -> bool:
    """Make the next part; return whether that succeeded."""
    part = files.waiting[0]
    body = json.dumps({"context": {"correlationId": "r"}, "input": part.model_dump(mode="json", exclude_none=True)})
    done = not export_worker.make_part({"Records": [{"messageId": "1", "body": body}]}, None)["batchItemFailures"]
    if done:
        files.waiting.remove(part)
    return done


def make_all(files: Files) -> None:
    while files.waiting:
        assert make_next(files)


@pytest.mark.parametrize("part_bytes", [1, 150, 10_000])
def test_a_file_has_the_profile_and_all_pages_whatever_the_size_of_its_parts(
    files: Files, begun: str, part_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_worker, "PART_BYTES", part_bytes)

    make_all(files)

    export = json.loads(files.files[f"ada/{begun}"])
    assert export["profile"]["email"] == "ada@example.com"
    assert export["addresses"] == []
    assert export["services"] == {"cart": CART, "orders": ORDERS}


def test_a_part_that_fails_is_made_again_from_where_it_began(
    files: Files, services: Services, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_worker, "PART_BYTES", 1)
    for _ in range(3):  # the cart, and two pages of orders
        assert make_next(files)
    services.fails_at = ("orders", "2")
    assert not make_next(files)

    services.fails_at = None
    services.reads.clear()
    make_all(files)

    assert services.reads == [("orders", "2"), ("orders", "3"), ("orders", "4")]
    assert json.loads(files.files[f"ada/{begun}"])["services"]["orders"] == ORDERS


def test_the_end_is_published_and_the_file_can_be_had(call: Any, raised: Any, files: Files, begun: str) -> None:
    make_all(files)

    (entry,) = raised("ada")
    assert entry.detail_type == "ExportReady"
    assert "ada@example.com" not in entry.detail
    status, file = call("GET /api/me/export")
    assert (status, file["status"], file["exportId"]) == (202, "READY", begun)
    assert file["url"] == f"https://files.example/ada/{begun}"


def test_an_end_that_was_not_told_is_told_by_the_next_delivery(
    raised: Any, files: Files, store: ProfileStore, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_worker, "PART_BYTES", 1)
    while len(files.waiting[0].etags) < len(CART + ORDERS) - 1:
        assert make_next(files)

    def ends(*_: str) -> None:
        raise RuntimeError("the function ends here")

    with monkeypatch.context() as ending:
        ending.setattr(store, "complete_export", ends)
        assert not make_next(files)

    assert make_next(files)

    (entry,) = raised("ada")
    assert entry.detail_type == "ExportReady"


def test_a_request_while_it_is_made_begins_no_other_and_asks_no_service(
    call: Any, files: Files, others: OtherServices, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(others, "collect", lambda user_id, max_pages: pytest.fail("the file will have it"))

    assert call("GET /api/me/export")[1]["exportId"] == begun
    assert len(files.waiting) == 1


def test_an_end_that_comes_twice_is_published_once(raised: Any, files: Files, begun: str) -> None:
    (part,) = files.waiting
    make_all(files)
    before = raised("ada")
    files.waiting.append(part)
    make_all(files)

    assert raised("ada") == before


@pytest.mark.parametrize("ready", [True, False])
def test_after_its_end_or_a_failure_another_one_is_begun(
    call: Any, store: ProfileStore, files: Files, begun: str, ready: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ready:
        make_all(files)
    files.waiting.clear()
    over = KEPT if ready else PREPARING_AT_MOST
    later = NOW + over.total_seconds() + 1
    monkeypatch.setattr(store, "_now", lambda: later)

    status, file = call("GET /api/me/export")

    assert (status, file["status"]) == (202, "PREPARING")
    assert file["exportId"] != begun
    assert len(files.waiting) == 1


def test_an_erasure_deletes_the_file(call: Any, accounts: Any, files: Files, begun: str) -> None:
    make_all(files)

    assert call("DELETE /api/me")[0] == 204

    assert files.files == {}


def test_an_erasure_while_it_is_made_leaves_no_file(call: Any, accounts: Any, files: Files, begun: str) -> None:
    assert call("DELETE /api/me")[0] == 204

    make_all(files)

    assert files.files == {}
    assert files.aborted == [begun]


def test_an_erasure_in_the_moment_of_the_end_leaves_no_file(
    call: Any, accounts: Any, files: Files, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = files.complete

    def overtaken(part: Any) -> None:
        assert call("DELETE /api/me")[0] == 204
        complete(part)

    monkeypatch.setattr(files, "complete", overtaken)

    make_all(files)

    assert files.files == {}


def test_s3_takes_no_part_of_a_file_that_is_complete(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EXPORTS_BUCKET", "EXPORT_QUEUE_URL"):
        monkeypatch.setenv(name, "exports")
    s3, part = boto3.client("s3"), ExportPart(export_id="e1", user_id="ada", upload_id="u1", etags=["e"])
    kept = ExportFiles(s3, boto3.client("sqs"), ExportSettings.load())

    with Stubber(s3) as answers:
        for method, ask in (
            ("upload_part", lambda: kept.upload(part, "u1", b"{}")),
            ("complete_multipart_upload", lambda: kept.complete(part)),
        ):
            answers.add_client_error(method, "NoSuchUpload")
            with pytest.raises(UploadEndedError):
                ask()
        answers.add_client_error("head_object", "404")
        with pytest.raises(ClientError):
            kept.require(part)


def test_a_link_is_signed_by_the_version_that_every_region_accepts(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"EXPORTS_BUCKET": "exports", "EXPORT_QUEUE_URL": "https://queue.example"}.items():
        monkeypatch.setenv(name, value)

    link = export_files.__wrapped__().link("ada", "e1")

    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
    assert "X-Amz-Expires=300" in link
    assert "/ada/e1.json?" in link
