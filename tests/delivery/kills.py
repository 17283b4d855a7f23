"""Senders killed with -9 at random moments, started again until done; then the server is asked.

    python kills.py --place outbox.sqlite --letters 150 --kills 15 --seed 1

Prints one JSON line. The server's own log, synced before it replies, is the truth: `doubled`
counts recipients with two copies or more, `lost` those with none whom nobody names. With
`--sender naive` the sender is a yagmail loop with a CSV log: there the harness must find doubles.
"""

import argparse
import csv
import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yagmail

from outreach.delivery.connection import connector
from outreach.delivery.mission import Mission
from outreach.delivery.send import send_letters
from outreach.outbox.approval import approve
from outreach.outbox.claims import Scope
from outreach.outbox.ledger import open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.schema import State
from outreach.outbox.standing import standings
from outreach.outbox.suppression import SuppressionList
from outreach.sending import Sending

# Bytes of a line of the server's log, about.
_LINE = 140
SCOPE = Scope("campagne-0123456789", 1)
# Late replies open the window in which a letter is accepted and the sender does not know.
WEIGHTS = {"late_reply": 0.2, "drop_after_accept": 0.002, "drop_rcpt": 0.005, "defer_rcpt": 0.005}


class Hurried:
    """The computer's clock, ahead by ``ahead``; waits for delays are over at once."""

    def __init__(self, ahead: dt.timedelta) -> None:
        self.ahead = ahead

    def now(self) -> dt.datetime:
        """Give the present."""
        return dt.datetime.now(dt.UTC) + self.ahead

    def wait(self, until: dt.datetime, stop: threading.Event) -> None:
        """Move on to that time."""
        stop.wait(0.005)
        self.ahead += max(until - self.now(), dt.timedelta(0))


def address(number: int) -> str:
    return f"depute{number}@example.org"


def freeze(number: int) -> FrozenMessage:
    identity = f"<{number}@example.org>"
    head = (
        f"From: nous@example.org\r\nTo: {address(number)}\r\nSubject: Lettre {number}\r\n"
        f"Message-ID: {identity}\r\n\r\nBonjour.\r\n"
    )
    return FrozenMessage(
        recipient_id=f"PA{number:06d}",
        name=f"Camille Exemple {number}",
        chamber="assemblee",
        political_group="",
        department_code="01",
        constituency_code="01-01",
        address=address(number),
        subject=f"Lettre {number}",
        message_id=identity,
        head=head.encode(),
        tail=b"",
        boundary="",
        template_digest="",
    )


def send_by_outreach(place: Path | str, port: int, ahead: dt.timedelta, folder: Path) -> None:
    """What a sender does, without the lock that would keep a second one away."""
    sending = Sending(
        host="localhost", port=port, security="none", authentication="none", connections=2
    )
    with open_ledger(place, witness_folder=folder / "witness") as ledger:
        mission = Mission(
            SCOPE, sending, connector(sending), "nous@example.org", folder / "suppression.csv"
        )
        send_letters(ledger, mission, clock=Hurried(ahead), stop=threading.Event())


def send_naively(log: Path, port: int, letters: int) -> None:
    """What a script does: send what the log does not have, write the log after each."""
    done = set()
    if log.exists():
        with log.open(newline="") as file:
            done = {row[0] for row in csv.reader(file) if row}
    client = yagmail.SMTP(
        {"nous": "nous@example.org"}, host="localhost", port=port, smtp_ssl=False,
        smtp_starttls=False, smtp_skip_login=True, soft_email_validation=False,
    )  # fmt: skip
    with log.open("a", newline="") as file:
        writer = csv.writer(file)
        for number in range(1, letters + 1):
            if address(number) in done:
                continue
            try:
                client.send(address(number), f"Lettre {number}", "Bonjour.")
            except Exception:  # noqa: BLE001 - as scripts do
                continue
            writer.writerow([address(number)])
            file.flush()


def in_a_child(work: Callable[[], None]) -> int:
    """Fork: what is loaded is loaded, so that kills hit the sending and not the imports."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the child says it and ends
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def wait_for(log: Path, more: int) -> None:
    """Wait until the server has taken so many more letters, or takes none any more."""
    before = moved = log.stat().st_size if log.exists() else 0
    deadline = time.monotonic() + 0.7
    while time.monotonic() < deadline:
        size = log.stat().st_size if log.exists() else 0
        if size >= before + more * _LINE:
            return
        if size > moved:
            moved, deadline = size, time.monotonic() + 0.7
        time.sleep(0.002)


def main() -> None:
    """Run one experiment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--place", required=True)
    parser.add_argument("--letters", type=int, default=150)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--senders", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sender", choices=["outreach", "naive"], default="outreach")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(experiment(given, chance, Path(temporary))), flush=True)  # noqa: T201 - its result


def experiment(given: argparse.Namespace, chance: random.Random, folder: Path) -> dict[str, object]:
    """Plan, send under fire, send in peace, compare with the server."""
    place = given.place if "://" in given.place else Path(given.place)
    log, script = folder / "accepted.log", folder / "script.json"
    script.write_text(json.dumps({"random": {"seed": given.seed, "weights": WEIGHTS}}))
    program = Path(__file__).with_name("fault_server.py")
    with subprocess.Popen(
        [sys.executable, str(program), str(log), str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        if given.sender == "outreach":
            with open_ledger(place, create=True, witness_folder=folder / "witness") as ledger:
                planned = plan_letters(
                    ledger,
                    SCOPE,
                    [freeze(number) for number in range(1, given.letters + 1)],
                    campaign_name="Essai",
                    suppressions=SuppressionList(()),
                    now=dt.datetime.now(dt.UTC),
                )
                approve(ledger, SCOPE, planned.code, now=dt.datetime.now(dt.UTC))

        def sender(ahead: dt.timedelta) -> Callable[[], None]:
            if given.sender == "outreach":
                return lambda: send_by_outreach(place, port, ahead, folder)
            return lambda: send_naively(folder / "log.csv", port, given.letters)

        kills = 0
        hour = dt.timedelta(hours=1)
        for round_ in range(given.kills):
            children = [in_a_child(sender(round_ * hour)) for _ in range(given.senders)]
            for child in children:
                # In the middle of the work: some letters on, and up to a slow reply later.
                share = 2 * given.letters // (given.kills * given.senders)
                wait_for(log, chance.randint(1, max(2, share)))
                time.sleep(chance.uniform(0, chance.choice((0.004, 0.06))))
                os.kill(child, signal.SIGKILL)
            kills += sum(os.waitpid(child, 0)[1] == signal.SIGKILL for child in children)
        last = [in_a_child(sender((given.kills + 1) * hour)) for _ in range(given.senders)]
        for child in last:
            os.waitpid(child, 0)
        if given.senders > 1 or "://" in given.place:
            # Claims of the killed end with their leases, an hour later.
            os.waitpid(in_a_child(sender((given.kills + 3) * hour)), 0)
        server.kill()
    copies = Counter(json.loads(line)["to"] for line in log.read_text().splitlines())
    return {"kills": kills, **judged(given, place, folder, copies)}


def judged(
    given: argparse.Namespace, place: Path | str, folder: Path, copies: Counter[str]
) -> dict[str, object]:
    """Compare what the sender knows with what the server has."""
    doubled = sum(count > 1 for count in copies.values())
    if given.sender == "naive":
        return {"doubled": doubled, "lost": given.letters - len(copies), "uncertain": 0}
    with (
        open_ledger(place, witness_folder=folder / "witness") as ledger,
        ledger.read() as connection,
    ):
        rows = standings(connection, SCOPE)
    wrong = [
        row.address
        for row in rows
        if (row.state is State.ACCEPTED) != (copies[row.address] == 1)
        and row.state is not State.UNCERTAIN
    ]
    return {
        "doubled": doubled,
        "lost": sum(not copies[row.address] and row.state is not State.UNCERTAIN for row in rows),
        "uncertain": sum(row.state is State.UNCERTAIN for row in rows),
        "wrong": len(wrong),
        "states": Counter(str(row.state) for row in rows),
    }


if __name__ == "__main__":
    main()
