"""Power cuts while letters leave: what is then on the disk, and would any letter leave again?

    python power.py --letters 60 --cuts 40 --seed 1 [--synchronous NORMAL]

Real: send_letters(), the ledger's own statements and pragmas (sqlite_engine() sets them), SQLite's
write-ahead log and its recovery, an SMTP server on loopback that notes each final dot. Not real:
the disk, and Python's SQLite, in whose place apsw brings its own; behind SQLAlchemy stands a small
adapter that looks like the sqlite3 module.

The disk keeps what was not synced apart. At a cut, by sectors of 512 bytes, each write since the
file's last sync has arrived, or has not, or has half arrived; a new file that was never synced may
be gone. What is left is put into another folder and opened with open_ledger(), as after a restart.

Prints one JSON line; `again` counts letters whose dot had left and that would leave once more.
"""

import argparse
import asyncio
import json
import random
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kills import SCOPE, freeze  # type: ignore[import-not-found]  # a program beside this one
from losing_disk import (  # type: ignore[import-not-found]  # a module beside this one
    Adapter,
    Disk,
    DiskVFS,
)

from outreach.delivery.clock import SystemClock
from outreach.delivery.connection import connector
from outreach.delivery.mission import Mission
from outreach.delivery.send import send_letters
from outreach.errors import OutreachError
from outreach.outbox.approval import approve
from outreach.outbox.copies import check_newest
from outreach.outbox.database import sqlite_engine
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.plan import plan_letters
from outreach.outbox.recovery import recover
from outreach.outbox.schema import State
from outreach.outbox.standing import standings
from outreach.outbox.suppression import SuppressionList
from outreach.sending import Sending

OUTBOX = "outbox.sqlite"
# Writes and syncs of the disk, as counted over 500 letters (2026-11).
_MOMENTS_A_LETTER = 22


class Receiver:
    """An SMTP server of one connection that notes each final dot before it replies."""

    def __init__(self) -> None:
        self.left: set[str] = set()
        self.moment: Callable[[], None] = lambda: None
        self.port = 0
        self._ready = threading.Event()
        threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True).start()
        self._ready.wait(10)

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._converse, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 power.example.org\r\n")
        recipient = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            if verb == b"DATA":
                writer.write(b"354 go ahead\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.left.add(recipient)
                self.moment()
            writer.write(b"250 power.example.org\r\n")


@dataclass
class Tally:
    """What the cuts showed.

    Attributes:
        again: letters whose dot had left and that would leave once more, over all cuts.
        forgotten: letters not sent that no later run would send, and nobody names.
        damaged: outboxes that could not be opened any more.
        called_old: outboxes that the witness would refuse to send from.
    """

    cuts: int = 0
    at_the_dot: int = 0
    again: int = 0
    forgotten: int = 0
    damaged: int = 0
    called_old: int = 0


class Experiment:
    """One run of a send under many cuts; each is looked at, and the run goes on."""

    def __init__(self, folder: Path, letters: int, cuts: int, seed: int) -> None:
        self.folder, self.letters, self.cuts = folder, letters, cuts
        self.chance = random.Random(seed)
        self.disk, self.receiver, self.tally = Disk(), Receiver(), Tally()
        self.vfs = DiskVFS(self.disk)

    def run(self, **settings: str) -> Tally:
        """Plan, send, cut. ``settings`` are for sqlite_engine(): none are the ledger's own."""
        path = self.folder / OUTBOX
        engine = sqlite_engine(path, creator=lambda: Adapter(path, self.vfs.vfs_name), **settings)
        messages = [freeze(number) for number in range(1, self.letters + 1)]
        sending = Sending(
            host="localhost", port=self.receiver.port, security="none", authentication="none",
            letters_per_connection=10_000,
        )  # fmt: skip
        with Ledger(engine, path, self.folder / "witness") as ledger:
            clock = SystemClock()
            planned = plan_letters(
                ledger, SCOPE, messages, campaign_name="Essai",
                suppressions=SuppressionList(()), now=clock.now(),
            )  # fmt: skip
            approve(ledger, SCOPE, planned.code, now=clock.now())
            # Half of the cuts fall between dot and reply.
            moments = _MOMENTS_A_LETTER * self.letters
            self.disk.moment = lambda: self._perhaps(self.cuts / 2 / moments)
            self.receiver.moment = lambda: self._perhaps(self.cuts / 2 / self.letters, dot=True)
            mission = Mission(
                SCOPE, sending, connector(sending), "nous@example.org", self.folder / "none.csv"
            )
            send_letters(ledger, mission, clock=clock, stop=threading.Event())
            self.disk.moment = self.receiver.moment = lambda: None
        if len(self.receiver.left) != self.letters:
            raise RuntimeError(f"only {len(self.receiver.left)} letters left")
        return self.tally

    def _perhaps(self, likely: float, *, dot: bool = False) -> None:
        if self.chance.random() >= likely:
            return
        self.tally.cuts += 1
        self.tally.at_the_dot += dot
        with tempfile.TemporaryDirectory(dir=self.folder) as temporary:
            after = Path(temporary)
            self.disk.lose_power(after, self.chance)
            # The witness is written without a sync: at worst for us, all of it has arrived.
            shutil.copytree(self.folder / "witness", after / "witness")
            self._look(after)

    def _look(self, after: Path) -> None:
        """Open what is left, as the next run would."""
        left = self.receiver.left
        try:
            with open_ledger(after / OUTBOX, witness_folder=after / "witness") as ledger:
                self.tally.called_old += self._called_old(ledger)
            # What the ledger alone would do: its witness would not let an old one go on.
            with open_ledger(after / OUTBOX, witness_folder=after / "no witness") as ledger:
                ledger.transact(lambda c: recover(c, now=SystemClock().now(), alone=True))
                with ledger.read() as connection:
                    rows = standings(connection, SCOPE)
                due = {row.address for row in rows if row.state in (State.WAITING, State.DEFERRED)}
                named = {row.address for row in rows if row.state is State.UNCERTAIN}
                self.tally.again += len(due & left)
                self.tally.forgotten += self.letters - len(due | left | named)
        except OutreachError:
            self.tally.damaged += 1

    def _called_old(self, ledger: Ledger) -> bool:
        try:
            check_newest(ledger)
        except OutreachError:
            return True
        return False


def main() -> None:
    """Run one experiment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int, default=60)
    parser.add_argument("--cuts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", help="instead of what the ledger sets")
    given = parser.parse_args()
    settings = {"synchronous": given.synchronous} if given.synchronous else {}
    with tempfile.TemporaryDirectory() as temporary:
        tally = Experiment(Path(temporary), given.letters, given.cuts, given.seed).run(**settings)
    print(json.dumps(vars(tally)), flush=True)  # noqa: T201 - its result


if __name__ == "__main__":
    main()
