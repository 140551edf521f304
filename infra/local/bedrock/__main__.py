"""Run the stand-in: `python -m infra.local.bedrock --port 4567 --emulator http://127.0.0.1:4566`."""

import argparse
import os

import uvicorn

from infra.local.bedrock.app import Bedrock
from infra.local.bedrock.bucket import Bucket
from infra.local.bedrock.demo import Demo
from infra.local.bedrock.documents import Documents
from infra.local.bedrock.llm import LanguageModel
from infra.local.bedrock.ranking import ranking
from infra.local.layout import HOST
from infra.local.serving import serve

PACE_SECONDS = 0.015
"""Between the words of an answer, so that it can be seen to come."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.bedrock", description="Local stand-in for Bedrock.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--emulator", required=True, help="address of the emulator, whose bucket has the documents")
    options = parser.parse_args()
    compares = ranking()
    url = os.environ.get("ECOM67_LLM_URL")
    bedrock = Bedrock(
        Documents(compares, Bucket(options.emulator).read),
        Demo(compares),
        LanguageModel(url) if url else None,
        PACE_SECONDS,
    )
    print(f"Bedrock stand-in on http://{HOST}:{options.port}; by meaning: {compares.by_meaning}", flush=True)
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
