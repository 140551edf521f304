"""A Converse request as the demo reads it: the question, the documents, and what the tools have brought so far."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

_DOCUMENT = re.compile(r'<document number="(\d+)" title="([^"]*)">\n(.*?)\n</document>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A passage that was given with the question.

    Attributes:
        number: by which it is cited.
    """

    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Used:
    """A tool that was used for this question, with what it was given and what it brought."""

    name: str
    given: dict[str, Any]
    result: dict[str, Any]
    well: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What the demo has to answer.

    Attributes:
        before: the questions before this one, the oldest first.
        tools: names of the tools that it may use.
        is_first: whether nothing was answered before.
    """

    question: str
    documents: list[Document]
    used: list[Used] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    tools: frozenset[str] = frozenset()
    is_first: bool = True


def read(body: dict[str, Any]) -> Request:
    """Return the request that a body of Converse holds."""
    messages: list[dict[str, Any]] = body["messages"]
    at = max(at for at, message in enumerate(messages) if _is_question(message))
    texts = _texts(messages[at])
    documents = [
        Document(int(number), html.unescape(title), html.unescape(text))
        for block in texts
        if block.startswith("<documents>")
        for number, title, text in _DOCUMENT.findall(block)
    ]
    earlier = [message for message in messages[:at] if _is_question(message)]
    tools = [tool["toolSpec"]["name"] for tool in body.get("toolConfig", {}).get("tools", [])]
    return Request(
        question=texts[-1],
        documents=documents,
        used=_used(messages[at + 1 :]),
        before=[_texts(message)[-1] for message in earlier],
        tools=frozenset(tools),
        is_first=not any(message["role"] == "assistant" for message in messages[:at]),
    )


def _is_question(message: dict[str, Any]) -> bool:
    return message["role"] == "user" and not any("toolResult" in block for block in message["content"])


def _texts(message: dict[str, Any]) -> list[str]:
    texts = (
        block.get("text") or block.get("guardContent", {}).get("text", {}).get("text") for block in message["content"]
    )
    return [text for text in texts if text]


def _used(messages: list[dict[str, Any]]) -> list[Used]:
    uses: dict[str, dict[str, Any]] = {}
    found = []
    for block in (block for message in messages for block in message["content"]):
        if "toolUse" in block:
            uses[block["toolUse"]["toolUseId"]] = block["toolUse"]
        elif "toolResult" in block:
            result = block["toolResult"]
            use = uses[result["toolUseId"]]
            content = result["content"][0].get("json", {})
            found.append(Used(use["name"], use["input"], content, well=result.get("status") != "error"))
    return found
