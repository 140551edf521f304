"""The HTTP application: Converse, ConverseStream and Retrieve."""

import asyncio
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ecom67.local.standins.bedrock import request as requests
from ecom67.local.standins.bedrock.demo import DemoModel, ToolUse
from ecom67.local.standins.bedrock.documents import LocalKnowledgeBase
from ecom67.local.standins.bedrock.eventstream import CONTENT_TYPE, event, exception
from ecom67.local.standins.bedrock.faults import InjectedFault, requested_fault
from ecom67.local.standins.bedrock.llm import LanguageModel

SLOW_SECONDS = 1.5
"""Seconds before each piece of an answer with the fault ``slow``."""
_PIECE = re.compile(r"\S+\s*|\s+")
CHARACTERS_PER_TOKEN = 4
"""Approximation for the demo model, which has no tokens."""

ModelAnswer = tuple[str, list[ToolUse], dict[str, int]]
"""Text, tool uses, and token counts."""


class ConnectionCutError(Exception):
    """The connection is cut deliberately."""


class Bedrock:
    """The stand-in.

    Parameters:
        knowledge_base: the documents.
        demo: the demo model.
        model: a language model that answers in its place, if any.
        pace: seconds between the pieces of an answer.
    """

    def __init__(
        self, knowledge_base: LocalKnowledgeBase, demo: DemoModel, model: LanguageModel | None = None, pace: float = 0.0
    ) -> None:
        self._knowledge_base = knowledge_base
        self._demo = demo
        self._model = model
        self._pace = pace
        # The ranking has a cache that is not thread-safe.
        self._lock = threading.Lock()

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(
            routes=[
                Route("/_health", lambda _: JSONResponse({"status": "ok"})),
                Route("/_ingest", self.ingest, methods=["POST"]),
                Route("/knowledgebases/{id}/retrieve", self.retrieve, methods=["POST"]),
                Route("/model/{id:path}/converse", self.converse, methods=["POST"]),
                Route("/model/{id:path}/converse-stream", self.converse_stream, methods=["POST"]),
            ]
        )

    async def ingest(self, _: HttpRequest) -> Response:
        """Load the documents in the background, so that the first question need not wait."""
        asyncio.get_running_loop().run_in_executor(None, self._retrieve, "shipping", 1)
        return Response(status_code=202)

    async def retrieve(self, request: HttpRequest) -> Response:
        """Answer Retrieve."""
        body = await request.json()
        vectors = body.get("retrievalConfiguration", {}).get("vectorSearchConfiguration", {})
        results = await run_in_threadpool(
            self._retrieve, body["retrievalQuery"]["text"], vectors.get("numberOfResults", 5)
        )
        found = [
            {
                "content": {"type": "TEXT", "text": result.section.text},
                "location": {"type": "S3", "s3Location": {"uri": result.section.uri}},
                "metadata": result.section.metadata,
                "score": result.score,
            }
            for result in results
        ]
        return JSONResponse({"retrievalResults": found})

    async def converse(self, request: HttpRequest) -> Response:
        """Answer Converse."""
        started = time.monotonic()
        text, uses, tokens = await run_in_threadpool(self._answer, await request.json())
        content: list[dict[str, Any]] = [{"text": text}] if text else []
        content += [{"toolUse": {"toolUseId": _use_id(), "name": use.name, "input": use.arguments}} for use in uses]
        return JSONResponse(
            {
                "output": {"message": {"role": "assistant", "content": content}},
                "stopReason": "tool_use" if uses else "end_turn",
                **_metadata(tokens, started),
            }
        )

    async def converse_stream(self, request: HttpRequest) -> Response:
        """Answer ConverseStream."""
        started, body = time.monotonic(), await request.json()
        fault = requested_fault(requests.parse_request(body).question)
        if fault is InjectedFault.THROTTLED:
            return _error(429, "ThrottlingException", "Too many requests, please wait before trying again.")
        if fault is InjectedFault.DOWN:
            return _error(503, "ServiceUnavailableException", "Bedrock is unable to process your request.")
        try:
            text, uses, tokens = await run_in_threadpool(self._answer, body)
        except httpx.HTTPError as error:
            return _error(503, "ServiceUnavailableException", f"The language model does not answer: {error}")
        frames = _frames(text, uses, tokens, started)
        return StreamingResponse(self._paced(frames, fault), media_type=CONTENT_TYPE)

    def _retrieve(self, question: str, wanted: int) -> list[Any]:
        with self._lock:
            return self._knowledge_base.retrieve(question, wanted)

    def _answer(self, body: dict[str, Any]) -> ModelAnswer:
        if self._model:
            return self._model.reply(body)
        with self._lock:
            reply = self._demo.reply(requests.parse_request(body))
        text, uses = ("", [reply]) if isinstance(reply, ToolUse) else (reply, [])
        written = len(text) + sum(len(json.dumps(use.arguments)) for use in uses)
        read = len(json.dumps({name: body.get(name) for name in ("system", "messages", "toolConfig")}))
        return (
            text,
            uses,
            {
                "inputTokens": read // CHARACTERS_PER_TOKEN,
                "outputTokens": max(1, written // CHARACTERS_PER_TOKEN),
            },
        )

    async def _paced(self, frames: Iterator[bytes], fault: InjectedFault | None) -> AsyncIterator[bytes]:
        for at, frame in enumerate(frames):
            # The first frame is messageStart.
            if at > 5 and fault is InjectedFault.BROKEN:
                yield exception("modelStreamErrorException", "The model failed while it was answering.")
                return
            if at > 5 and fault is InjectedFault.CUT:
                raise ConnectionCutError
            await asyncio.sleep(SLOW_SECONDS if fault is InjectedFault.SLOW else self._pace)
            yield frame


def _frames(text: str, uses: list[ToolUse], tokens: dict[str, int], started: float) -> Iterator[bytes]:
    yield event("messageStart", {"role": "assistant"})
    at = 0
    if text:
        for piece in _PIECE.findall(text):
            yield event("contentBlockDelta", {"contentBlockIndex": at, "delta": {"text": piece}})
        yield event("contentBlockStop", {"contentBlockIndex": at})
        at = 1
    for number, use in enumerate(uses, start=at):
        start = {"toolUse": {"toolUseId": _use_id(), "name": use.name}}
        yield event("contentBlockStart", {"contentBlockIndex": number, "start": start})
        delta = {"toolUse": {"input": json.dumps(use.arguments)}}
        yield event("contentBlockDelta", {"contentBlockIndex": number, "delta": delta})
        yield event("contentBlockStop", {"contentBlockIndex": number})
    yield event("messageStop", {"stopReason": "tool_use" if uses else "end_turn"})
    yield event("metadata", _metadata(tokens, started))


def _metadata(tokens: dict[str, int], started: float) -> dict[str, Any]:
    usage = {**tokens, "totalTokens": sum(tokens.values())}
    return {"usage": usage, "metrics": {"latencyMs": int((time.monotonic() - started) * 1000)}}


def _use_id() -> str:
    return f"tooluse_{uuid4().hex[:22]}"


def _error(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"message": message}, status, headers={"x-amzn-ErrorType": kind})
