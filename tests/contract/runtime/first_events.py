"""Events for each function, as what invokes it would send them: the first that it gets when it is started."""

import inspect
import json
import re
import uuid
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from bus.outbox import OutboxEntry
from infra.constructs.paths import ROOT
from schemas.order_number import order_number
from tests.contract.runtime.stored import Stored
from tests.infra.synthesis import Function
from tests.unit.bus.stream import record

Json = dict[str, Any]
EXAMPLES = ROOT / "schemas" / "examples"
TEXTS = ("order-1", "US", "GB", "USD", "pm_card_visa", "0195941f-8f04-7c6a-b1d3-e27a904c58fb", "a" * 32)
"""Values to try where a field has a pattern."""

IN_PATHS = {"token": "YQ.YQ"}
"""Parameters of routes that are no id: a link with a signature of another key."""
BODIES: dict[str, Json] = {
    "POST /api/delivery/quotes": {"country": "US", "products": [{"productId": "casserole", "quantity": 1}]},
}
"""Bodies of requests that ask nothing of a role without one; all others have an empty one."""
HARMLESS: dict[str, Json] = {
    "services.search.maintenance": {"action": "compare", "repair": False},
    "services.reporting.maintenance": {"action": "compare-stock"},
}
"""Inputs of commands whose least input would change what others rely on."""


def first_events(function: Function, stored: Stored) -> list[Json]:
    """Return the events, of other ids each time: a request to each route, an event of each subscription, or one.

    Parameters:
        function: the function that gets them.
        stored: stores what they are about.
    """
    match function.module.split("."):
        case [_, "identity", "link_api"]:
            token = stored.unsubscribe_token()
            return [_request(route, authorized, token=token) for route, authorized in _routes(function).items()]
        case [_, "identity", "export_worker"]:
            begun = (stored.begun_export(), stored.begun_export(is_large=True))
            parts = (*begun, stored.finished_export(), stored.unwanted_export())
            return [_queued(_payload(part)) for part in parts]
        case [_, "orders", "withdrawals"] if function.attribute == "returnable_order":
            user_id, order_id = str(uuid.uuid4()), uuid.uuid4().hex
            named: list[Json] = [{"userId": user_id, "order": name} for name in (order_id, order_number(order_id))]
            return [_payload(given) for given in (*named, {"token": stored.order_token()})]
        case [_, "returns", "events"]:
            kinds = ("PaymentRefundedV2", "RefundFailed")
            return [_queued(_example(kind, **stored.received_return())) for kind in kinds]
    return _about_nothing(function)


def _about_nothing(function: Function) -> list[Json]:
    """Return the first events of a function of which nobody has to have stored anything."""
    handler = getattr(import_module(function.module), function.attribute)
    service = function.stack.service
    match function.module.split("."):
        case [*_, part] if part == "api" or part.endswith("_api"):
            return [_request(route, authorized) for route, authorized in _routes(function).items()]
        case ["bus", "relay"]:
            changed = record(1, uuid.uuid4().hex, outbox=False)
            entry = OutboxEntry(event_id=uuid.uuid4().hex, source=f"ecom67.{service}", detail_type="Any", detail="{}")
            changed["dynamodb"]["NewImage"]["outbox"] = {"S": json.dumps([entry.model_dump()])}
            return [{"Records": [changed]}]
        case ["bus", "journal"]:
            return [_queued(_example("OrderPlaced"))]
        case [_, _, "events"]:
            return [
                _queued(_example(detail_type)) for detail_type in sorted({kind for _, kind in handler.subscriptions})
            ]
        case [_, _, "indexer" | "projector"]:
            # A product that was deleted.
            deleted = record(1, uuid.uuid4().hex, outbox=False)
            image = {"productId": {"S": uuid.uuid4().hex}, "sequence": {"N": "1"}, "revision": {"N": "1"}}
            deleted["dynamodb"]["NewImage"] = image
            return [{"Records": [deleted]}]
        case [_, _, "movements"]:
            moved = record(1, uuid.uuid4().hex, outbox=False)
            movement = {"kind": "COUNTED", "change": 1, "at": 1_900_000_000_000}
            moved["dynamodb"]["NewImage"] = {
                "productId": {"S": uuid.uuid4().hex},
                "sequence": {"N": "1"},
                "onHand": {"N": "1"},
                "movement": {"S": json.dumps(movement)},
            }
            return [{"Records": [moved]}]
        case [_, _, "abandonment" | "daily_report" | "reconcile" | "sweeper"]:
            return [{"source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": {}}]
        case [_, "chat", "authorizer" | "connections" | "messages" as part]:
            return [_of_socket(part)]
        case [_, _, "post_confirmation"]:
            attributes = {"sub": str(uuid.uuid4()), "name": "Ada"}
            return [
                {"triggerSource": "PostConfirmation_ConfirmSignUp", "request": {"userAttributes": attributes}},
            ]
        case _:
            return [_command(function.module, handler)]


def _of_socket(part: str) -> Json:
    if part == "authorizer":
        method = "arn:aws:execute-api:us-east-1:1:a/live/$connect"
        return {"methodArn": method, "queryStringParameters": {"ticket": "x"}}
    route, body = {"connections": ("$disconnect", ""), "messages": ("stop", '{"action": "stop"}')}[part]
    return {"requestContext": {"connectionId": uuid.uuid4().hex, "routeKey": route}, "body": body}


def _command(module: str, handler: Any) -> Json:
    """Return the least payload of a command, and of a queue of commands a delivery of it."""
    known = inspect.getclosurevars(handler).nonlocals
    is_queued = "model" not in known
    model: type[BaseModel] = inspect.getclosurevars(known["handle"]).nonlocals["model"] if is_queued else known["model"]
    schema = model.model_json_schema(by_alias=True)
    payload: Json = _least(schema, schema.get("$defs", {}))
    given = payload["input"]
    given |= HARMLESS.get(module, {})
    if {"subtotal", "shipping", "total"} <= given.keys():
        given["total"] = {**given["total"], "amount": given["subtotal"]["amount"] + given["shipping"]["amount"]}
    payload |= _payload(given)
    model.model_validate(payload)
    return _queued(payload) if is_queued else payload


def _payload(given: Json) -> Json:
    """Return the payload of a command: its input in a context of its own."""
    return {"input": given, "context": {"correlationId": uuid.uuid4().hex, "causationId": uuid.uuid4().hex}}


def _least(schema: Json, definitions: Json) -> Any:
    """Return the least value of a JSON schema."""
    match schema:
        case {"$ref": str(name)}:
            return _least(definitions[name.rpartition("/")[2]], definitions)
        case {"const": value} | {"enum": [value, *_]} | {"default": value}:
            return value
        case {"anyOf": [first, *_]} | {"oneOf": [first, *_]} | {"allOf": [first]}:
            return _least(first, definitions)
        case {"type": "object"}:
            properties = schema.get("properties", {})
            return {name: _least(properties[name], definitions) for name in schema.get("required", [])}
        case {"type": "array"}:
            return [_least(schema["items"], definitions) for _ in range(max(schema.get("minItems", 0), 1))]
        case {"type": "integer" | "number"}:
            return max(schema.get("minimum", 1), 1)
        case {"type": "boolean"}:
            return False
        case {"type": "string", "format": "date-time"}:
            return "2030-03-14T09:26:53Z"
        case {"type": "string"}:
            pattern = schema.get("pattern", "")
            return next(text for text in TEXTS if re.search(pattern, text) and len(text) <= schema.get("maxLength", 99))
    raise NotImplementedError(schema)


def _example(detail_type: str, **values: str) -> Json:
    """Return the committed example of an event, of another order, product and person.

    Parameters:
        detail_type: of the event.
        values: of its data, that stand for those of the example.
    """
    path = max(EXAMPLES.glob(f"*/{detail_type}.v*.json"))
    event: Json = json.loads(path.read_text())
    text = json.dumps(event)
    ids = {
        value
        for name, value in _leaves(event["detail"])
        if name in ("eventId", "orderId", "userId", "productId", "aggregateId")
    }
    for value in ids:
        text = text.replace(json.dumps(value), json.dumps(uuid.uuid4().hex))
    other: Json = json.loads(text)
    other["detail"]["data"] |= values
    return other


def _leaves(value: Any, name: str = "") -> list[tuple[str, Any]]:
    match value:
        case dict():
            return [leaf for key, member in value.items() for leaf in _leaves(member, key)]
        case list():
            return [leaf for member in value for leaf in _leaves(member, name)]
    return [(name, value)]


def _queued(body: Json) -> Json:
    """Return a delivery of a queue."""
    message = {
        "messageId": uuid.uuid4().hex,
        "receiptHandle": "handle",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1900000000000"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:queue",
        "awsRegion": "us-east-1",
    }
    return {"Records": [message]}


def _routes(function: Function) -> dict[str, bool]:
    """Return the function's routes, and whether each is authorized."""
    template = function.stack
    integrations = {
        name
        for name, properties in template.of_type("AWS::ApiGatewayV2::Integration").items()
        if function.logical_id in json.dumps(properties)
    }
    return {
        route["Properties"]["RouteKey"]: route["Properties"].get("AuthorizationType") == "JWT"
        for route in template.of_type("AWS::ApiGatewayV2::Route").values()
        if any(name in json.dumps(route["Properties"]["Target"]) for name in integrations)
    }


def _request(route: str, authorized: bool, **in_path: str) -> Json:
    """Return a request of a member of staff to a route.

    Parameters:
        route: its method and path.
        authorized: whether it takes a token.
        in_path: values of parameters of its path, that stand for those of IN_PATHS.
    """
    method, path = route.split(" ")
    known = IN_PATHS | in_path
    parameters = {name: known.get(name, "order-1") for name in re.findall(r"\{(\w+)\}", path)}
    raw = path.format(**parameters)
    claims = {
        "sub": str(uuid.uuid4()),
        "email": "ada@shop.example",
        "email_verified": "true",
        "cognito:groups": "[staff]",
    }
    http = {"method": method, "path": raw, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"}
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": raw,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "stripe-signature": "t=1,v1=00"},
        "pathParameters": parameters,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "api",
            "domainName": "localhost",
            "stage": "$default",
            "requestId": uuid.uuid4().hex,
            "routeKey": route,
            "time": "14/Mar/2030:09:26:53 +0000",
            "timeEpoch": 1_900_000_000_000,
            "http": http,
            **({"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if authorized else {}),
        },
        **({"body": json.dumps(BODIES.get(route, {}))} if method != "GET" else {}),
        "isBase64Encoded": False,
    }
