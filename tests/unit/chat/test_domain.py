"""What the model is shown of a conversation."""

from datetime import UTC, datetime

from schemas.contract import Money
from schemas.websocket import Change
from services.chat.domain import (
    MAX_PROMPT_TURNS,
    ConversationTurn,
    Ending,
    PromptMessage,
    Role,
    format_money,
    prompt_history,
    proposal_summary,
    retrieval_query,
)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def turn(role: Role, text: str, ending: Ending = Ending.WHOLE) -> ConversationTurn:
    return ConversationTurn(role, NOON, text, "talk", ending)


def test_an_answer_that_broke_off_is_never_shown_as_what_was_said() -> None:
    said = prompt_history(
        [
            turn(Role.SHOPPER, "How long?"),
            turn(Role.ASSISTANT, "You can return it within 3", Ending.BROKEN),
            turn(Role.SHOPPER, "Again?"),
            turn(Role.ASSISTANT, "You can", Ending.STOPPED),
        ]
    )

    assert [each.text for each in said] == [
        "How long?",
        "(This answer was interrupted.)",
        "Again?",
        "(This answer was interrupted.)",
    ]


def test_an_event_is_a_note_of_the_shop_and_the_two_sides_speak_in_turn() -> None:
    said = prompt_history(
        [
            turn(Role.ASSISTANT, "Welcome"),
            turn(Role.SHOPPER, "Hello"),
            turn(Role.EVENT, "Your order has shipped."),
            turn(Role.ASSISTANT, "Hi"),
            turn(Role.EVENT, "It was delivered."),
        ]
    )

    assert said == [
        PromptMessage(by_model=False, text="Hello\n(Note of the shop: Your order has shipped.)"),
        PromptMessage(by_model=True, text="Hi"),
        PromptMessage(by_model=False, text="(Note of the shop: It was delivered.)"),
    ]


def test_only_the_last_turns_are_remembered() -> None:
    said = prompt_history([turn(Role.SHOPPER, str(number)) for number in range(50)])

    assert said[0].text.split("\n") == [str(number) for number in range(50 - MAX_PROMPT_TURNS, 50)]


def test_a_question_that_means_nothing_alone_is_asked_with_the_one_before() -> None:
    before = [PromptMessage(by_model=False, text="Can I return a lamp?"), PromptMessage(by_model=True, text="Yes.")]

    assert retrieval_query("And candles?", before) == "Can I return a lamp?\nAnd candles?"
    assert retrieval_query("Andrew asks about rugs in general", before) == "Andrew asks about rugs in general"
    assert retrieval_query("And candles?", []) == "And candles?"


def test_a_proposal_says_what_it_does() -> None:
    price = Money(amount=129900)

    assert proposal_summary(Change(change="ADD", product_id="p", quantity=2), "Rug", price) == (
        "Add 2 × Rug ($1,299.00 each) to your cart"
    )
    assert proposal_summary(Change(change="SET", product_id="p", quantity=1), "Rug", price) == (
        "Have 1 × Rug ($1,299.00 each) in your cart"
    )
    assert proposal_summary(Change(change="REMOVE", product_id="p"), "Rug", price) == "Take Rug out of your cart"
    assert format_money(Money(amount=5)) == "$0.05"
