"""Users in moto's DynamoDB, and the routes called as the HTTP API calls them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bus import http
from bus.attribute_values import from_item
from bus.context import Context, use_context
from bus.erased_users import ErasedUsers
from bus.outbox import ATTRIBUTE, OutboxEntry
from services.identity import api as routes
from services.identity import export_worker, staff_api, subject_requests
from services.identity.exports import ExportPart, UploadEndedError
from services.identity.service_commands import ExportTooLargeError
from services.identity.staff_actions import StaffActionLog
from services.identity.store import ProfileStore
from services.identity.user_pool import Account, InvalidPageError
from tests.unit.erased import create_erased_users

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "Users"
NOW = 1_800_000_000.0
Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def context() -> Iterator[Context]:
    with use_context(Context(correlation_id="the-request")) as context:
        yield context


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def dynamodb(aws: None) -> "DynamoDBClient":
    client = boto3.client("dynamodb")
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "userId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "userId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture
def erased_users(dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> ErasedUsers:
    erased_users = create_erased_users(dynamodb)
    for module in (http, subject_requests):
        monkeypatch.setattr(module, "erased_users", lambda: erased_users)
    return erased_users


@pytest.fixture
def store(dynamodb: "DynamoDBClient", erased_users: ErasedUsers) -> ProfileStore:
    return ProfileStore(dynamodb, TABLE, lambda: erased_users, now=lambda: NOW)


@pytest.fixture
def item(dynamodb: "DynamoDBClient") -> Callable[[str], dict[str, Any]]:
    def item(user_id: str) -> dict[str, Any]:
        return from_item(dynamodb.get_item(TableName=TABLE, Key={"userId": {"S": user_id}}).get("Item", {}))

    return item


@pytest.fixture
def raised(item: Callable[[str], dict[str, Any]]) -> Callable[[str], list[OutboxEntry]]:
    """Return what is in the outbox of a person."""

    def raised(user_id: str) -> list[OutboxEntry]:
        return [OutboxEntry.model_validate(entry) for entry in json.loads(item(user_id).get(ATTRIBUTE, "[]"))]

    return raised


class Accounts:
    """A user pool that records the accounts it deletes, or fails. Everybody has an account but who was deleted."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.fault: Exception | None = None
        self.staff = {"grace"}
        self.strangers = {"nobody"}

    def find(self, user_id: str) -> Account | None:
        if user_id in self.strangers or user_id in self.deleted:
            return None
        created = datetime.fromtimestamp(NOW, UTC)
        return Account(user_id=user_id, email=f"{user_id}@example.com", name=user_id.title(), created_at=created)

    def is_staff(self, user_id: str) -> bool:
        return user_id in self.staff

    def list_accounts(self, query: str, limit: int, cursor: str | None) -> tuple[list[Account], str | None]:
        if cursor == "forged":
            raise InvalidPageError(cursor)
        found = self.find("ada")
        return [found] if found and found.email and found.email.startswith(query) else [], None

    def delete_user(self, user_id: str) -> bool:
        if self.fault:
            raise self.fault
        if user_id in self.deleted:
            return False
        self.deleted.append(user_id)
        return True


class OtherServices:
    """What the other services store."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}
        self.is_too_large = False
        self.unsent: list[dict[str, Any]] = []

    def collect(self, user_id: str, max_pages: int) -> dict[str, Any]:
        if self.is_too_large:
            raise ExportTooLargeError(user_id)
        return self.held

    def unsent_orders(self, user_id: str) -> tuple[int, list[dict[str, Any]]]:
        return len(self.unsent), self.unsent


class Files:
    """The files of exports in memory, and their parts that wait to be made."""

    def __init__(self) -> None:
        self.waiting: list[ExportPart] = []
        self.parts: list[bytes] = []
        self.files: dict[str, bytes] = {}
        self.aborted: list[str] = []

    def send(self, part: ExportPart) -> None:
        self.waiting.append(part)

    def begin(self, part: ExportPart) -> str:
        return "upload"

    def upload(self, part: ExportPart, upload_id: str, body: bytes) -> str:
        if part.upload_id and f"{part.user_id}/{part.export_id}" in self.files:
            raise UploadEndedError
        # Made again, a part replaces what was there.
        self.parts[len(part.etags) :] = [body]
        return f"etag-{len(part.etags)}"

    def complete(self, part: ExportPart) -> None:
        assert part.etags == [f"etag-{number}" for number in range(len(self.parts))]
        self.files[f"{part.user_id}/{part.export_id}"] = b"".join(self.parts)

    def require(self, part: ExportPart) -> None:
        assert f"{part.user_id}/{part.export_id}" in self.files

    def abort(self, part: ExportPart) -> None:
        self.aborted.append(part.export_id)

    def link(self, user_id: str, export_id: str) -> str:
        return f"https://files.example/{user_id}/{export_id}"

    def delete_all(self, user_id: str) -> None:
        for name in [name for name in self.files if name.startswith(f"{user_id}/")]:
            del self.files[name]


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    files = Files()
    monkeypatch.setattr(subject_requests, "export_files", lambda: files)
    monkeypatch.setattr(export_worker, "export_files", lambda: files)
    return files


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Accounts:
    accounts = Accounts()
    for module in (subject_requests, staff_api):
        monkeypatch.setattr(module, "user_pool", lambda: accounts)
    return accounts


@pytest.fixture(autouse=True)
def others(monkeypatch: pytest.MonkeyPatch) -> OtherServices:
    others = OtherServices()
    monkeypatch.setattr(subject_requests, "service_commands", lambda: others)
    return others


@pytest.fixture
def staff_actions(dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> StaffActionLog:
    dynamodb.create_table(
        TableName="StaffActions",
        KeySchema=[
            {"AttributeName": "userId", "KeyType": "HASH"},
            {"AttributeName": "actionId", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "userId", "AttributeType": "S"},
            {"AttributeName": "actionId", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    actions = StaffActionLog(dynamodb, "StaffActions", now=lambda: NOW)
    monkeypatch.setattr(staff_api, "staff_actions", lambda: actions)
    return actions


@pytest.fixture
def call(store: ProfileStore, monkeypatch: pytest.MonkeyPatch) -> Call:
    for module in (routes, staff_api, subject_requests):
        monkeypatch.setattr(module, "store", lambda: store)

    def call(route: str, body: object = None, user: str = "ada", **claims: str) -> tuple[int, dict[str, Any]]:
        method, target = route.split(" ")
        path, _, query = target.partition("?")
        api = staff_api.api if path.startswith("/api/staff/") else routes.api
        answer = api(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": query,
                "headers": {"content-type": "application/json"},
                "requestContext": {
                    "http": {"method": method, "path": path},
                    "stage": "$default",
                    "requestId": "r",
                    "authorizer": {"jwt": {"claims": {"sub": user, "email": f"{user}@example.com", **claims}}},
                },
                "body": json.dumps(body) if body is not None else None,
                "isBase64Encoded": False,
            },
            None,
        )
        return answer["statusCode"], json.loads(answer.get("body") or "{}")

    return call
