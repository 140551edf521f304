"""A language model on an OpenAI-compatible server, in place of the demo model.

``ECOM67_LLM_URL`` is its URL up to ``/v1``, such as http://localhost:11434/v1. ``ECOM67_LLM_MODEL`` and
``ECOM67_LLM_KEY`` are optional.
"""

import json
import os
from typing import Any

import httpx

from ecom67.local.standins.bedrock.demo import ToolUse

TIMEOUT_SECONDS = 60.0


class LanguageModel:
    """A language model on a server.

    Parameters:
        url: URL of the server, up to ``/v1``.
        transport: replaces the network in tests.
    """

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        key = os.environ.get("ECOM67_LLM_KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = os.environ.get("ECOM67_LLM_MODEL", "default")
        self._client = httpx.Client(
            base_url=url, headers=headers, timeout=TIMEOUT_SECONDS, transport=transport, trust_env=False
        )

    def reply(self, body: dict[str, Any]) -> tuple[str, list[ToolUse], dict[str, int]]:
        """Return text, tool uses and token counts of the answer to a Converse request.

        Raises httpx.HTTPError where the server does not answer.
        """
        completion = {
            "model": self._model,
            "messages": _messages(body),
            "tools": [_tool(tool["toolSpec"]) for tool in body.get("toolConfig", {}).get("tools", [])],
            "temperature": body.get("inferenceConfig", {}).get("temperature", 0.2),
            "max_tokens": body.get("inferenceConfig", {}).get("maxTokens", 900),
        }
        response = self._client.post("/chat/completions", json=completion)
        answer = response.raise_for_status().json()
        message = answer["choices"][0]["message"]
        uses = [
            ToolUse(call["function"]["name"], json.loads(call["function"]["arguments"] or "{}"))
            for call in message.get("tool_calls") or []
        ]
        usage = answer.get("usage") or {}
        tokens = {"inputTokens": usage.get("prompt_tokens", 0), "outputTokens": usage.get("completion_tokens", 0)}
        return message.get("content") or "", uses, tokens


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    messages = [{"role": "system", "content": "\n".join(block["text"] for block in body.get("system", []))}]
    for message in body["messages"]:
        messages += _converted(message)
    return messages


def _converted(message: dict[str, Any]) -> list[dict[str, Any]]:
    results = [block["toolResult"] for block in message["content"] if "toolResult" in block]
    if results:
        return [
            {"role": "tool", "tool_call_id": result["toolUseId"], "content": json.dumps(result["content"][0]["json"])}
            for result in results
        ]
    text = "\n".join(block["text"] for block in message["content"] if "text" in block)
    calls = [
        {
            "id": block["toolUse"]["toolUseId"],
            "type": "function",
            "function": {"name": block["toolUse"]["name"], "arguments": json.dumps(block["toolUse"]["input"])},
        }
        for block in message["content"]
        if "toolUse" in block
    ]
    return [{"role": message["role"], "content": text, **({"tool_calls": calls} if calls else {})}]


def _tool(specification: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": specification["name"],
            "description": specification["description"],
            "parameters": specification["inputSchema"]["json"],
        },
    }
