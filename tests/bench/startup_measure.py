"""Run by the interpreter of a clean environment: says how long a start takes, as JSON.

``startup_measure.py baseline`` times what the budget is measured by; ``startup_measure.py <module> [<made>…]``
times the import of a handler's module and the making of all that it uses and makes once a process, its clients
above all, but for what is named as ``module:function``. Seconds; the start of the interpreter is not in them.
"""

import json
import sys
import time


def baseline() -> None:
    """Do what any function with a DynamoDB client would do."""
    import boto3

    boto3.client("dynamodb")


def started(module: str, *made_later: str) -> None:
    """Do what a function does before its first event."""
    import importlib

    handler = importlib.import_module(module)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("services", "bus")]:
        for title, member in list(vars(sys.modules[name]).items()):
            if not hasattr(member, "cache_info") or member.__module__ != name:
                continue
            # A service's dependencies are made where its handlers ask for them: not all handlers ask for all.
            used = not name.endswith(".dependencies") or member in vars(handler).values()
            if used and f"{name}:{title}" not in made_later and not member.__wrapped__.__code__.co_argcount:
                member()


if __name__ == "__main__":
    # The processor's time: a machine that is busy with something else besides hardly changes it.
    before = time.process_time(), time.perf_counter()
    baseline() if sys.argv[1] == "baseline" else started(*sys.argv[1:])
    after = time.process_time(), time.perf_counter()
    print(json.dumps({"processor": after[0] - before[0], "wall": after[1] - before[1]}))
