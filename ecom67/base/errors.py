"""What can go wrong with the local stage, said in one message."""

from pathlib import Path

LAST_LINES = 12


class CliError(Exception):
    """The local stage cannot do what was asked.

    Parameters:
        message: what is wrong and what to do about it.
        log: a log that tells more; its last lines are shown with it.
    """

    def __init__(self, message: str, log: Path | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.log = log

    def __str__(self) -> str:
        """Return the message, and below it where the log is and how it ends."""
        if self.log is None:
            return self.message
        lines = [f"  {line}" for line in last_lines(self.log)]
        return "\n".join([self.message, f"The log is {self.log}. It ends with:", *(lines or ["  (it is empty)"])])


def last_lines(log: Path, count: int = LAST_LINES) -> list[str]:
    """Return the last lines of a log that have text; none where there is no such file."""
    if not log.exists():
        return []
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if line.strip()][-count:]
