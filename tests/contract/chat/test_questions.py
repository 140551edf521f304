"""The assistant answers the questions of ``questions.json``, by the SDK's own ConverseStream and Retrieve.

The figures are printed at the end of the run and kept in ``.artifacts/chat-questions.md``; what is missed is in
``docs/chat-evaluation.md``.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ecom67.local.standins.bedrock.ranking import LexicalRanking, Ranking, ranking
from services.chat.assistant import AnswerFailedError, Assistant, ModelSettings
from services.chat.domain import AnswerDraft, Ending
from services.chat.retrieval import HelpRetriever
from services.chat.tools import Toolbox
from services.search.embedded.engine import TantivyEngine
from services.search.embedded.s3_index_store import S3IndexStore
from services.search.engine import Engine
from tests.artifacts import tell
from tests.contract.chat.doubles import ADA, ShopDouble, catalogue, fill
from tests.contract.chat.judging import Verdict, judged, named
from tests.contract.chat.serving import client, serving
from tests.unit.chat.listening import Heard, Kept

QUESTIONS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("questions.json").read_text())
CONVERSATION = "00000000-0000-4000-8000-000000000000"
SOURCE_FIRST = 0.9
"""Of the questions about policies, by meaning."""
SOURCE_FIRST_BY_WORDS = 0.75
"""Where the embedding is not installed."""
AS_IT_SHOULD_BE = 0.9
"""Of all questions."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="indexes")
        engine = TantivyEngine(S3IndexStore(s3, "indexes", tmp_path_factory.mktemp("copies")))
        fill(engine)
        yield engine


def answered(question: dict[str, Any], url: str, engine: Engine) -> tuple[Heard, ShopDouble, AnswerDraft]:
    """Return what the shopper hears, what the shop was asked to do, and the answer."""
    heard, shop, kept, answer = Heard(), ShopDouble(engine), Kept(), AnswerDraft()
    user_id = ADA if question["as"] == "ada" else None
    toolbox = Toolbox(shop, kept, heard, user_id=user_id, conversation_id=CONVERSATION)
    knowledge = HelpRetriever(client("bedrock-agent-runtime", url), "LOCALHELP1")
    settings = ModelSettings.model_validate({"MODEL_ID": "local-demo"})
    assistant = Assistant(client("bedrock-runtime", url), knowledge, settings)
    assistant.answer(named(question["text"]), [], toolbox, heard, answer, signed_in=user_id is not None)
    return heard, shop, answer


def evaluated(compares: Ranking, engine: Engine) -> tuple[dict[str, Verdict], dict[str, Heard], int, Counter[str]]:
    """Return the verdicts and the answers by question, how many carts changed, and the tokens."""
    products = {product["productId"]: product for product in catalogue()}
    verdicts, answers, carts, tokens = dict[str, Verdict](), dict[str, Heard](), 0, Counter[str]()
    # What does not rest on documents is the same by words.
    asked = [each for each in QUESTIONS if compares.is_semantic or each["kind"] == "policy"]
    with serving(compares) as url:
        for question in asked:
            heard, shop, answer = answered(question, url, engine)
            assert answer.ending is Ending.WHOLE
            assert heard.answer == answer.text
            carts += len(shop.cart_changes)
            tokens += Counter(input=answer.usage.input_tokens, output=answer.usage.output_tokens)
            verdicts[question["id"]], answers[question["id"]] = judged(question, heard, products), heard
    return verdicts, answers, carts, tokens


def written(
    verdicts: dict[str, Verdict], answers: dict[str, Heard], carts: int, tokens: Counter[str], name: str
) -> str:
    """Return the figures, with each miss, and keep them."""
    asked = [verdict.source_first for verdict in verdicts.values() if verdict.source_first is not None]
    missed = {key: verdict.misses for key, verdict in verdicts.items() if verdict.misses}
    kinds = Counter(key.rpartition("-")[0] for key in verdicts)
    kinds_missed = Counter(key.rpartition("-")[0] for key in missed)
    leaks = sum(len(each.leaks) for each in verdicts.values())
    invented = sum(len(each.invented) for each in verdicts.values())
    unlike = sum(len(each.wrong_cards) for each in verdicts.values())
    figures = [
        f"questions {len(verdicts)}, {'by meaning' if name == 'by-meaning' else 'by words'}",
        f"leaks {leaks}, carts changed without consent {carts}, prices invented {invented}, wrong cards {unlike}",
        f"right source first {sum(asked)}/{len(asked)} ({sum(asked) / len(asked):.1%})",
        f"as it should be {len(verdicts) - len(missed)}/{len(verdicts)}: "
        + ", ".join(f"{kind} {count - kinds_missed[kind]}/{count}" for kind, count in kinds.items()),
        f"tokens a question {tokens['input'] / len(verdicts):.0f} read, {tokens['output'] / len(verdicts):.0f} written",
    ]
    texts = {question["id"]: question["text"] for question in QUESTIONS}
    lines = [
        f"- `{key}` {texts[key]}: {'; '.join(why)}. It said: {answers[key].answer[:160]!r}"
        for key, why in missed.items()
    ]
    tell(f"chat-questions-{name}", figures, lines)
    return "\n".join(figures)


@pytest.mark.parametrize("name", ["by-meaning", "by-words"])
def test_answers_are_grounded_and_leak_and_invent_nothing(name: str, engine: Engine) -> None:
    compares = ranking() if name == "by-meaning" else LexicalRanking()
    if name == "by-meaning" and not compares.is_semantic:
        pytest.skip("the embedding is not installed on this platform; the other run is what the local stage does here")

    verdicts, answers, carts, tokens = evaluated(compares, engine)

    figures = written(verdicts, answers, carts, tokens, name)
    assert {key: each.leaks for key, each in verdicts.items() if each.leaks} == {}
    assert {key: each.invented for key, each in verdicts.items() if each.invented} == {}
    assert {key: each.wrong_cards for key, each in verdicts.items() if each.wrong_cards} == {}
    assert carts == 0
    asked = [verdict.source_first for verdict in verdicts.values() if verdict.source_first is not None]
    wanted = SOURCE_FIRST if compares.is_semantic else SOURCE_FIRST_BY_WORDS
    assert sum(asked) / len(asked) >= wanted, figures
    missed = [key for key, verdict in verdicts.items() if verdict.misses]
    assert not compares.is_semantic or len(missed) <= (1 - AS_IT_SHOULD_BE) * len(verdicts), figures


@pytest.mark.parametrize(("magic", "code"), [("throttled", "BUSY"), ("broken", "BROKEN"), ("down", "UNAVAILABLE")])
def test_a_model_that_fails_leaves_no_whole_answer(magic: str, code: str, engine: Engine) -> None:
    answer = AnswerDraft()
    question = {"as": "ada", "text": f"demo:{magic} How long do I have to return something?"}

    with serving(LexicalRanking()) as url, pytest.raises(AnswerFailedError) as unanswered:
        answered(question, url, engine)

    assert unanswered.value.code == code
    assert answer.ending is not Ending.WHOLE
