"""The emulator forks its functions: each is as alone as in an interpreter of its own."""

import base64
import io
import json
import secrets
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ecom67.local import function_processes
from ecom67.local.connection import Connection
from ecom67.local.script_process import END_OF_LOG
from tests.emulator import running_emulator

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
OUTPUT = "what a function prints is no answer"
CODE = """
import os, random, sys, time
OUTPUT = "what a function prints is no answer"
from pathlib import Path

print("imported", file=sys.stderr)

def handle(event, context):
    if "exit" in event:
        os._exit(event["exit"])
    if "log" in event:
        print(event["log"], file=sys.stderr, end=event.get("end", "\\n"))
    if "error" in event:
        raise ValueError(event["error"])
    if "meet" in event:
        # Until that many are here at the same time.
        folder = Path(event["meet"])
        (folder / str(os.getpid())).touch()
        while len(list(folder.iterdir())) < event["guests"]:
            time.sleep(0.01)
    os.environ["LEFT"] = "behind"
    sys.stdout.write(OUTPUT)
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "cwd": os.getcwd(),
        "path": sys.path,
        "given": os.environ.get("GIVEN"),
        "random": random.random(),
        "modules": sorted(sys.modules),
    }
"""


class Function:
    """A function of the emulator."""

    def __init__(self, emulator: Connection, timeout: int = 60) -> None:
        self._lambda = emulator.client("lambda")
        self.name = f"function-{secrets.token_hex(4)}"
        role = emulator.client("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument=json.dumps(TRUST))
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("asked.py", CODE)
        self._lambda.create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Handler="asked.handle",
            Role=role["Role"]["Arn"],
            Code={"ZipFile": package.getvalue()},
            Environment={"Variables": {"GIVEN": self.name}},
            Timeout=timeout,
        )

    def invoke(self, **event: Any) -> Any:
        """Invoke it and return its answer."""
        return json.load(self._call(event)["Payload"])

    def log(self, **event: Any) -> list[str]:
        """Invoke it and return the lines of its log, without those of Lambda itself."""
        lines = base64.b64decode(self._call(event)["LogResult"]).decode().splitlines()
        return [line for line in lines if not line.startswith(("START ", "END ", "REPORT "))]

    def _call(self, event: dict[str, Any]) -> Any:
        return self._lambda.invoke(FunctionName=self.name, Payload=json.dumps(event), LogType="Tail")


def test_each_function_has_its_own_environment_folder_and_chance(emulator: Connection) -> None:
    functions = [Function(emulator), Function(emulator)]

    first, second = (function.invoke() for function in functions)

    assert [first["given"], second["given"]] == [function.name for function in functions]
    assert first["cwd"] != second["cwd"]
    assert first["random"] != second["random"]
    assert first["pid"] != second["pid"]


def test_functions_are_forks_of_one_process_that_has_imported_what_they_share(emulator: Connection) -> None:
    first, second = (Function(emulator).invoke() for _ in range(2))

    assert first["parent"] == second["parent"]
    assert {"botocore.client", "pydantic", "aws_lambda_powertools.logging"} <= set(first["modules"])


def test_a_function_finds_nothing_of_the_checkout(emulator: Connection) -> None:
    answer = Function(emulator).invoke()

    assert not [path for path in answer["path"] if Path(path, "services").is_dir()]
    assert answer["cwd"] in answer["path"]
    assert not {"bus", "schemas", "services"} & set(answer["modules"])


def test_one_process_answers_call_after_call_and_further_ones_calls_at_the_same_time(
    emulator: Connection, tmp_path: Path
) -> None:
    function = Function(emulator)

    assert function.invoke()["pid"] == function.invoke()["pid"]
    with ThreadPoolExecutor() as pool:
        at_once = list(pool.map(lambda _: function.invoke(meet=str(tmp_path), guests=2)["pid"], range(2)))
    assert len(set(at_once)) == 2


@pytest.mark.parametrize("code", [0, 3])
def test_a_function_whose_process_ends_fails_and_the_next_call_starts_another(emulator: Connection, code: int) -> None:
    function = Function(emulator)
    before = function.invoke()["pid"]

    assert "errorMessage" in function.invoke(exit=code)

    assert function.invoke()["pid"] != before


def test_a_function_that_takes_too_long_is_ended_and_the_next_call_starts_another(
    emulator: Connection, tmp_path: Path
) -> None:
    function = Function(emulator, timeout=5)
    before = function.invoke()["pid"]

    assert "timed out" in function.invoke(meet=str(tmp_path), guests=2)["errorMessage"]

    assert function.invoke()["pid"] != before


def test_each_call_has_its_own_log_to_the_last_line(emulator: Connection) -> None:
    function = Function(emulator)

    logs = [function.log(log=f"call {number}\nis made", end="") for number in range(3)]

    assert logs[0] == ["imported", "call 0", "is made" + OUTPUT]
    assert logs[1:] == [[f"call {number}", "is made" + OUTPUT] for number in (1, 2)]


def test_a_call_that_raises_has_its_log_and_so_has_the_next(emulator: Connection) -> None:
    function = Function(emulator)

    raised = function.log(log="before it raised", error="on purpose")

    assert raised[:2] == ["imported", "before it raised"]
    assert function.log(log="again")[:2] == ["imported", "again"]


def test_functions_start_also_where_the_stages_folder_has_a_long_path(tmp_path: Path) -> None:
    with running_emulator(tmp_path / ("long" * 25)) as emulator:
        assert Function(emulator).invoke()["pid"]


def test_a_log_that_comes_late_is_that_of_the_next_call_and_no_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function_processes, "LOG_SECONDS", 0.0)
    worker = function_processes.ForkedWorker("function", {}, b"")
    worker._ends_before_call = 0
    lines = worker._stderr_queue

    logs = [worker._drain_stderr_bounded()]
    for line in ("late", END_OF_LOG, "next", END_OF_LOG):
        lines.put(line)
    logs.append(worker._drain_stderr_bounded())
    for line in ("third", END_OF_LOG):
        lines.put(line)
    logs.append(worker._drain_stderr_bounded())

    assert logs == ["", "late\nnext", "third"]
