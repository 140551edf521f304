"""The error that a command reports as one sentence."""

from pathlib import Path

LAST_LINES = 12


class CliError(Exception):
    """A command cannot be carried out.

    Parameters:
        message: what is wrong and what to do about it, as a sentence.
        log: log file with the details; its last lines are shown after the message.
    """

    def __init__(self, message: str, log: Path | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.log = log

    def __str__(self) -> str:
        """Return the message, followed by the path and the last lines of the log."""
        if self.log is None:
            return self.message
        lines = [f"  {line}" for line in last_lines(self.log)]
        return "\n".join([self.message, f"The log is {self.log}. It ends with:", *(lines or ["  (it is empty)"])])


def last_lines(log: Path, count: int = LAST_LINES) -> list[str]:
    """Return the last non-empty lines of a log; an empty list where the file does not exist."""
    if not log.exists():
        return []
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if line.strip()][-count:]
