"""Retrieves passages of the shop's help documents from a Bedrock knowledge base."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime.client import AgentsforBedrockRuntimeClient

MAX_PASSAGES = 6
MAX_QUERY = 1000
"""Characters of a query; source: the quota of Retrieve."""


class RetrievalSettings(Settings):
    """The knowledge base."""

    knowledge_base_id: str


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A passage of a help document.

    Attributes:
        number: number of its document among those that were retrieved, from 1, by which an answer cites it.
        title: title of the document.
        uri: address of the document in the shop.
        text: text of the passage.
    """

    number: int
    title: str
    uri: str
    text: str


class HelpRetriever:
    """The help documents.

    Parameters:
        bedrock: the client of bedrock-agent-runtime.
        knowledge_base_id: id of their knowledge base.
    """

    def __init__(self, bedrock: "AgentsforBedrockRuntimeClient", knowledge_base_id: str) -> None:
        self._bedrock = bedrock
        self._knowledge_base_id = knowledge_base_id

    def retrieve(self, query: str) -> Sequence[RetrievedPassage]:
        """Return the passages nearest in meaning to a query, the nearest first."""
        answer = self._bedrock.retrieve(
            knowledgeBaseId=self._knowledge_base_id,
            retrievalQuery={"text": query[:MAX_QUERY]},
            retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": MAX_PASSAGES}},
        )
        numbers: dict[str, int] = {}
        passages = []
        for result in answer["retrievalResults"]:
            metadata = result.get("metadata", {})
            uri = str(metadata.get("path") or result["location"].get("s3Location", {}).get("uri", ""))
            number = numbers.setdefault(uri, len(numbers) + 1)
            passages.append(RetrievedPassage(number, str(metadata.get("title") or uri), uri, result["content"]["text"]))
        return passages
