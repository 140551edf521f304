"""Usage: ``python -m ecom67.local.standins.bedrock --port 4567 --emulator http://127.0.0.1:4566``."""

import argparse
import os

import uvicorn

from ecom67.local.serving import serve
from ecom67.local.stage_paths import HOST
from ecom67.local.standins.bedrock.app import Bedrock
from ecom67.local.standins.bedrock.bucket import HelpBucket
from ecom67.local.standins.bedrock.demo import DemoModel
from ecom67.local.standins.bedrock.documents import LocalKnowledgeBase
from ecom67.local.standins.bedrock.llm import LanguageModel
from ecom67.local.standins.bedrock.ranking import ranking

PACE_SECONDS = 0.015
"""Seconds between the words of an answer, so that streaming is visible."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description="Local stand-in for Bedrock.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--emulator", required=True, help="URL of the emulator, whose bucket holds the documents")
    options = parser.parse_args()
    chosen_ranking = ranking()
    url = os.environ.get("ECOM67_LLM_URL")
    bedrock = Bedrock(
        LocalKnowledgeBase(chosen_ranking, HelpBucket(options.emulator).read),
        DemoModel(chosen_ranking),
        LanguageModel(url) if url else None,
        PACE_SECONDS,
    )
    print(f"Bedrock stand-in on http://{HOST}:{options.port}; by meaning: {chosen_ranking.is_semantic}", flush=True)
    serve(
        uvicorn.Config(
            bedrock.app(),
            host=HOST,
            port=options.port,
            ws="none",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
    )


if __name__ == "__main__":
    main()
