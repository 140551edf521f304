from pathlib import Path

from ecom67.base.errors import CliError, last_lines


def test_a_fault_is_a_sentence() -> None:
    assert str(CliError("Port 8067 is taken.")) == "Port 8067 is taken."


def test_a_fault_with_a_log_ends_as_the_log_does(tmp_path: Path) -> None:
    log = tmp_path / "deploy.log"
    log.write_text("\n".join(f"line {number}" for number in range(100)) + "\n\n")

    text = str(CliError("It failed.", log)).splitlines()

    assert text[:2] == ["It failed.", f"The log is {log}. It ends with:"]
    assert text[-1] == "  line 99"
    assert len(text) == 14


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "none.log") == []
    assert "(it is empty)" in str(CliError("It failed.", tmp_path / "none.log"))
