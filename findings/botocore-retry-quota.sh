#!/usr/bin/env bash
# Expected: a client with Config(retries={"mode": "standard", "total_max_attempts": 3}) makes up to three attempts of
# every call; that is what the setting is called.
# Happens: the mode keeps a quota of 500 units for each client. A retry that fails takes 5 of them (10 after a timeout;
# 14 with AWS_NEW_RETRIES_2026), and a later success without a retry gives back 1. After some dozens of failed calls,
# every further call of that client has one attempt only, until hundreds of calls have succeeded. Nothing is logged
# above the level of debug, and the number of attempts in the configuration still reads 3.
# Hurts: whoever reuses a client for long, as a warm Lambda function does: after a disturbance that has passed, each
# single throttle or 500 is an error at once. The mode "legacy" retries the same errors without a quota.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "botocore==1.43.106"

cat > "$work/attempts.py" <<'PYTHON'
import time

import botocore
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

CALLS = 120


class Body:
    def stream(self):
        yield b'{"__type": "InternalServerError"}'


def attempts_of_each_call(mode):
    attempts = []

    def answer_500(request, **_):
        attempts[-1] += 1
        return AWSResponse(request.url, 500, {}, Body())

    client = botocore.session.get_session().create_client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="id",
        aws_secret_access_key="placeholder",
        config=Config(retries={"mode": mode, "total_max_attempts": 3}),
    )
    client.meta.events.register("before-send", answer_500)
    for _ in range(CALLS):
        attempts.append(0)
        try:
            client.describe_limits()
        except ClientError:
            pass
    return attempts


time.sleep = lambda _: None
print("botocore", botocore.__version__)
standard, legacy = attempts_of_each_call("standard"), attempts_of_each_call("legacy")
full = standard.index(next(count for count in standard if count < 3))
print(f"standard: three attempts for the first {full} failing calls, then {sorted(set(standard[full + 1:]))}")
print(f"legacy:   {sorted(set(legacy))} for all {CALLS}")
assert full < 60 and set(standard[full + 1 :]) == {1}, "standard mode no longer runs out of retries"
assert set(legacy) == {3}, "legacy mode no longer has three attempts for each call"
PYTHON
"$work/venv/bin/python" "$work/attempts.py"
