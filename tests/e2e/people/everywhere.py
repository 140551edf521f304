"""Everything that a stage stores, as text: where something of a person may be left after their erasure.

The stores are listed from the stage itself, so a new table, bucket, queue or log is searched without a line here.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from ecom67.local.connection import Connection

PREFIX = "ecom67-local-"
HIDDEN_SECONDS = 2
"""How long a message that was read is not read again; as long, nobody else can have it."""
KEPT_QUEUES = ("-dlq", "parking")
"""The ends of the names of queues in which messages stay."""
CLOCK_SKEW = timedelta(seconds=2)


def traces(
    stage: Connection, stored_since: datetime, logged_since: datetime, *words: str
) -> dict[str, dict[str, list[str]]]:
    """Return where words are found, in capitals or not: by word and store, with some of the text.

    Parameters:
        stage: the stage.
        stored_since: files from before are no matter: the words were unknown then.
        logged_since: lines of logs from before are no matter.
        words: what is looked for.
    """
    found: dict[str, dict[str, list[str]]] = {word: {} for word in words}
    for store, text in everything(stage, stored_since, logged_since):
        folded = text.casefold()
        for word in words:
            at = folded.find(word.casefold())
            if at >= 0:
                found[word].setdefault(store, []).append(text[max(0, at - 200) : at + 200])
    return found


def everything(stage: Connection, stored_since: datetime, logged_since: datetime) -> Iterator[tuple[str, str]]:
    """Yield all that a stage stores: the name of each store, such as ``table Orders``, and a text in it."""
    yield from _items(stage.client("dynamodb"))
    yield from _objects(stage.client("s3"), stored_since)
    yield from _messages(stage.client("sqs"))
    yield from _log_lines(stage.client("logs"), int(logged_since.timestamp() * 1000))
    yield from _accounts(stage.client("cognito-idp"))


def _items(dynamodb: Any) -> Iterator[tuple[str, str]]:
    for listed in dynamodb.get_paginator("list_tables").paginate():
        for name in listed["TableNames"]:
            for page in dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
                for item in page["Items"]:
                    yield f"table {name.removeprefix(PREFIX)}", json.dumps(item, ensure_ascii=False, default=str)


def _objects(s3: Any, since: datetime) -> Iterator[tuple[str, str]]:
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
            for entry in page.get("Contents", ()):
                if entry["LastModified"] < since - CLOCK_SKEW:
                    continue
                body = s3.get_object(Bucket=name, Key=entry["Key"])["Body"].read()
                yield f"bucket {name.removeprefix(PREFIX)}", f"{entry['Key']} {_text_of(body)}"


def _text_of(body: bytes) -> str:
    if body.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return body.decode(errors="replace")


def _messages(sqs: Any) -> Iterator[tuple[str, str]]:
    for page in sqs.get_paginator("list_queues").paginate():
        for url in page.get("QueueUrls", ()):
            name = url.rpartition("/")[2].removeprefix(PREFIX)
            # What is on its way is gone in a moment; reading it would keep it from whom it is for.
            if name.endswith(KEPT_QUEUES):
                yield from ((f"queue {name}", body) for body in _bodies(sqs, url))


def _bodies(sqs: Any, url: str) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=HIDDEN_SECONDS)
        fresh = [message for message in answer.get("Messages", ()) if message["MessageId"] not in seen]
        if not fresh:
            return
        seen |= {message["MessageId"] for message in fresh}
        yield from (message["Body"] for message in fresh)


def _log_lines(logs: Any, since: int) -> Iterator[tuple[str, str]]:
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for lines in logs.get_paginator("filter_log_events").paginate(logGroupName=name, startTime=since):
                for line in lines["events"]:
                    yield f"log {name.rpartition('/')[2].removeprefix(PREFIX)}", line["message"]


def _accounts(cognito: Any) -> Iterator[tuple[str, str]]:
    for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]:
        for page in cognito.get_paginator("list_users").paginate(UserPoolId=pool["Id"]):
            for user in page["Users"]:
                yield "accounts", json.dumps(user, default=str)
