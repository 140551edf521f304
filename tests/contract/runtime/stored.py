"""What first events are about, stored before each: a person, an order, returns, and a person who was erased."""

import uuid
from datetime import UTC, datetime

from bus.attribute_values import to_item
from bus.context import Context, use_context
from bus.erased_users import ErasedUsers
from ecom67.local.connection import Connection
from schemas.contract import Line, Money
from schemas.returns import ReceivedUnits
from services.identity.store import ProfileStore
from services.identity.unsubscribing import UnsubscribeLinks, read_key
from services.orders.order_links import LinkKey, OrderLinks
from services.returns.domain import REFUND_PREFIX, Return, ReturnStatus

PRICE = Money(amount=37800, currency="USD")
MUCH = "much-"
"""Begins the id of a person of whom other services have stored more than a part of an export holds."""
AT = datetime(2030, 3, 14, 9, 26, 53, tzinfo=UTC)


class Stored:
    """Stores on an emulator what the first events of a function need.

    Parameters:
        emulator: the emulator; everything may be done there.
        environment: of the function: names of its tables, buckets and secrets.
    """

    def __init__(self, emulator: Connection, environment: dict[str, str]) -> None:
        self._emulator = emulator
        self._environment = environment

    def begun_export(self, *, is_large: bool = False) -> dict[str, str]:
        """Store a person who waits for an export, and return the first part of it.

        Parameters:
            is_large: whether so much is stored of the person that the export has a second part.
        """
        user_id = self._person(MUCH if is_large else "")
        export, _ = self._profiles().begin_export(user_id)
        return {"exportId": export.export_id, "userId": user_id}

    def unwanted_export(self) -> dict[str, str]:
        """Store a person who was erased while the next part of an export was on its way, and return that part."""
        s3, bucket = self._emulator.client("s3"), self._environment["EXPORTS_BUCKET"]
        user_id, export_id = str(uuid.uuid4()), uuid.uuid4().hex
        self._emulator.client("dynamodb").put_item(**self._erased_users().tombstone(user_id))
        s3.put_object(Bucket=bucket, Key=f"{user_id}/earlier.json", Body=b"{}")
        upload = s3.create_multipart_upload(Bucket=bucket, Key=f"{user_id}/{export_id}.json")
        return {"exportId": export_id, "userId": user_id, "uploadId": upload["UploadId"]}

    def finished_export(self) -> dict[str, str]:
        """Store a person's export of which nobody was told that it is there, and return its last part once more."""
        s3, part = self._emulator.client("s3"), self.begun_export()
        named = {"Bucket": self._environment["EXPORTS_BUCKET"], "Key": f"{part['userId']}/{part['exportId']}.json"}
        upload = s3.create_multipart_upload(**named)["UploadId"]
        uploaded = s3.upload_part(**named, UploadId=upload, PartNumber=1, Body=b"{}")
        parts = {"Parts": [{"PartNumber": 1, "ETag": uploaded["ETag"]}]}
        s3.complete_multipart_upload(**named, UploadId=upload, MultipartUpload=parts)
        return part | {"uploadId": upload}

    def unsubscribe_token(self) -> str:
        """Store a person, and return the token of a link by which they get no more mails."""
        secrets, secret = self._emulator.client("secretsmanager"), self._environment["UNSUBSCRIBE_SECRET"]
        return UnsubscribeLinks(lambda: read_key(secrets, secret)).issue(self._person())

    def order_token(self) -> str:
        """Return the token of a link to an order."""
        secrets, secret = self._emulator.client("secretsmanager"), self._environment["ORDER_LINK_SECRET"]
        return OrderLinks(LinkKey(secrets, secret)).issue(uuid.uuid4().hex, 0)

    def received_return(self) -> dict[str, str]:
        """Store two returns of an order that came back, and return what an event says of the first one's refund."""
        order_id, user_id = uuid.uuid4().hex, str(uuid.uuid4())
        for number in (1, 2):
            line = Line(product_id="casserole", name="Casserole", quantity=1, unit_price=PRICE)
            received = ReceivedUnits(product_id="casserole", restocked=1, written_off=0)
            stored = Return(
                return_id=f"{order_id}-{number}",
                order_id=order_id,
                user_id=user_id,
                order_number="23456789AC",
                withdrawal_id=uuid.uuid4().hex,
                status=ReturnStatus.RECEIVED,
                reason="WITHDRAWN",
                lines=[line],
                ordered=[line],
                shipping=PRICE,
                requested_at=AT,
                received=[received],
            )
            item = to_item(stored.model_dump(mode="json", exclude_none=True))
            self._emulator.client("dynamodb").put_item(TableName=self._environment["RETURNS_TABLE"], Item=item)
        return {"orderId": order_id, "userId": user_id, "requestId": f"{REFUND_PREFIX}{order_id}-1"}

    def _person(self, prefix: str = "") -> str:
        """Store a profile, and return whose it is."""
        with use_context(Context.begin()):
            return self._profiles().register(f"{prefix}{uuid.uuid4()}", "Ada").user_id

    def _profiles(self) -> ProfileStore:
        table = self._environment["USERS_TABLE"]
        return ProfileStore(self._emulator.client("dynamodb"), table, self._erased_users)

    def _erased_users(self) -> ErasedUsers:
        return ErasedUsers(self._emulator.client("dynamodb"), self._environment["ERASED_USERS_TABLE"])
