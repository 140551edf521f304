"""Answers a question: retrieves, lets the model speak and use tools for a bounded number of rounds, and checks it.

The text is passed on as it comes, but for prices that nobody has told (``figures.py``). An answer is whole
only where the model itself has said that it ends.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from bus.invocation import CommandFailedError
from bus.log import logger
from bus.metric import count
from bus.settings import Settings
from schemas.websocket import Source, Usage
from services.chat.domain import Answer, Document, Ending, Said, query_of
from services.chat.price_guard import Figures
from services.chat.prompt import Message, messages_of, results_of, system_of
from services.chat.retrieval import Knowledge, Passage
from services.chat.tools import Toolbox

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime.client import BedrockRuntimeClient

MAX_ROUNDS = 5
"""How often the model is asked for one answer."""
MAX_USES = 8
"""Of tools, in one round."""
MAX_TOKENS = 900
"""Of one round."""
PATIENCE_SECONDS = 50.0
"""For one answer, so that its function ends it in order."""
SLOW_SECONDS = 20
"""Of silence from the model."""
_CITED = re.compile(r"\[(\d{1,2})\]")
_ENDS = {"end_turn", "stop_sequence", "guardrail_intervened"}
_THROTTLED = {"ThrottlingException", "throttlingException", "ServiceQuotaExceededException", "ModelNotReadyException"}


class ModelSettings(Settings):
    """Which model answers, and which guardrail reads along; without one on the local stage."""

    model_id: str
    guardrail_id: str = ""
    guardrail_version: str = ""


class Voice(Protocol):
    """Tells the shopper."""

    def working(self, tool: str) -> None:
        """Say that something is looked up."""

    def text(self, piece: str) -> None:
        """Say the next piece."""

    def sources(self, sources: Sequence[Source]) -> None:
        """Say what it rests on."""


class UnansweredError(Exception):
    """The answer was not given, or not to its end.

    Attributes:
        code: stable name of what went wrong.
        status: as HTTP would have it.
    """

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(slots=True)
class Round:
    """What the model said in one round."""

    text: str = ""
    uses: dict[int, dict[str, Any]] = field(default_factory=dict)
    stop_reason: str = ""

    def message(self) -> Message:
        """Return it as a message of the conversation."""
        content: list[dict[str, Any]] = [{"text": self.text}] if self.text.strip() else []
        content += [{"toolUse": {**use, "input": _input(use["input"])}} for use in self.uses.values()]
        return {"role": "assistant", "content": content}


class Assistant:
    """The assistant.

    Parameters:
        bedrock: the client of bedrock-runtime.
        knowledge: the help documents.
        settings: model and guardrail.
        clock: seconds that only go up; replaced in tests.
    """

    def __init__(
        self,
        bedrock: "BedrockRuntimeClient",
        knowledge: Knowledge,
        settings: ModelSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bedrock = bedrock
        self._knowledge = knowledge
        self._settings = settings
        self._clock = clock

    def answer(
        self, question: str, said: Sequence[Said], toolbox: Toolbox, voice: Voice, answer: Answer, *, signed_in: bool
    ) -> None:
        """Answer a question.

        Parameters:
            question: as the shopper wrote it.
            said: what was said before.
            toolbox: the tools of this answer.
            voice: tells the shopper.
            answer: is filled as it comes about, with what it took, and says in the end whether it is whole.
            signed_in: whether the caller is a shopper.

        Raises UnansweredError where the model, the documents or a service fail, and what the voice raises.
        """
        deadline = self._clock() + PATIENCE_SECONDS
        passages = self._passages(question, said)
        figures = Figures([question, *(passage.text for passage in passages), *(each.text for each in said)])
        messages = messages_of(said, question, passages, guarded=self._guarded)
        talk = _Talk(answer, voice, figures, passages)
        for _ in range(MAX_ROUNDS):
            spoken = self._round(messages, toolbox, talk, deadline, signed_in=signed_in)
            if spoken.stop_reason != "tool_use":
                talk.end()
                if spoken.stop_reason not in _ENDS:
                    raise UnansweredError("CUT", "The answer became too long and was cut. Ask for a part of it.", 500)
                answer.ending = Ending.WHOLE
                return
            told = [self._used(use, at, toolbox, talk) for at, use in enumerate(spoken.uses.values())]
            talk.pause()
            messages = [*messages, spoken.message(), results_of(told, guarded=self._guarded)]
        talk.end()
        raise UnansweredError("TOO_MANY_STEPS", "I could not find an end to that. Please ask in smaller steps.", 500)

    @property
    def _guarded(self) -> bool:
        return bool(self._settings.guardrail_id)

    def _passages(self, question: str, said: Sequence[Said]) -> Sequence[Passage]:
        try:
            return self._knowledge.about(query_of(question, said))
        except (BotoCoreError, ClientError) as error:
            raise _failure(error) from error

    def _round(
        self, messages: list[Message], toolbox: Toolbox, talk: "_Talk", deadline: float, *, signed_in: bool
    ) -> Round:
        spoken = Round()
        try:
            answer = self._bedrock.converse_stream(**self._request(messages, toolbox, signed_in=signed_in))
            # Closed also where the shopper stops it: the model is paid for what it goes on to say.
            with closing(answer["stream"]) as stream:
                for event in stream:
                    if self._clock() > deadline:
                        raise UnansweredError("SLOW", "That takes too long today. Please try again.", 504)
                    _note(dict(event), spoken, talk)
        except (BotoCoreError, ClientError, HTTPError, ParserError) as error:
            talk.end()
            raise _failure(error) from error
        if not spoken.stop_reason:
            talk.end()
            raise _broken()
        return spoken

    def _request(self, messages: list[Message], toolbox: Toolbox, *, signed_in: bool) -> Any:
        request: dict[str, Any] = {
            "modelId": self._settings.model_id,
            "system": system_of(signed_in=signed_in),
            "messages": messages,
            "inferenceConfig": {"maxTokens": MAX_TOKENS, "temperature": 0.2},
            "toolConfig": {"tools": toolbox.specifications()},
        }
        if self._guarded:
            request["guardrailConfig"] = {
                "guardrailIdentifier": self._settings.guardrail_id,
                "guardrailVersion": self._settings.guardrail_version,
                # Nothing reaches the shopper that the guardrail has not read.
                "streamProcessingMode": "sync",
            }
        return request

    def _used(self, use: dict[str, Any], at: int, toolbox: Toolbox, talk: "_Talk") -> tuple[str, Document, bool]:
        if at >= MAX_USES:
            return use["toolUseId"], {"error": "too many uses at once"}, False
        talk.voice.working(use["name"])
        try:
            result = toolbox.use(use["name"], _input(use["input"]))
        except (BotoCoreError, ClientError, CommandFailedError) as error:
            logger.exception("a tool failed", tool=use["name"])
            talk.end()
            raise UnansweredError("UNAVAILABLE", "I cannot look that up right now. Please try again.", 503) from error
        talk.figures.learn(json.dumps(result.document, ensure_ascii=False))
        talk.answer.product_ids = list(toolbox.shown_products)
        return use["toolUseId"], result.document, result.well


class _Talk:
    """The text of an answer on its way to the shopper."""

    def __init__(self, answer: Answer, voice: Voice, figures: Figures, passages: Sequence[Passage]) -> None:
        self.answer = answer
        self.voice = voice
        self.figures = figures
        self._passages = passages

    def say(self, piece: str) -> None:
        self._out(self.figures.pass_on(piece))

    def pause(self) -> None:
        """Part what is said before a tool is used from what is said after it."""
        self._out(self.figures.rest())
        if self.answer.text and not self.answer.text.endswith("\n"):
            self._out("\n\n")

    def end(self) -> None:
        """Say what was held back, and what the answer rests on."""
        self._out(self.figures.rest())
        if self.figures.left_out:
            logger.warning("prices left out that nobody has told", prices=self.figures.left_out)
            count("PricesLeftOut")
        known = {passage.number: passage for passage in self._passages}
        cited = dict.fromkeys(int(number) for number in _CITED.findall(self.answer.text))
        self.answer.sources = [
            Source(number=number, title=known[number].title, uri=known[number].uri)
            for number in cited
            if number in known
        ]
        if self.answer.sources:
            self.voice.sources(self.answer.sources)

    def _out(self, text: str) -> None:
        if text:
            self.answer.text += text
            self.voice.text(text)


def _note(event: dict[str, Any], spoken: Round, talk: _Talk) -> None:
    match event:
        case {"contentBlockStart": {"start": {"toolUse": use}, "contentBlockIndex": at}}:
            spoken.uses[at] = {"toolUseId": use["toolUseId"], "name": use["name"], "input": ""}
        case {"contentBlockDelta": {"delta": {"toolUse": {"input": piece}}, "contentBlockIndex": at}}:
            spoken.uses[at]["input"] += piece
        case {"contentBlockDelta": {"delta": {"text": piece}}}:
            spoken.text += piece
            talk.say(piece)
        case {"messageStop": {"stopReason": reason}}:
            spoken.stop_reason = reason
        case {"metadata": {"usage": used}}:
            talk.answer.usage += Usage(input_tokens=used["inputTokens"], output_tokens=used["outputTokens"])


def _input(text: str) -> object:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def _broken() -> UnansweredError:
    return UnansweredError("BROKEN", "The answer broke off. Please ask again.", 502)


def _failure(error: Exception) -> UnansweredError:
    """Return what the shopper is told of a failure of Bedrock."""
    logger.warning("Bedrock failed", reason=repr(error))
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    if code in _THROTTLED:
        return UnansweredError("BUSY", "Many people are asking right now. Please try again in a moment.", 503)
    if isinstance(error, HTTPError | ParserError) or code in ("modelStreamErrorException", "internalServerException"):
        return _broken()
    return UnansweredError("UNAVAILABLE", "The assistant cannot be reached right now. Please try again later.", 503)
