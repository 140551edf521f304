"""Answers a question: retrieves passages, and lets the model answer and use tools for a limited number of rounds.

The text is streamed to the shopper, except prices that no source has named (``price_guard.py``). An answer is whole
only if the model itself has ended it.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from bus.invocation import CommandFailedError
from bus.log import logger
from bus.metric import count
from bus.settings import Settings
from schemas.websocket import Source, Usage
from services.chat.answer_sink import AnswerSink
from services.chat.domain import AnswerDraft, Ending, PromptMessage, ToolOutput, retrieval_query
from services.chat.price_guard import PriceGuard
from services.chat.prompt import Message, conversation_messages, system_prompt, tool_results_message
from services.chat.retrieval import HelpRetriever, RetrievedPassage
from services.chat.tools import Toolbox

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime.client import BedrockRuntimeClient

MAX_ROUNDS = 5
"""Calls of the model for one answer."""
MAX_TOOL_USES = 8
"""Uses of tools in one round."""
MAX_TOKENS = 900
"""Tokens that the model writes in one round."""
ANSWER_TIMEOUT_SECONDS = 50.0
"""Seconds for one answer: less than the timeout of its function, which can then still end it."""
SILENCE_SECONDS = 20
"""Seconds without data from the model, after which the call fails."""
_CITED = re.compile(r"\[(\d{1,2})\]")
_COMPLETE = {"end_turn", "stop_sequence", "guardrail_intervened"}
_THROTTLED = {"ThrottlingException", "throttlingException", "ServiceQuotaExceededException", "ModelNotReadyException"}


class ModelSettings(Settings):
    """The model, and the guardrail; the local stage has no guardrail."""

    model_id: str
    guardrail_id: str = ""
    guardrail_version: str = ""


class AnswerFailedError(Exception):
    """The answer could not be given, or not completely. The text is the message to the shopper.

    Attributes:
        code: stable code of the failure.
        status: the HTTP status that corresponds to it.
    """

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(slots=True)
class ModelResponse:
    """The model's response in one round.

    Attributes:
        text: the text.
        tool_uses: ``toolUse`` blocks by their index, with the input as JSON text.
        stop_reason: why the model stopped; empty until it has.
    """

    text: str = ""
    tool_uses: dict[int, dict[str, Any]] = field(default_factory=dict)
    stop_reason: str = ""

    def message(self) -> Message:
        """Return the response as a message of the conversation."""
        content: list[dict[str, Any]] = [{"text": self.text}] if self.text.strip() else []
        content += [{"toolUse": {**use, "input": _parse_input(use["input"])}} for use in self.tool_uses.values()]
        return {"role": "assistant", "content": content}


class Assistant:
    """The assistant.

    Parameters:
        bedrock: the client of bedrock-runtime.
        retriever: the help documents.
        settings: model and guardrail.
        clock: monotonic time in seconds; replaced in tests.
    """

    def __init__(
        self,
        bedrock: "BedrockRuntimeClient",
        retriever: HelpRetriever,
        settings: ModelSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bedrock = bedrock
        self._retriever = retriever
        self._settings = settings
        self._clock = clock

    def answer(
        self,
        question: str,
        history: Sequence[PromptMessage],
        toolbox: Toolbox,
        sink: AnswerSink,
        draft: AnswerDraft,
        *,
        signed_in: bool,
    ) -> None:
        """Answer a question.

        Parameters:
            question: the question as the shopper wrote it.
            history: the conversation before it.
            toolbox: the tools of this answer.
            sink: receives the answer.
            draft: is filled while the answer is given; its ending is WHOLE if the answer is complete.
            signed_in: whether the user is a shopper.

        Raises:
            AnswerFailedError: the model, the knowledge base or another service fails.
        """
        deadline = self._clock() + ANSWER_TIMEOUT_SECONDS
        passages = self._retrieve(question, history)
        price_guard = PriceGuard([question, *(each.text for each in passages), *(each.text for each in history)])
        messages = conversation_messages(history, question, passages, guarded=self._guarded)
        stream = _AnswerStream(draft, sink, price_guard, passages)
        for _ in range(MAX_ROUNDS):
            response = self._call_model(messages, toolbox, stream, deadline, signed_in=signed_in)
            if response.stop_reason != "tool_use":
                stream.end()
                if response.stop_reason not in _COMPLETE:
                    raise AnswerFailedError("CUT", "The answer became too long and was cut. Ask for a part of it.", 500)
                draft.ending = Ending.WHOLE
                return
            uses = response.tool_uses.values()
            results = [self._run_tool(use, number, toolbox, stream) for number, use in enumerate(uses)]
            stream.end_paragraph()
            messages = [*messages, response.message(), tool_results_message(results, guarded=self._guarded)]
        stream.end()
        raise AnswerFailedError("TOO_MANY_STEPS", "I could not find an end to that. Please ask in smaller steps.", 500)

    @property
    def _guarded(self) -> bool:
        return bool(self._settings.guardrail_id)

    def _retrieve(self, question: str, history: Sequence[PromptMessage]) -> Sequence[RetrievedPassage]:
        try:
            return self._retriever.retrieve(retrieval_query(question, history))
        except (BotoCoreError, ClientError) as error:
            raise _failure(error) from error

    def _call_model(
        self, messages: list[Message], toolbox: Toolbox, stream: "_AnswerStream", deadline: float, *, signed_in: bool
    ) -> ModelResponse:
        response = ModelResponse()
        try:
            answer = self._bedrock.converse_stream(**self._request(messages, toolbox, signed_in=signed_in))
            # Closed also if the shopper stops the answer: tokens that the model still writes are charged.
            with closing(answer["stream"]) as events:
                for event in events:
                    if self._clock() > deadline:
                        raise AnswerFailedError("SLOW", "That takes too long today. Please try again.", 504)
                    _apply(dict(event), response, stream)
        except (BotoCoreError, ClientError, HTTPError, ParserError) as error:
            stream.end()
            raise _failure(error) from error
        if not response.stop_reason:
            stream.end()
            raise _broken()
        return response

    def _request(self, messages: list[Message], toolbox: Toolbox, *, signed_in: bool) -> Any:
        request: dict[str, Any] = {
            "modelId": self._settings.model_id,
            "system": system_prompt(signed_in=signed_in),
            "messages": messages,
            "inferenceConfig": {"maxTokens": MAX_TOKENS, "temperature": 0.2},
            "toolConfig": {"tools": toolbox.specifications()},
        }
        if self._guarded:
            request["guardrailConfig"] = {
                "guardrailIdentifier": self._settings.guardrail_id,
                "guardrailVersion": self._settings.guardrail_version,
                # The guardrail reads text before it is streamed to the shopper.
                "streamProcessingMode": "sync",
            }
        return request

    def _run_tool(
        self, use: dict[str, Any], number: int, toolbox: Toolbox, stream: "_AnswerStream"
    ) -> tuple[str, ToolOutput, bool]:
        if number >= MAX_TOOL_USES:
            return use["toolUseId"], {"error": "too many uses at once"}, False
        stream.sink.send_working(use["name"])
        try:
            result = toolbox.run(use["name"], _parse_input(use["input"]))
        except (BotoCoreError, ClientError, CommandFailedError) as error:
            logger.exception("a tool failed", tool=use["name"])
            stream.end()
            raise AnswerFailedError("UNAVAILABLE", "I cannot look that up right now. Please try again.", 503) from error
        stream.price_guard.allow(json.dumps(result.output, ensure_ascii=False))
        stream.draft.product_ids = list(toolbox.shown_products)
        return use["toolUseId"], result.output, result.succeeded


class _AnswerStream:
    """The text of an answer on its way to the shopper."""

    def __init__(
        self, draft: AnswerDraft, sink: AnswerSink, price_guard: PriceGuard, passages: Sequence[RetrievedPassage]
    ) -> None:
        self.draft = draft
        self.sink = sink
        self.price_guard = price_guard
        self._passages = passages

    def write(self, piece: str) -> None:
        self._send(self.price_guard.feed(piece))

    def end_paragraph(self) -> None:
        """Separate the text before a use of tools from the text after it."""
        self._send(self.price_guard.flush())
        if self.draft.text and not self.draft.text.endswith("\n"):
            self._send("\n\n")

    def end(self) -> None:
        """Send the text that was held back, and the sources that the answer cites."""
        self._send(self.price_guard.flush())
        if self.price_guard.removed:
            logger.warning("prices removed that no source has named", prices=self.price_guard.removed)
            count("PricesLeftOut")
        passages = {passage.number: passage for passage in self._passages}
        cited = dict.fromkeys(int(number) for number in _CITED.findall(self.draft.text))
        self.draft.sources = [
            Source(number=number, title=passages[number].title, uri=passages[number].uri)
            for number in cited
            if number in passages
        ]
        if self.draft.sources:
            self.sink.send_sources(self.draft.sources)

    def _send(self, text: str) -> None:
        if text:
            self.draft.text += text
            self.sink.send_text(text)


def _apply(event: dict[str, Any], response: ModelResponse, stream: _AnswerStream) -> None:
    """Apply an event of ConverseStream to the response of this round and to the answer."""
    match event:
        case {"contentBlockStart": {"start": {"toolUse": use}, "contentBlockIndex": index}}:
            response.tool_uses[index] = {"toolUseId": use["toolUseId"], "name": use["name"], "input": ""}
        case {"contentBlockDelta": {"delta": {"toolUse": {"input": piece}}, "contentBlockIndex": index}}:
            response.tool_uses[index]["input"] += piece
        case {"contentBlockDelta": {"delta": {"text": piece}}}:
            response.text += piece
            stream.write(piece)
        case {"messageStop": {"stopReason": reason}}:
            response.stop_reason = reason
        case {"metadata": {"usage": used}}:
            stream.draft.usage += Usage(input_tokens=used["inputTokens"], output_tokens=used["outputTokens"])


def _parse_input(text: str) -> object:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def _broken() -> AnswerFailedError:
    return AnswerFailedError("BROKEN", "The answer broke off. Please ask again.", 502)


def _failure(error: Exception) -> AnswerFailedError:
    """Return the error for the shopper of a failure of Bedrock."""
    logger.warning("Bedrock failed", reason=repr(error))
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    if code in _THROTTLED:
        return AnswerFailedError("BUSY", "Many people are asking right now. Please try again in a moment.", 503)
    if isinstance(error, HTTPError | ParserError) or code in ("modelStreamErrorException", "internalServerException"):
        return _broken()
    return AnswerFailedError("UNAVAILABLE", "The assistant cannot be reached right now. Please try again later.", 503)
