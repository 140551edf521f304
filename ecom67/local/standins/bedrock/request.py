"""A Converse request, parsed for the demo model: question, documents, and results of tools."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

_DOCUMENT = re.compile(r'<document number="(\d+)" title="([^"]*)">\n(.*?)\n</document>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document that was given with the question.

    Attributes:
        number: its number in citations.
        title: its title.
        text: its text.
    """

    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class CompletedToolUse:
    """The result of a tool that was used for this question, with the arguments of the call."""

    name: str
    arguments: dict[str, Any]
    output: dict[str, Any]
    succeeded: bool


@dataclass(frozen=True, slots=True)
class ConverseRequest:
    """The request that the demo model answers.

    Attributes:
        question: the question.
        documents: the documents given with it.
        tool_results: results of the tools used so far.
        previous_questions: the earlier questions of the conversation, oldest first.
        tools: names of the available tools.
        is_first: whether this is the first question of the conversation.
    """

    question: str
    documents: list[CitedDocument]
    tool_results: list[CompletedToolUse] = field(default_factory=list)
    previous_questions: list[str] = field(default_factory=list)
    tools: frozenset[str] = frozenset()
    is_first: bool = True


def parse_request(body: dict[str, Any]) -> ConverseRequest:
    """Return the parsed body of a Converse request."""
    messages: list[dict[str, Any]] = body["messages"]
    at = max(at for at, message in enumerate(messages) if _is_question(message))
    texts = _texts(messages[at])
    documents = [
        CitedDocument(int(number), html.unescape(title), html.unescape(text))
        for block in texts
        if block.startswith("<documents>")
        for number, title, text in _DOCUMENT.findall(block)
    ]
    earlier = [message for message in messages[:at] if _is_question(message)]
    tools = [tool["toolSpec"]["name"] for tool in body.get("toolConfig", {}).get("tools", [])]
    return ConverseRequest(
        question=texts[-1],
        documents=documents,
        tool_results=_tool_results(messages[at + 1 :]),
        previous_questions=[_texts(message)[-1] for message in earlier],
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


def _tool_results(messages: list[dict[str, Any]]) -> list[CompletedToolUse]:
    uses: dict[str, dict[str, Any]] = {}
    results = []
    for block in (block for message in messages for block in message["content"]):
        if "toolUse" in block:
            uses[block["toolUse"]["toolUseId"]] = block["toolUse"]
        elif "toolResult" in block:
            result = block["toolResult"]
            use = uses[result["toolUseId"]]
            content = result["content"][0].get("json", {})
            results.append(
                CompletedToolUse(use["name"], use["input"], content, succeeded=result.get("status") != "error")
            )
    return results
