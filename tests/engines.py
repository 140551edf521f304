"""Fetches the engines of AWS and Stripe that judge in the tests: ``python -m tests.engines``.

What cannot be had is named, and its tests are skipped; so is what is missing where this was not run.
"""

import sys
from collections.abc import Callable

from ecom67.base.errors import CliError
from ecom67.events.event_ruler import engine
from ecom67.local.standins.opensearch import node
from tests.go_programs import LAMBDA_RIE, STRIPE_MOCK
from tests.lambda_runtime import LambdaRuntime

LIBRARIES = {"OpenSearch": node.LIBRARIES, "Event Ruler": engine.LIBRARIES}
PROGRAMS = {"Stripe's description": STRIPE_MOCK, "the emulator of Lambda's runtime interface": LAMBDA_RIE}


def absent() -> dict[str, Callable[[], object]]:
    """Return how to fetch each engine that is not in the cache."""
    return {
        **{name: libraries.fetch for name, libraries in LIBRARIES.items() if not libraries.is_fetched},
        **{name: program.build for name, program in PROGRAMS.items() if not program.is_built},
        **({} if LambdaRuntime.is_prepared() else {"what Lambda brings, and the layers": LambdaRuntime.prepare}),
    }


def main() -> None:
    """Fetch each engine that is absent, and say which cannot be had."""
    for name, fetch in absent().items():
        print(f"Fetching {name}, for the tests …")
        try:
            fetch()
        except CliError as fault:
            print(f"It will not judge: {fault}", file=sys.stderr)


if __name__ == "__main__":
    main()
