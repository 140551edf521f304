"""Interpretation of a question for the demo model, by patterns of words."""

import re
from dataclasses import dataclass
from enum import Enum, auto


class Intent(Enum):
    """The intent of a question."""

    DECLINE = auto()
    ONE_ORDER = auto()
    OWN_ORDERS = auto()
    CART = auto()
    PRODUCTS = auto()
    ANYTHING = auto()  # answered by the documents, if at all


@dataclass(frozen=True, slots=True)
class Question:
    """An interpreted question.

    Attributes:
        intent: what it asks for.
        text: the question as written.
        about: its search words, without prices and stop words.
        order_id: the order's id or number in it.
        min_cents: lower price limit in cents.
        max_cents: upper price limit in cents.
        change: ``ADD`` or ``REMOVE``, for a change of the cart.
        quantity: number of units, for a change of the cart.
    """

    intent: Intent
    text: str
    about: str
    order_id: str | None = None
    min_cents: int | None = None
    max_cents: int | None = None
    change: str = "ADD"
    quantity: int = 1

    @property
    def names_a_price(self) -> bool:
        """Return whether it has a price limit."""
        return self.min_cents is not None or self.max_cents is not None


_PROMPT_INJECTION = re.compile(
    r"\b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(instruction|rule|previous|above|prompt|guideline)"
    r"|system prompt|your (instructions|rules|prompt|guidelines)|developer mode|jailbreak|\bDAN\b|pretend (to be|you)"
    r"|you are now|act as|roleplay|reveal|without (asking|confirm)|repeat (everything|the text)|</?\w+>",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(other|another|all|every|some(one|body)( else)?('s)?) ?(customer|shopper|people|person|user|else|buyer)"
    r"|\b(his|her|their|neighbou?r'?s?|wife'?s|husband'?s|friend'?s|colleague'?s|boss'?s|mother'?s)\b.{0,20}"
    r"\b(orders?|address|cart|account|e-?mail|parcel|purchases?)\b"
    r"|\borders? (of|from|by|for) (?!(mine|me|the|my|this|a)\b)[\w.+-]+(@|\b)"
    r"|(?-i:\b[A-Z]\w+'s) (orders?|cart|address|account|purchases?)\b|\ball (the )?orders\b|\bevery order\b"
    r"|\b(last|next|other|another) (buyer|customer|shopper)\b"
    r"|[\w.+-]+@[\w-]+\.\w+.{0,40}\border|customer list|list of (all )?(customers|users|e-?mails)|who (else )?bought",
    re.IGNORECASE,
)
# One id in 150 is of letters alone.
_ORDER_ID = re.compile(r"\b(?:[a-z2-7]{24}|[2-9AC-HJKMNPQRTV-Y]{10})\b")
_OWN_ORDERS = re.compile(
    r"\bwhere('s| is| are)\b.{0,20}\b(order|parcel|package|delivery|stuff)"
    r"|\bmy (\w+ )?(orders?|parcel|package|delivery|purchases?)\b.{0,40}"
    r"\b(shipped|ship|arrive|come|status|sent|on its way|delivered|here|now|total|cost|yet)\b"
    r"|\b(has|have|did|is|are|was|were|when will|when does)\b.{0,12}\bmy (\w+ )?(orders?|parcel|package|delivery)\b"
    r"|\b(show|list|see|tell me about|check|status of|track|what('s| is) in|what did i)\b.{0,25}"
    r"\b(my (\w+ )?(orders?|parcel|package|purchases?)|i (last )?(order|buy|bought|ordered))\b"
    r"|what (did|have) i (\w+ )?(order|buy|bought)|\bmy (last|latest|newest|recent|previous) (orders?|purchases?)",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\b(how (do|can|long|much time)|can i|may i|could i|what (happens|if|now|should)|am i able|late|lost|missing|"
    r"broken|damaged|wrong)\b",
    re.IGNORECASE,
)
_CART = re.compile(
    r"\b(add|put|place)\b.{1,80}\b(cart|basket|bag)\b|\b(i'?ll take|i want to buy|buy me|order me)\b", re.IGNORECASE
)
_OUT_OF_CART = re.compile(r"\b(remove|delete|take)\b.{1,80}\b(cart|basket)\b", re.IGNORECASE)
_PRODUCTS = re.compile(
    r"\b(show me|is there an?|are there|"
    r"looking for|look for|find( me)?|recommend|suggest|search|gifts? for|present for|something for|"
    r"do you (sell|have|carry|stock)|have you got|got any|any \w+s\b|i need|i want|price of|how much (is|are|does|do)|"
    r"in stock|how many|which|what (kind|sort|is the .* made|colou?rs?|lamps?|mugs?)|made of|tell me about|compare|"
    r"cheapest|cheap|best|available)\b",
    re.IGNORECASE,
)
_PRICE = r"\$?\s?(\d[\d,]*(?:\.\d{1,2})?)\s?(?:dollars?|usd|bucks)?"
_BETWEEN = re.compile(
    rf"\bbetween {_PRICE} (?:and|to) {_PRICE}|{_PRICE}\s?(?:-|–|to)\s?{_PRICE}(?=\s?(?:dollars|usd|$))", re.IGNORECASE
)
_BELOW = re.compile(
    rf"\b(?:under|below|less than|up to|at most|max(?:imum)?(?: of)?|cheaper than|no more than|within) {_PRICE}",
    re.IGNORECASE,
)
_ABOVE = re.compile(rf"\b(?:over|above|more than|at least|from|min(?:imum)?(?: of)?) \$?{_PRICE}", re.IGNORECASE)
_WORD = re.compile(r"[\w'&-]+")
_STOP_WORDS = frozenset(
    _WORD.findall(
        "a about add all also am an and any anything are at available bag basket best buy can carry cart cheap "
        "cheapest colour colours could cost costs do does dollars find for from get gift gifts give good got have "
        "help how i i'd i'll i'm in into is it item kind left like list look looking made many me much my need nice of "
        "on one order out people place please present price product products put recommend remove say sell shop show "
        "sort something stock suggest take tell thanks that the them there these thing things this to under want what "
        "what's which with would you your"
    )
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12}
_QUANTITY = re.compile(
    rf"\b(?:add|put|remove|take|buy(?: me)?|order me)\s+(\d{{1,2}}|{'|'.join(_NUMBERS)})\b(?!\s?(?:cm|l|mm|g|ml)\b)",
    re.IGNORECASE,
)


def parse_question(text: str) -> Question:
    """Return the interpretation of a question."""
    lowest, highest, rest = _prices(text)
    quantity = _QUANTITY.search(text)
    if quantity:
        rest = rest.replace(quantity[1], " ", 1)
    about = " ".join(word for word in _WORD.findall(rest) if word.lower() not in _STOP_WORDS)
    order_id = _ORDER_ID.search(text)
    return Question(
        intent=_intent(text, named_order=order_id is not None, priced=(lowest, highest) != (None, None)),
        text=text,
        about=about,
        order_id=order_id[0] if order_id else None,
        min_cents=lowest,
        max_cents=highest,
        change="REMOVE" if _OUT_OF_CART.search(text) else "ADD",
        quantity=_number(quantity[1]) if quantity else 1,
    )


def is_prompt_injection(text: str) -> bool:
    """Return whether a text tries to override the assistant's rules; such sentences are never quoted."""
    return bool(_PROMPT_INJECTION.search(text))


def _intent(text: str, *, named_order: bool, priced: bool) -> Intent:
    if is_prompt_injection(text) or _OTHERS.search(text):
        return Intent.DECLINE
    if named_order:
        return Intent.ONE_ORDER
    if _CART.search(text) or _OUT_OF_CART.search(text):
        return Intent.CART
    if _OWN_ORDERS.search(text) and not _POLICY.search(text):
        return Intent.OWN_ORDERS
    return Intent.PRODUCTS if priced or _PRODUCTS.search(text) else Intent.ANYTHING


def _prices(text: str) -> tuple[int | None, int | None, str]:
    if between := _BETWEEN.search(text):
        low, high = [group for group in between.groups() if group]
        return _cents(low), _cents(high), text.replace(between[0], " ")
    below, above = _BELOW.search(text), _ABOVE.search(text)
    rest = text
    for found in (below, above):
        rest = rest.replace(found[0], " ") if found else rest
    return _cents(above[1]) if above else None, _cents(below[1]) if below else None, rest


def _cents(number: str) -> int:
    whole, _, fraction = number.replace(",", "").partition(".")
    return int(whole) * 100 + int((fraction + "00")[:2])


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.lower()]
