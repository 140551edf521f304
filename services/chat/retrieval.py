"""The shop's help documents, by meaning: Retrieve of a Bedrock knowledge base."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime.client import AgentsforBedrockRuntimeClient

PASSAGES = 6
MAX_QUERY = 1000
"""Characters; source: the quota of Retrieve."""


class KnowledgeSettings(Settings):
    """Which knowledge base."""

    knowledge_base_id: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a help document.

    Attributes:
        number: of its document among those that were found, from 1; the answer cites it by that.
        uri: the document's address in the shop.
    """

    number: int
    title: str
    uri: str
    text: str


class Knowledge:
    """The help documents.

    Parameters:
        bedrock: the client of bedrock-agent-runtime.
        knowledge_base_id: in which they are.
    """

    def __init__(self, bedrock: "AgentsforBedrockRuntimeClient", knowledge_base_id: str) -> None:
        self._bedrock = bedrock
        self._knowledge_base_id = knowledge_base_id

    def about(self, question: str) -> Sequence[Passage]:
        """Return what the documents say about a question, the nearest first."""
        answer = self._bedrock.retrieve(
            knowledgeBaseId=self._knowledge_base_id,
            retrievalQuery={"text": question[:MAX_QUERY]},
            retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": PASSAGES}},
        )
        numbers: dict[str, int] = {}
        passages = []
        for result in answer["retrievalResults"]:
            metadata = result.get("metadata", {})
            uri = str(metadata.get("path") or result["location"].get("s3Location", {}).get("uri", ""))
            number = numbers.setdefault(uri, len(numbers) + 1)
            passages.append(Passage(number, str(metadata.get("title") or uri), uri, result["content"]["text"]))
        return passages
