from pathlib import Path

import pytest

from ecom67.local.process_specs import emulator
from ecom67.local.stage_paths import StagePaths


def test_functions_inherit_no_setting_of_the_shell_that_started_the_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENSEARCH_URL", "AWS_PROFILE", "AWS_ENDPOINT_URL", "EDITOR"):
        monkeypatch.setenv(name, "of the shell")

    inherited = emulator(StagePaths(tmp_path)).environment

    assert "EDITOR" in inherited
    assert not inherited.keys() & {"OPENSEARCH_URL", "AWS_PROFILE", "AWS_ENDPOINT_URL"}
