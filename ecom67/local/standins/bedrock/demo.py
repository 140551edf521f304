"""The demo model: answers with sentences of the documents and with results of tools only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ecom67.local.standins.bedrock.documents import Section, sections_of, sentences_of
from ecom67.local.standins.bedrock.question import Intent, Question, is_prompt_injection, parse_question
from ecom67.local.standins.bedrock.ranking import Ranking, words_of
from ecom67.local.standins.bedrock.request import CompletedToolUse, ConverseRequest

SHORT_SECTION = 3
"""A section of at most this many sentences is quoted completely."""
_FOLLOW_UP = re.compile(r"\s*(and|or|but|what about|how about|also|then|why|same)\b", re.IGNORECASE)
MAX_LISTED = 4
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
class ToolUse:
    """A request to use a tool."""

    name: str
    arguments: dict[str, Any]


Reply = str | ToolUse
"""Text, which ends the answer, or a tool use."""


class DemoModel:
    """The demo model.

    Parameters:
        ranking: compares questions with sentences.
    """

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking

    def reply(self, request: ConverseRequest) -> Reply:
        """Return the reply to a request."""
        question = parse_question(request.question)
        reply = (
            self._after_tool(request.tool_results[-1], request, question)
            if request.tool_results
            else self._first(request, question)
        )
        return f"{reply}\n\n{LABEL}" if isinstance(reply, str) and request.is_first else reply

    def _first(self, request: ConverseRequest, question: Question) -> Reply:
        certain = self._best_score(request) >= self._ranking.thresholds.certain
        match question.intent:
            case Intent.DECLINE:
                return DECLINED
            case Intent.ONE_ORDER:
                return self._if_offered(request, ToolUse("get_order", {"orderId": question.order_id}))
            case Intent.OWN_ORDERS:
                return self._if_offered(request, ToolUse("list_orders", {"limit": 3}))
            case Intent.CART if "propose_cart_change" not in request.tools:
                return SIGN_IN
            case Intent.CART:
                return _search(question)
            case Intent.PRODUCTS if question.names_a_price or not certain:
                return _search(question)
            case Intent.PRODUCTS | Intent.ANYTHING:
                return self._quote(request) or _search(question)

    def _if_offered(self, request: ConverseRequest, use: ToolUse) -> Reply:
        return use if use.name in request.tools else SIGN_IN

    def _after_tool(self, used: CompletedToolUse, request: ConverseRequest, question: Question) -> Reply:
        match used.name:
            case "search_products":
                return self._products_reply(used.output, request, question)
            case "propose_cart_change":
                return _proposal_reply(used)
            case "get_order":
                return _order(used.output["order"]) if used.succeeded else NO_ORDER
            case "list_orders":
                return "\n\n".join(map(_order, used.output["orders"])) or NO_ORDERS
        return UNKNOWN

    def _products_reply(self, result: dict[str, Any], request: ConverseRequest, question: Question) -> Reply:
        products: list[dict[str, Any]] = result.get("products", [])
        named = [product for product in products if _is_named(product, question)]
        if question.intent is Intent.CART:
            return _propose(named or products, question)
        if question.intent is Intent.ANYTHING and not named:
            return UNKNOWN
        if not products and not question.names_a_price and self._best_score(request) >= self._ranking.thresholds.likely:
            return self._quote(request) or NOTHING
        if len(named) == 1:
            return self._describe(named[0], question)
        if not products:
            meant = result.get("didYouMean")
            return f"{NOTHING} Did you mean {meant}?" if meant else NOTHING
        lines = [f"- **{each['name']}** ({each['brand']}), {each['price']}, {_stock(each)}" for each in products]
        return "\n".join(["This is what the shop has:", *lines[:MAX_LISTED]])

    def _describe(self, product: dict[str, Any], question: Question) -> str:
        head = f"**{product['name']}** ({product['brand']}) costs {product['price']}, {_stock(product)}."
        facts = ", ".join(
            f"{name} {value}" for name, value in product["attributes"].items() if not is_prompt_injection(value)
        )
        sentences = [text for text in sentences_of(product["description"]) if not is_prompt_injection(text)]
        scores = self._ranking.scores(question.text, sentences)
        nearest = max(zip(scores, sentences, strict=True), default=(0.0, ""))[1]
        return " ".join(filter(None, [head, nearest, f"({facts.capitalize()}.)" if facts else ""]))

    def _best_score(self, request: ConverseRequest) -> float:
        return max(
            self._scores(request, [text for section, _ in _sections(request) for text in section.comparison_texts]),
            default=0,
        )

    def _scores(self, request: ConverseRequest, comparison_texts: Sequence[str]) -> list[float]:
        return self._ranking.scores(_query(request), comparison_texts)

    def _quote(self, request: ConverseRequest) -> str | None:
        """Return the nearest section's sentences about the question, with its number; None where no section is near."""
        best: tuple[float, Section, int] | None = None
        for section, number in _sections(request):
            score = max(self._scores(request, section.comparison_texts), default=0.0)
            if best is None or score > best[0]:
                best = (score, section, number)
        if best is None or best[0] < self._ranking.thresholds.floor:
            return None
        _, section, number = best
        sentences = sentences_of(section.text)
        scores = self._scores(request, section.comparison_texts)
        floor = 0.0 if len(sentences) <= SHORT_SECTION else max(scores) - 0.15
        chosen = [
            text
            for text, score in zip(sentences, scores, strict=True)
            if score >= floor and not is_prompt_injection(text)
        ]
        return f"{' '.join(chosen[:SHORT_SECTION])} [{number}]" if chosen else None


def _query(request: ConverseRequest) -> str:
    # A follow-up question is combined with the previous one, as the chat itself does for Retrieve.
    is_follow_up = _FOLLOW_UP.match(request.question) or len(request.question.split()) <= 2
    return (
        f"{request.previous_questions[-1]}\n{request.question}"
        if is_follow_up and request.previous_questions
        else request.question
    )


def _sections(request: ConverseRequest) -> list[tuple[Section, int]]:
    return [
        (section, document.number)
        for document in request.documents
        for section in sections_of(document.text, "", {"title": document.title})
    ]


def _search(question: Question) -> ToolUse:
    arguments: dict[str, Any] = {"query": question.about}
    if question.min_cents is not None:
        arguments["minPriceCents"] = question.min_cents
    if question.max_cents is not None:
        arguments["maxPriceCents"] = question.max_cents
    # For a named product, sold out is an answer; for a price range, only products in stock are useful.
    arguments["inStockOnly"] = question.names_a_price
    return ToolUse("search_products", arguments)


def _propose(products: list[dict[str, Any]], question: Question) -> Reply:
    if not products:
        return NOTHING
    arguments = {"change": question.change, "productId": products[0]["productId"], "quantity": question.quantity}
    return ToolUse("propose_cart_change", arguments)


def _proposal_reply(result: CompletedToolUse) -> str:
    if not result.succeeded:
        return str(result.output["error"])
    return f"{result.output['proposed']}? Press the button to confirm. Nothing happens before."


def _is_named(product: dict[str, Any], question: Question) -> bool:
    """Return whether the question contains the product's name, up to a comma in it."""
    name = set(words_of(product["name"].partition(",")[0]))
    return bool(name) and name <= set(words_of(question.text))


def _stock(product: dict[str, Any]) -> str:
    return f"{product['inStock']} in stock" if product["inStock"] else "sold out at the moment"


def _order(order: dict[str, Any]) -> str:
    lines = ", ".join(f"{line['quantity']} × {line['name']}" for line in order["lines"])
    text = f"Order **{order['orderNumber']}** of {order['placedAt'][:10]} is {order['status'].lower()}: {lines}, "
    text += f"{order['total']} in all."
    if shipment := order.get("shipment"):
        text += f" It travels with {shipment['carrier']}, tracking number {shipment['trackingNumber']}."
    if refunded := order.get("refunded"):
        text += f" {refunded} of it were refunded."
    return text
