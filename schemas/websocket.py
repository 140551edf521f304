"""The messages of the chat's WebSocket, in both directions: the contract of the shop in the browser and the service.

``schemas/chat/`` has their JSON Schema and TypeScript types; ``make schemas`` writes both anew. What is sent has all of
its fields: one without a value is null.
"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from schemas.contract import Contract, Identifier, Money, Timestamp
from schemas.text import LINES

MAX_TEXT = 2000
"""Characters of a question."""

ConversationId = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""A UUID. For a visitor without an account it is also what opens the conversation, so it is not to be guessed."""


class SendMessage(Contract):
    """A question. Without a conversation it begins one, whose id comes with every message about it."""

    action: Literal["sendMessage"]
    conversation_id: ConversationId | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT), LINES]


class Confirm(Contract):
    """The shopper's decision on a proposal."""

    action: Literal["confirm"]
    proposal_id: Identifier
    accept: bool


class Stop(Contract):
    """End the answer that is being given on this connection. It ends with ``done``, marked as stopped."""

    action: Literal["stop"]


class ReadHistory(Contract):
    """Ask for what was said in a conversation."""

    action: Literal["history"]
    conversation_id: ConversationId


class Ping(Contract):
    """Keep the connection open: it is cut after ten silent minutes, and after two hours in any case."""

    action: Literal["ping"]


Incoming = Annotated[SendMessage | Confirm | Stop | ReadHistory | Ping, Field(discriminator="action")]


class Sent(Contract):
    """What the service sends: its schema asks for every field, as every one is there."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Card(Sent):
    """A product as the catalog shows it, and how many units inventory has, at the moment it was sent."""

    product_id: Identifier
    name: str
    brand: str = ""
    category: str
    price: Money
    compare_at_price: Money | None = None
    image_url: str
    available: int = Field(ge=0)


class Source(Sent):
    """A document of the shop that an answer rests on."""

    number: int = Field(ge=1, description="The answer's text refers to it by this number in brackets.")
    title: str
    uri: str = Field(description="A path of the shop.")


class Usage(Sent):
    """What an answer took of the model."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Return both together."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )

    @property
    def total(self) -> int:
        """All tokens, read and written."""
        return self.input_tokens + self.output_tokens


class Change(Sent):
    """A change of the cart that the assistant proposes."""

    change: Literal["ADD", "SET", "REMOVE"]
    product_id: Identifier
    quantity: int = Field(default=1, ge=1, le=99)


class Working(Sent):
    """The question has arrived, or the assistant looks something up: there is more to come."""

    type: Literal["working"] = "working"
    conversation_id: ConversationId
    tool: str | None = Field(default=None, description="What it uses, such as ``search_products``.")


class Delta(Sent):
    """The next piece of the answer's text, in Markdown without HTML."""

    type: Literal["delta"] = "delta"
    conversation_id: ConversationId
    text: str


class Products(Sent):
    """Products that the assistant has found."""

    type: Literal["products"] = "products"
    conversation_id: ConversationId
    items: list[Card]


class Sources(Sent):
    """What the answer rests on, in the order in which it refers to it."""

    type: Literal["sources"] = "sources"
    conversation_id: ConversationId
    items: list[Source]


class Proposal(Sent):
    """Something that is done only if the shopper confirms it, which they can for a quarter of an hour."""

    type: Literal["proposal"] = "proposal"
    conversation_id: ConversationId
    proposal_id: Identifier
    tool: Literal["propose_cart_change"] = "propose_cart_change"
    arguments: Change
    summary: str = Field(description="What will be done, in a sentence of ours.")
    expires_at: Timestamp


ProposalStatus = Literal["ACCEPTED", "DECLINED", "REFUSED", "EXPIRED"]


class Outcome(Sent):
    """What became of a proposal after the shopper's decision."""

    type: Literal["outcome"] = "outcome"
    conversation_id: ConversationId
    proposal_id: Identifier
    status: ProposalStatus
    message: str
    code: str | None = Field(default=None, description="With REFUSED: why, such as OUT_OF_STOCK.")


class Done(Sent):
    """The answer is complete, or was stopped."""

    type: Literal["done"] = "done"
    conversation_id: ConversationId
    usage: Usage
    model: str = Field(description="Who answered. ``local-demo`` is no language model, and is to be shown as such.")
    stopped: bool = False


class Failure(Sent):
    """Something was not done, and why; the conversation goes on."""

    type: Literal["error"] = "error"
    conversation_id: ConversationId | None = None
    code: str
    message: str = Field(description="For the shopper.")
    status: int = Field(description="As HTTP would have it: 429 for too many questions.")
    retry_after_seconds: int | None = None


class OrderMoved(Sent):
    """An order of the shopper moved. ``data`` is that of the event of this name, without the user's id."""

    type: Literal["event"] = "event"
    conversation_id: None = None
    event_id: Identifier = Field(description="The same event may come twice.")
    detail_type: str
    message: str = Field(description="What happened, in a sentence.")
    data: dict[str, Any]


class Turn(Sent):
    """Something that was said in a conversation."""

    role: Literal["shopper", "assistant", "event"]
    at: Timestamp
    text: str
    whole: bool = Field(default=True, description="False where the answer broke off or was stopped.")
    products: list[Card] = Field(default=[], description="At today's prices.")
    sources: list[Source] = []


class History(Sent):
    """What was said in a conversation, the oldest first."""

    type: Literal["history"] = "history"
    conversation_id: ConversationId
    turns: list[Turn]


class Pong(Sent):
    """The connection is open."""

    type: Literal["pong"] = "pong"


Outgoing = Annotated[
    Working | Delta | Products | Sources | Proposal | Outcome | Done | Failure | OrderMoved | History | Pong,
    Field(discriminator="type"),
]

incoming: TypeAdapter[SendMessage | Confirm | Stop | ReadHistory | Ping] = TypeAdapter(Incoming)
