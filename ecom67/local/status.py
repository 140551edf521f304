"""The status of a local stage: its addresses, and the health of its processes."""

from dataclasses import dataclass
from enum import StrEnum

from ecom67.base.errors import CliError
from ecom67.local import emulator
from ecom67.local.addresses import addresses
from ecom67.local.process_specs import process_specs
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import StagePaths


class Health(StrEnum):
    """The health of a process."""

    RUNNING = "running"
    SILENT = "silent"  # it runs, but does not answer
    CRASHED = "crashed"  # it has ended without being stopped
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class StageStatus:
    """The current status of a stage.

    Attributes:
        addresses: URLs and ids for the shop's clients.
        processes: health by process name.
    """

    addresses: dict[str, str | None]
    processes: dict[str, Health]

    @property
    def is_up(self) -> bool:
        """Whether all processes run."""
        return set(self.processes.values()) == {Health.RUNNING}

    @property
    def summary(self) -> str:
        """The health of the stage in a sentence."""
        if self.is_up:
            return f"good: all {len(self.processes)} processes run and answer"
        if set(self.processes.values()) == {Health.STOPPED}:
            return "stopped; start it with `make up`"
        ailing = ", ".join(name for name, health in self.processes.items() if health is not Health.RUNNING)
        return f"bad: {ailing}; see the logs, or start again with `make up`"


def status(paths: StagePaths) -> StageStatus:
    """Return the status of a stage."""
    try:
        published = emulator.published(paths.emulator_url)
    except CliError:
        published = {}
    return StageStatus(
        addresses(paths, published), {process.name: health_of(process) for process in process_specs(paths)}
    )


def health_of(process: StageProcess) -> Health:
    """Return the health of a process."""
    if process.pid() is None:
        return Health.CRASHED if process.record.exists() else Health.STOPPED
    return Health.RUNNING if process.answers() else Health.SILENT
