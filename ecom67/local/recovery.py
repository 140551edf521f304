"""After the emulator was killed: the shop as it was saved last, and Stripe's stand-in set back to the same moment."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import psutil

from ecom67.local.persistence.snapshot import SnapshotFolder
from ecom67.local.process_specs import emulator, stripe
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import StagePaths
from ecom67.local.standins.stripe.undo import UndoneCharge, set_back


@dataclass(frozen=True, slots=True)
class Loss:
    """What was lost because the emulator was killed.

    Attributes:
        saved_at: to which moment the shop was set back, in seconds since the epoch; None where nothing was ever saved.
        charges: the charges since then, which are undone at Stripe's stand-in, too.
    """

    saved_at: float | None
    charges: list[UndoneCharge]

    def __str__(self) -> str:
        """Return the loss as a sentence or two."""
        if self.saved_at is None:
            return "The emulator was killed before it had saved anything: the shop is empty."
        moment = f"{datetime.fromtimestamp(self.saved_at).astimezone():%H:%M:%S}"
        text = f"The emulator was killed. The shop is as it was at {moment}; what happened after that is lost"
        if not self.charges:
            return f"{text}. Nothing was paid since then."
        orders = ", ".join(charge.order_id or "of nobody" for charge in self.charges)
        return f"{text}, {len(self.charges)} payments with it, at Stripe's stand-in too (orders {orders})."


def recover(paths: StagePaths) -> Loss | None:
    """Set Stripe's stand-in back to the emulator's last saved state, if the emulator was killed; return what is lost.

    The emulator must not be running.
    """
    folder = SnapshotFolder(paths.services_data)
    end_orphans(emulator(paths))
    if not folder.was_cut:
        return None
    # Its own record of what it was asked last has to go back as well.
    stripe(paths).stop()
    saved_at = folder.taken_at()
    return Loss(saved_at, set_back(paths.stripe_data, saved_at or 0.0))


def end_orphans(process: StageProcess) -> None:
    """End the processes that a killed process has left: the functions' workers would go on in the next one's state."""
    record = process.read_record()
    if record is None or record["started"] is None:
        return
    for orphan in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError, PermissionError):
            younger = orphan.create_time() - psutil.boot_time() >= record["started"]
            if younger and os.getpgid(orphan.pid) == record["pid"] and orphan.pid != record["pid"]:
                os.kill(orphan.pid, signal.SIGKILL)
