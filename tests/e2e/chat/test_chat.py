"""The chat as shoppers and visitors use it, on the stage of this run."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection
from schemas.order_number import order_number
from tests.e2e.chat.talking import talk


def signed_up(stage: Connection) -> tuple[Shopper, str]:
    """Return a new shopper and their ID token."""
    shopper = Shopper(stage)
    shopper.sign_up()
    assert shopper.token is not None
    return shopper, shopper.token


def test_a_visitor_gets_a_streamed_answer_that_names_its_source(stage: Connection) -> None:
    with talk(stage) as visitor:
        reply = visitor.ask("How long do I have to return something?")

    assert reply.messages[0]["type"] == "working"
    assert "30 days" in reply.text
    assert len(reply.of("delta")) > 1
    assert reply.items("sources")[0] == {"number": 1, "title": "Returning something", "uri": "/help/returns"}
    assert reply.last["type"] == "done"
    assert reply.last["model"] == "local-demo"
    assert reply.last["usage"]["inputTokens"] > 0
    assert "Local demo" in reply.text


def test_a_visitor_cannot_see_orders_or_get_a_proposal(stage: Connection) -> None:
    with talk(stage) as visitor:
        orders = visitor.ask("Where is my order?")
        cart = visitor.ask("Add a mug to my cart")
        confirmed = visitor.send(action="confirm", proposalId="p1", accept=True)

    assert "sign in" in orders.text
    assert "sign in" in cart.text
    assert not cart.of("proposal")
    assert confirmed.last["code"] == "SIGN_IN"


def test_a_gift_is_found_agreed_to_bought_and_announced_when_it_ships(stage: Connection) -> None:
    shopper, token = signed_up(stage)
    lamp = shopper.find_product("lighting", at_least=3)
    shopper.fill_cart((lamp["productId"], 1))  # the cart knows the product from here on
    shopper.call("DELETE /cart").expect(200)

    with talk(stage, token) as ada:
        # When she asks for something under a price, every card is as the catalog has it
        found = ada.ask("I'm looking for something for the kitchen under $90")
        assert found.items("products")
        for card in found.items("products"):
            product = shopper.call(f"GET /products/{card['productId']}").expect(200).body
            stock = shopper.call(f"GET /stock/{card['productId']}").expect(200).body
            assert (card["name"], card["price"]) == (product["name"], product["price"])
            assert card["available"] == stock["available"]
            assert card["price"]["amount"] <= 9000

        # And wants the lamp, nothing is in the cart before she confirms, and two clicks put it there once
        wish = ada.ask(f"Add two {lamp['name']} to my cart")
        (proposal,) = wish.of("proposal")
        assert proposal["arguments"] == {"change": "ADD", "productId": lamp["productId"], "quantity": 2}
        assert shopper.call("GET /cart").body["lines"] == []
        assert ada.send(action="confirm", proposalId=proposal["proposalId"], accept=True).last["status"] == "ACCEPTED"
        assert ada.send(action="confirm", proposalId=proposal["proposalId"], accept=True).last["code"] == "DECIDED"
        cart = shopper.call("GET /cart").expect(200).body
        assert [(line["productId"], line["quantity"]) for line in cart["lines"]] == [(lamp["productId"], 2)]

        # And buys it, the open chat tells when the order is placed and when it ships, and knows of it later
        order_id = shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
        placed = ada.event()
        assert (placed["detailType"], placed["data"]["orderId"]) == ("OrderPlaced", order_id)
        assert "userId" not in placed["data"]
        shipped = {"carrier": "Northline", "trackingNumber": "NL-4711"}
        staff = stage.token("staff@ecom67.example", staff=True)
        shopper.call(f"POST /orders/{order_id}/ship", shipped, token=staff).expect(202)
        moved = ada.event()
        assert (moved["detailType"], moved["data"]["trackingNumber"]) == ("OrderShipped", "NL-4711")
        where = ada.ask("Where is my order?")
        number = order_number(order_id)
        assert number in where.text
        assert number in moved["message"]
        assert number in ada.ask(f"What is the status of {number}?").text
        assert "NL-4711" in where.text


def test_an_event_reaches_nobody_but_its_shopper_and_an_order_is_shown_to_nobody_else(stage: Connection) -> None:
    shopper, token = signed_up(stage)
    _, other_token = signed_up(stage)
    lamp = shopper.find_product("lighting", at_least=3)
    cart = shopper.fill_cart((lamp["productId"], 1))

    with talk(stage, token) as ada, talk(stage, other_token) as bob:
        order_id = shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
        assert ada.event()["data"]["orderId"] == order_id
        asked = bob.ask(f"What is the status of order {order_id}?")

        assert "no such order" in asked.text
        assert bob.events == []


def test_a_proposal_belongs_to_its_shopper_and_no_is_no(stage: Connection) -> None:
    shopper, token = signed_up(stage)
    _, other_token = signed_up(stage)
    lamp = shopper.find_product("lighting", at_least=3)

    with talk(stage, token) as ada, talk(stage, other_token) as bob:
        (proposal,) = ada.ask(f"Put one {lamp['name']} into my cart").of("proposal")
        foreign = bob.send(action="confirm", proposalId=proposal["proposalId"], accept=True)
        declined = ada.send(action="confirm", proposalId=proposal["proposalId"], accept=False)

    assert foreign.last["code"] == "NOT_FOUND"
    assert declined.last["status"] == "DECLINED"
    assert shopper.call("GET /cart").body["lines"] == []


@pytest.mark.parametrize(
    ("magic", "code"),
    [("throttled", "BUSY"), ("down", "UNAVAILABLE"), ("broken", "BROKEN"), ("cut", "BROKEN")],
)
def test_when_the_model_fails_the_shopper_is_told_and_the_conversation_goes_on(
    stage: Connection, magic: str, code: str
) -> None:
    _, token = signed_up(stage)

    with talk(stage, token) as ada:
        failed = ada.ask(f"demo:{magic} How long do I have to return something?")
        again = ada.ask("How long do I have to return something?")
        history = ada.send(action="history", conversationId=ada.conversation_id).last["turns"]

    assert failed.last["type"] == "error"
    assert failed.last["code"] == code
    assert failed.last["message"]
    assert "30 days" in again.text
    # No half answer is kept as a whole one.
    answers = [(turn["text"], turn["whole"]) for turn in history if turn["role"] == "assistant"]
    assert answers[-1] == (again.text, True)
    assert [text for text, whole in answers[:-1] if whole] == []
    assert [text for text, _ in answers[:-1]] == ([failed.text] if failed.text else [])


def test_an_answer_can_be_stopped_while_it_is_given(stage: Connection) -> None:
    _, token = signed_up(stage)

    with talk(stage, token) as ada:
        ada.say(action="sendMessage", text="demo:slow How long do I have to return something?")
        while ada.receive()["type"] != "delta":
            pass
        busy = ada.send(action="sendMessage", text="And now?")
        ada.say(action="stop")
        stopped = ada.read()
        again = ada.ask("Do you ship to Canada?")

    assert busy.last["code"] == "BUSY_ANSWERING"
    assert stopped.last["stopped"] is True
    assert again.last["type"] == "done"
    assert "Canada" in again.text


def test_whoever_asks_too_much_is_told_when_to_come_back(stage: Connection) -> None:
    shopper, token = signed_up(stage)

    with talk(stage, token) as ada:
        assert ada.ask("Do you ship to Canada?").last["type"] == "done"
        use_up_the_questions_of_these_minutes(stage, shopper)
        reply = ada.ask("Do you ship to Canada?")
        open_still = ada.send(action="ping")

    assert reply.last["code"] == "TOO_MANY_QUESTIONS"
    assert reply.last["status"] == 429
    assert 0 < reply.last["retryAfterSeconds"] <= 60
    assert open_still.last == {"type": "pong"}


def use_up_the_questions_of_these_minutes(stage: Connection, shopper: Shopper) -> None:
    """Count as many questions as there may be, in this minute and the next ones, for asking takes its time."""
    dynamodb, user_id = stage.client("dynamodb"), shopper.call("GET /me").expect(200).body["userId"]
    counted = [
        item["allowanceId"]["S"].rpartition("#")
        for page in dynamodb.get_paginator("scan").paginate(TableName="ecom67-local-Allowances")
        for item in page["Items"]
        if user_id in item["allowanceId"]["S"] and "#60#" in item["allowanceId"]["S"]
    ]
    assert counted, "the first question was counted"
    of_minutes, _, first = counted[0]
    for minute in range(10):
        dynamodb.update_item(
            TableName="ecom67-local-Allowances",
            Key={"allowanceId": {"S": f"{of_minutes}#{int(first) + minute}"}},
            UpdateExpression="SET used = :allowed",
            ExpressionAttributeValues={":allowed": {"N": "1000"}},
        )


def test_the_history_is_there_after_a_reload_with_its_cards_and_sources(stage: Connection) -> None:
    _, token = signed_up(stage)
    with talk(stage, token) as ada:
        found = ada.ask("Show me something under $60")
        answer = ada.ask("How long do I have to return something?")
        conversation_id = ada.conversation_id

    with talk(stage, token) as ada:
        history = ada.send(action="history", conversationId=conversation_id).last

    roles = [turn["role"] for turn in history["turns"]]
    assert roles == ["shopper", "assistant", "shopper", "assistant"]
    assert history["turns"][1]["products"] == found.items("products")
    assert history["turns"][3]["sources"] == answer.items("sources")


@pytest.mark.parametrize("token", ["not-a-token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJib2IifQ."])
def test_a_forged_token_opens_no_connection(stage: Connection, token: str) -> None:
    with pytest.raises(InvalidStatus) as refused, talk(stage, token):
        pass

    assert refused.value.response.status_code == 403


def test_what_is_no_message_is_answered_and_harms_nothing(stage: Connection) -> None:
    with talk(stage) as visitor:
        for message in ({"action": "dance"}, {"no": "action"}, {"action": "sendMessage", "text": " "}):
            assert visitor.send(**message).last["code"] == "VALIDATION"
        assert visitor.send(action="sendMessage", text="x" * 3000).last["status"] == 422
        assert visitor.send(action="sendMessage", text="hi", conversationId="1").last["status"] == 422
        assert visitor.send(action="ping").last == {"type": "pong"}


def test_an_erased_shopper_leaves_no_conversation(stage: Connection) -> None:
    shopper, token = signed_up(stage)
    with talk(stage, token) as ada:
        ada.ask("How long do I have to return something?")
    exported = shopper.call("GET /me/export").expect(200).body
    assert "return something" in json.dumps(exported["services"]["chat"] if "services" in exported else exported)
    user_id = shopper.call("GET /me").expect(200).body["userId"]

    shopper.call("DELETE /me")

    def forgotten() -> bool | None:
        answer = stage.client("dynamodb").query(
            TableName="ecom67-local-ChatHistory",
            KeyConditionExpression="userId = :user",
            ExpressionAttributeValues={":user": {"S": user_id}},
        )
        return True if not answer["Items"] else None

    assert eventually("the conversation is forgotten", forgotten)
