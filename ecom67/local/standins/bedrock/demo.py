"""The local demo: answers with sentences of the documents and with what tools return, and with nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ecom67.local.standins.bedrock.documents import Passage, passages_of, sentences_of
from ecom67.local.standins.bedrock.question import Kind, Question, is_attack, understood
from ecom67.local.standins.bedrock.ranking import Ranking, words_of
from ecom67.local.standins.bedrock.request import Request, Used

SHORT = 3
"""A passage of so many sentences is quoted whole."""
_LEANING = re.compile(r"\s*(and|or|but|what about|how about|also|then|why|same)\b", re.IGNORECASE)
LISTED = 4
"""Products that are named in the text; the cards show all."""

LABEL = "*Local demo: put together from the shop's own texts. No language model is running.*"
DECLINED = "I can only help with this shop: its products, your orders, delivery, returns and payment."
UNKNOWN = (
    "I have no answer to that in the shop's documents or among its products. Our staff can help: help@ecom67.example."
)
NOTHING = "I found nothing in the shop that fits."
SIGN_IN = "Please sign in, then I can look at your orders and propose changes of your cart."
NO_ORDER = "I find no such order of yours."
NO_ORDERS = "You have not ordered anything yet."


@dataclass(frozen=True, slots=True)
class Use:
    """A tool to be used."""

    name: str
    given: dict[str, Any]


Reply = str | Use
"""Text, which ends the answer, or the use of a tool."""


class Demo:
    """The demo.

    Parameters:
        ranking: compares questions with sentences.
    """

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking

    def reply(self, request: Request) -> Reply:
        """Return what it says to a request."""
        question = understood(request.question)
        reply = self._after(request.used[-1], request, question) if request.used else self._first(request, question)
        return f"{reply}\n\n{LABEL}" if isinstance(reply, str) and request.is_first else reply

    def _first(self, request: Request, question: Question) -> Reply:
        certain = self._nearest(request) >= self._ranking.nearness.certain
        match question.kind:
            case Kind.DECLINE:
                return DECLINED
            case Kind.ONE_ORDER:
                return self._if_offered(request, Use("get_order", {"orderId": question.order_id}))
            case Kind.OWN_ORDERS:
                return self._if_offered(request, Use("list_orders", {"limit": 3}))
            case Kind.CART if "propose_cart_change" not in request.tools:
                return SIGN_IN
            case Kind.CART:
                return _search(question)
            case Kind.PRODUCTS if question.names_a_price or not certain:
                return _search(question)
            case Kind.PRODUCTS | Kind.ANYTHING:
                return self._quoted(request) or _search(question)

    def _if_offered(self, request: Request, use: Use) -> Reply:
        return use if use.name in request.tools else SIGN_IN

    def _after(self, used: Used, request: Request, question: Question) -> Reply:
        match used.name:
            case "search_products":
                return self._found(used.result, request, question)
            case "propose_cart_change":
                return _proposed(used)
            case "get_order":
                return _order(used.result["order"]) if used.well else NO_ORDER
            case "list_orders":
                return "\n\n".join(map(_order, used.result["orders"])) or NO_ORDERS
        return UNKNOWN

    def _found(self, result: dict[str, Any], request: Request, question: Question) -> Reply:
        products: list[dict[str, Any]] = result.get("products", [])
        named = [product for product in products if _is_named(product, question)]
        if question.kind is Kind.CART:
            return _propose(named or products, question)
        if question.kind is Kind.ANYTHING and not named:
            return UNKNOWN
        if not products and not question.names_a_price and self._nearest(request) >= self._ranking.nearness.likely:
            return self._quoted(request) or NOTHING
        if len(named) == 1:
            return self._about(named[0], question)
        if not products:
            meant = result.get("didYouMean")
            return f"{NOTHING} Did you mean {meant}?" if meant else NOTHING
        lines = [f"- **{each['name']}** ({each['brand']}), {each['price']}, {_stock(each)}" for each in products]
        return "\n".join(["This is what the shop has:", *lines[:LISTED]])

    def _about(self, product: dict[str, Any], question: Question) -> str:
        head = f"**{product['name']}** ({product['brand']}) costs {product['price']}, {_stock(product)}."
        facts = ", ".join(f"{name} {value}" for name, value in product["attributes"].items() if not is_attack(value))
        sentences = [text for text in sentences_of(product["description"]) if not is_attack(text)]
        scores = self._ranking.scores(question.text, sentences)
        nearest = max(zip(scores, sentences, strict=True), default=(0.0, ""))[1]
        return " ".join(filter(None, [head, nearest, f"({facts.capitalize()}.)" if facts else ""]))

    def _nearest(self, request: Request) -> float:
        return max(
            self._scored(request, [probe for passage, _ in _passages(request) for probe in passage.probes]), default=0
        )

    def _scored(self, request: Request, probes: Sequence[str]) -> list[float]:
        return self._ranking.scores(_query(request), probes)

    def _quoted(self, request: Request) -> str | None:
        """Return what the nearest passage says about the question, with its number; None where none is near."""
        best: tuple[float, Passage, int] | None = None
        for passage, number in _passages(request):
            score = max(self._scored(request, passage.probes), default=0.0)
            if best is None or score > best[0]:
                best = (score, passage, number)
        if best is None or best[0] < self._ranking.nearness.floor:
            return None
        _, passage, number = best
        sentences = sentences_of(passage.text)
        scores = self._scored(request, passage.probes)
        floor = 0.0 if len(sentences) <= SHORT else max(scores) - 0.15
        chosen = [text for text, score in zip(sentences, scores, strict=True) if score >= floor and not is_attack(text)]
        return f"{' '.join(chosen[:SHORT])} [{number}]" if chosen else None


def _query(request: Request) -> str:
    # As the chat itself asks the documents.
    leans = _LEANING.match(request.question) or len(request.question.split()) <= 2
    return f"{request.before[-1]}\n{request.question}" if leans and request.before else request.question


def _passages(request: Request) -> list[tuple[Passage, int]]:
    return [
        (passage, document.number)
        for document in request.documents
        for passage in passages_of(document.text, "", {"title": document.title})
    ]


def _search(question: Question) -> Use:
    given: dict[str, Any] = {"query": question.about}
    if question.min_cents is not None:
        given["minPriceCents"] = question.min_cents
    if question.max_cents is not None:
        given["maxPriceCents"] = question.max_cents
    # Of a thing that is named one wants to know that it is sold out; of a kind of things one wants those there are.
    given["inStockOnly"] = question.names_a_price
    return Use("search_products", given)


def _propose(products: list[dict[str, Any]], question: Question) -> Reply:
    if not products:
        return NOTHING
    given = {"change": question.change, "productId": products[0]["productId"], "quantity": question.quantity}
    return Use("propose_cart_change", given)


def _proposed(used: Used) -> str:
    if not used.well:
        return str(used.result["error"])
    return f"{used.result['proposed']}? Press the button to confirm. Nothing happens before."


def _is_named(product: dict[str, Any], question: Question) -> bool:
    """Say whether the question names a product: the words of its name are in it, but for what is behind a comma."""
    name = set(words_of(product["name"].partition(",")[0]))
    return bool(name) and name <= set(words_of(question.text))


def _stock(product: dict[str, Any]) -> str:
    return f"{product['inStock']} in stock" if product["inStock"] else "sold out at the moment"


def _order(order: dict[str, Any]) -> str:
    lines = ", ".join(f"{line['quantity']} × {line['name']}" for line in order["lines"])
    text = f"Order **{order['orderId']}** of {order['placedAt'][:10]} is {order['status'].lower()}: {lines}, "
    text += f"{order['total']} in all."
    if shipment := order.get("shipment"):
        text += f" It travels with {shipment['carrier']}, tracking number {shipment['trackingNumber']}."
    if refunded := order.get("refunded"):
        text += f" {refunded} of it were refunded."
    return text
