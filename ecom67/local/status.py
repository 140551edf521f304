"""How a local stage does: its addresses, and the health of each of its processes."""

from dataclasses import dataclass
from enum import StrEnum

from ecom67.base.errors import CliError
from ecom67.local import aws
from ecom67.local.addresses import addresses
from ecom67.local.process_specs import process_specs
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import StagePaths


class Health(StrEnum):
    """How a process does."""

    RUNNING = "running"
    SILENT = "silent"  # it runs, and does not answer
    CRASHED = "crashed"  # it was started, and ended without being asked to
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Status:
    """A stage as it is now.

    Attributes:
        addresses: as the shop's clients need them.
        processes: health by name.
    """

    addresses: dict[str, str | None]
    processes: dict[str, Health]

    @property
    def is_up(self) -> bool:
        """Whether everything runs."""
        return set(self.processes.values()) == {Health.RUNNING}


def status(paths: StagePaths) -> Status:
    """Return how a stage does."""
    try:
        published = aws.published(paths.emulator_url)
    except CliError:
        published = {}
    return Status(addresses(paths, published), {process.name: health_of(process) for process in process_specs(paths)})


def health_of(process: StageProcess) -> Health:
    """Return how a process does."""
    if process.pid() is None:
        return Health.CRASHED if process.record.exists() else Health.STOPPED
    return Health.RUNNING if process.answers() else Health.SILENT
