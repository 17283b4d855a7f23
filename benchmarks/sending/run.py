"""How fast letters leave, beside mailmerge and a yagmail loop; the kills; memory.

    python benchmarks/sending/run.py [LETTERS]      writes benchmarks/sending/results.md

Needs Postfix's smtp-sink (Debian: postfix) and, for its line, `pip install mailmerge`. Each case
runs in a fresh process; the ratios are those of this one run on this one machine.
"""

import datetime as dt
import json
import multiprocessing
import os
import platform
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yagmail

from outreach.delivery.clock import SystemClock
from outreach.delivery.connection import connector
from outreach.delivery.mission import Mission
from outreach.delivery.send import send_letters
from outreach.outbox.claims import Outcome, Scope, claim, commit_to_send, new_owner, record_outcome
from outreach.outbox.ledger import open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.schema import State
from outreach.outbox.suppression import SuppressionList
from outreach.sending import Sending

SCOPE = Scope("mesure-0123456789", 1)
TEXT = "Madame la Députée,\r\n" + "Votre circonscription compte douze établissements.\r\n" * 100
KILLS = Path(__file__).parents[2] / "tests" / "delivery" / "kills.py"
FAULTS = KILLS.with_name("fault_server.py")


def letter(number: int) -> FrozenMessage:
    address = f"depute{number}@example.org"
    head = (
        f"From: nous@example.org\r\nTo: {address}\r\nSubject: Lettre {number}\r\n"
        f"Message-ID: <{number}@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return FrozenMessage(
        recipient_id=f"PA{number}", name=f"Camille Exemple {number}", chamber="assemblee",
        political_group="", department_code="01", constituency_code="01-01", address=address,
        subject=f"Lettre {number}", message_id=f"<{number}@example.org>",
        head=head.encode() + TEXT.encode().replace("é".encode(), b"e"), tail=b"", boundary="",
        template_digest="",
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def plan(folder: Path, count: int) -> None:
    with open_ledger(folder / "outbox.sqlite", create=True, witness_folder=folder) as ledger:
        plan_letters(
            ledger, SCOPE, [letter(number) for number in range(1, count + 1)],
            campaign_name="Mesure", suppressions=SuppressionList(()), now=dt.datetime.now(dt.UTC),
        )  # fmt: skip


def by_outreach(folder: Path, port: int, connections: int) -> None:
    sending = Sending(
        host="localhost", port=port, security="none", authentication="none",
        connections=connections, letters_per_connection=100_000,
    )  # fmt: skip
    with open_ledger(folder / "outbox.sqlite", witness_folder=folder) as ledger:
        mission = Mission(
            SCOPE, sending, connector(sending), "nous@example.org", folder / "suppression.csv"
        )
        sent = send_letters(ledger, mission, clock=SystemClock(), stop=threading.Event())
    assert set(sent.states) == {State.ACCEPTED}, sent


def by_yagmail(port: int, count: int) -> None:
    client = yagmail.SMTP(
        {"nous": "nous@example.org"}, host="localhost", port=port, smtp_ssl=False,
        smtp_starttls=False, smtp_skip_login=True, soft_email_validation=False,
    )  # fmt: skip
    for number in range(1, count + 1):
        client.send(f"depute{number}@example.org", f"Lettre {number}", TEXT)


def by_mailmerge(folder: Path, port: int, count: int) -> None:
    (folder / "mailmerge_template.txt").write_text(
        "TO: {{email}}\nFROM: nous@example.org\nSUBJECT: Lettre\n\n" + TEXT.replace("\r", "")
    )
    rows = "".join(f"depute{number}@example.org\n" for number in range(1, count + 1))
    (folder / "mailmerge_database.csv").write_text("email\n" + rows)
    (folder / "mailmerge_server.conf").write_text(
        f"[smtp_server]\nhost = localhost\nport = {port}\n"
    )
    program = Path(sys.executable).with_name("mailmerge")
    subprocess.run(
        [program, "--no-dry-run", "--no-limit"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )


def ledger_alone(folder: Path) -> None:
    """All the durable writes of a send, without any network."""
    owner, now = new_owner(), dt.datetime.now(dt.UTC)
    with open_ledger(folder / "outbox.sqlite", witness_folder=folder) as ledger:
        taken = ledger.transact(lambda c: claim(c, SCOPE, owner=owner, now=now))
        while taken is not None:
            held = taken
            ledger.transact(lambda c, held=held: commit_to_send(c, held, now=now))

            def step(c: Any, held: Any = held) -> Any:
                record_outcome(c, held, Outcome(State.ACCEPTED, 250), now=now)
                return claim(c, SCOPE, owner=owner, now=now)

            taken = ledger.transact(step)


def timed(work: Callable[..., None], *arguments: Any) -> tuple[float, int]:
    """Give seconds and peak kilobytes of work in a fresh process."""
    receiver, sender = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        start = time.perf_counter()
        work(*arguments)
        sender.send(
            (time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        )

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(f"{work.__name__} failed")
    found: tuple[float, int] = receiver.recv()
    return found


def sync_time(folder: Path) -> float:
    """Give the median milliseconds of one fdatasync of a page."""
    handle = os.open(folder / "sync", os.O_RDWR | os.O_CREAT)
    times = []
    for place in range(200):
        start = time.perf_counter()
        os.pwrite(handle, b"x" * 4096, place * 4096)
        os.fdatasync(handle)
        times.append(time.perf_counter() - start)
    os.close(handle)
    return 1000 * statistics.median(times)


def sink() -> tuple["subprocess.Popen[bytes]", int]:
    port = free_port()
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *user, f"127.0.0.1:{port}", "256"])
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    return process, port


def speeds(count: int, folder: Path) -> list[str]:
    process, port = sink()
    lines = []
    try:
        rates = {}
        for name, connections in (("outreach, 1 connection", 1), ("outreach, 4 connections", 4)):
            work = folder / name.replace(" ", "")
            work.mkdir()
            plan(work, count)
            rates[name] = timed(by_outreach, work, port, connections)
        rates["yagmail .send() loop"] = timed(by_yagmail, port, count)
        if Path(sys.executable).with_name("mailmerge").exists():
            rates["mailmerge"] = timed(by_mailmerge, folder, port, count)
        work = folder / "ledger"
        work.mkdir()
        plan(work, count)
        rates["the ledger alone, no network"] = timed(ledger_alone, work)
    finally:
        process.kill()
        process.wait()
    base = rates.get("mailmerge", (0.0, 0))[0]
    for name, (seconds, _) in rates.items():
        ratio = f"{base / seconds:.1f} ×" if base else "–"
        lines.append(f"| {name} | {count / seconds:.0f} | {1000 * seconds / count:.2f} | {ratio} |")
    return lines


def far_away(folder: Path) -> str:
    """577 letters with 20 ms before each reply, 4 connections."""
    script = folder / "far.json"
    script.write_text(json.dumps({"delay": 0.02}))
    with subprocess.Popen(
        [sys.executable, str(FAULTS), str(folder / "far.log"), str(script)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        port = int(server.stdout.readline())
        work = folder / "far"
        work.mkdir()
        plan(work, 577)
        seconds, _ = timed(by_outreach, work, port, 4)
        server.kill()
    return f"577 letters, 20 ms before each reply (no TLS), 4 connections: {seconds:.1f} s"


def memory(folder: Path) -> list[str]:
    process, port = sink()
    lines = []
    try:
        for count in (1_000, 5_000):
            work = folder / f"memory{count}"
            work.mkdir()
            # Apart: the parent's memory would be inherited.
            timed(plan, work, count)
            _, peak = timed(by_outreach, work, port, 1)
            lines.append(f"| {count} | {peak / 1024:.0f} |")
    finally:
        process.kill()
        process.wait()
    return lines


def kills(folder: Path, *words: str) -> str:
    place = folder / f"kills{len(list(folder.iterdir()))}.sqlite"
    ended = subprocess.run(
        [sys.executable, str(KILLS), "--place", str(place), *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return f"| `{' '.join(words)}` | {ended.stdout.strip()} |"


def main() -> None:
    """Measure and write results.md."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        rounds = ["--letters", str(count), "--kills", str(count // 10)]
        text = [
            f"# Sending: {dt.date.today()}",  # noqa: DTZ011 - the machine's own day
            "",
            f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; "
            f"one fdatasync {sync_time(folder):.2f} ms; {count} letters of 5 kB to smtp-sink.",
            "",
            "| sender | letters/s | ms a letter | against mailmerge |",
            "|---|---|---|---|",
            *speeds(count, folder),
            "",
            far_away(folder),
            "",
            "| letters sent | peak memory, MB |",
            "|---|---|",
            *memory(folder),
            "",
            "| kill -9 at random | result |",
            "|---|---|",
            *(kills(folder, *rounds, "--seed", seed) for seed in ("1", "2", "3")),
            kills(folder, *rounds, "--seed", "4", "--senders", "4"),
            kills(folder, *rounds, "--seed", "1", "--sender", "naive"),
        ]
    Path(__file__).with_name("results.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
