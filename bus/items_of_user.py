"""Items that hold a person's id in an attribute, read page by page: for the export of all that is stored of them.

The table has the index ``userId-index`` of keys only (``ServiceTable.add_user_index``). Neither key ever changes, so
the index costs one write of an item, when it is created, and none of its updates.
"""

from typing import TYPE_CHECKING, Any

from bus.attribute_values import from_item, to_attribute, to_item
from bus.batch_items import batch_get
from bus.cursor import decode_cursor, encode_cursor
from bus.outbox import ATTRIBUTE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

USER_INDEX = "userId-index"
PAGE_SIZE = 100
"""Items of a page; as many as a batch reads at once."""


def read_page_of_user(
    dynamodb: "DynamoDBClient", table: str, key: str, user_id: str, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of a person's items as plain values, without their outbox, and the cursor of the next page.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table.
        key: name of its partition key; it has no sort key.
        user_id: the person.
        cursor: of the page; None for the first one.

    Raises InvalidCursorError.
    """
    query: QueryInputTypeDef = {
        "TableName": table,
        "IndexName": USER_INDEX,
        "KeyConditionExpression": "userId = :user",
        "ExpressionAttributeValues": to_item({":user": user_id}),
        "Limit": PAGE_SIZE,
    }
    if cursor:
        # The page is always of this person's items, whatever the cursor says.
        start = decode_cursor(cursor, **{key: str, "userId": str})
        query["ExclusiveStartKey"] = {**start, "userId": to_attribute(user_id)}
    answer = dynamodb.query(**query)
    keys = [from_item(item)[key] for item in answer["Items"]]
    found = {item[key]["S"]: from_item(item) for item in batch_get(dynamodb, table, [{key: each} for each in keys])}
    items = [found[each] for each in keys if each in found]
    for item in items:
        item.pop(ATTRIBUTE, None)
    last = answer.get("LastEvaluatedKey")
    return items, encode_cursor(last) if last else None
