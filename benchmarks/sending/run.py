"""How fast letters leave, beside mailmerge and a yagmail loop; planning; far away; memory.

    python benchmarks/sending/run.py [LETTERS]      writes benchmarks/sending/results.md

Goals: one connection as fast as mailmerge, four twice as fast; 577 letters over TLS with 20 ms of
round trip and four connections in 20 s; 925 letters planned (rendered, checked, frozen) in 5 s;
memory flat from 1 000 to 50 000 letters.

Needs Postfix's smtp-sink (Debian: postfix) and, for its line, `pip install mailmerge`. Each case
runs in a fresh process, the senders in turn and three times over, best of three; the ratios are
those of this one run on this one machine. Kills and power cuts: proofs.py.
"""

import datetime as dt
import multiprocessing
import os
import platform
import resource
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trustme
import yagmail

from outreach.delivery.clock import SystemClock
from outreach.delivery.connection import connector
from outreach.delivery.mission import Mission
from outreach.delivery.send import send_letters
from outreach.outbox.approval import approve
from outreach.outbox.claims import Outcome, Scope, claim, commit_to_send, new_owner, record_outcome
from outreach.outbox.ledger import open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.schema import State
from outreach.outbox.suppression import SuppressionList
from outreach.sending import Sending

SCOPE = Scope("mesure-0123456789", 1)
TEXT = "Madame la Députée,\r\n" + "Votre circonscription compte douze établissements.\r\n" * 100
FAR = Path(__file__).with_name("far.py")
ROUNDS = 3


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
        planned = plan_letters(
            ledger, SCOPE, [letter(number) for number in range(1, count + 1)],
            campaign_name="Mesure", suppressions=SuppressionList(()), now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
        approve(ledger, SCOPE, planned.code, now=dt.datetime.now(dt.UTC))


def by_outreach(
    folder: Path, port: int, connections: int, context: ssl.SSLContext | None = None
) -> None:
    sending = Sending(
        host="localhost", port=port, security="ssl" if context else "none", authentication="none",
        connections=connections, letters_per_connection=100_000,
    )  # fmt: skip
    with open_ledger(folder / "outbox.sqlite", witness_folder=folder) as ledger:
        mission = Mission(
            SCOPE,
            sending,
            connector(sending, context),
            "nous@example.org",
            folder / "suppression.csv",
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


def planned(folder: Path, count: int) -> Path:
    """A new folder with a planned outbox; planned apart, for its memory would be inherited."""
    folder.mkdir()
    timed(plan, folder, count)
    return folder


def senders(
    count: int, port: int, folder: Path, memory: Path
) -> dict[str, tuple[Callable[..., None], tuple[Any, ...]]]:
    """What is timed: its name, the work, the work's arguments."""
    ways: dict[str, tuple[Callable[..., None], tuple[Any, ...]]] = {
        "outreach, 1 connection": (by_outreach, (planned(folder / "1", count), port, 1)),
        "outreach, 4 connections": (by_outreach, (planned(folder / "4", count), port, 4)),
    }
    if Path(sys.executable).with_name("mailmerge").exists():
        ways["mailmerge, no ledger"] = (by_mailmerge, (folder, port, count))
    ways["yagmail .send() loop, no ledger"] = (by_yagmail, (port, count))
    ways["the ledger's writes alone, on disk"] = (ledger_alone, (planned(folder / "0", count),))
    ways["the ledger's writes alone, in memory"] = (
        ledger_alone, (planned(memory / "0", count),),
    )  # fmt: skip
    return ways


def speeds(count: int, folder: Path) -> list[str]:
    """Each sender in turn, several rounds; the best of each."""
    process, port = sink()
    best: dict[str, float] = {}
    try:
        for turn in range(ROUNDS):
            work = folder / f"round{turn}"
            work.mkdir()
            with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
                for name, (way, words) in senders(count, port, work, Path(memory)).items():
                    best[name] = min(timed(way, *words)[0], best.get(name, 1e9))
    finally:
        process.kill()
        process.wait()
    base = best.get("mailmerge, no ledger", 0.0)
    return [
        f"| {name} | {count / seconds:.0f} | {1000 * seconds / count:.2f} | "
        f"{f'{base / seconds:.1f} ×' if base else '–'} |"
        for name, seconds in best.items()
    ]


def far_away(folder: Path) -> str:
    """577 letters over TLS with 20 ms of round trip, 4 connections."""
    authority = trustme.CA()
    certificate = folder / "server.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(certificate)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    process, port = sink()
    with subprocess.Popen(
        [sys.executable, str(FAR), str(port), str(certificate)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        far_port = int(server.stdout.readline())
        seconds, _ = timed(by_outreach, planned(folder / "far", 577), far_port, 4, context)
        server.kill()
    process.kill()
    process.wait()
    return f"577 letters, TLS, 20 ms of round trip, 4 connections: {seconds:.1f} s (goal 20 s)."


def planning(folder: Path) -> str:
    """`outreach plan` on a copy of the bundled campaign: rendered, checked, frozen."""
    program = str(Path(sys.executable).with_name("outreach"))
    seconds = []
    for turn in range(ROUNDS):
        campaign = folder / f"campaign{turn}"
        subprocess.run([program, "new", str(campaign)], check=True, capture_output=True)
        start = time.perf_counter()
        ended = subprocess.run(
            [program, "plan", "--campaign", str(campaign)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        seconds.append(time.perf_counter() - start)
    first = ended.stdout.splitlines()[0].split(" wait in ")[0]
    return (
        f"`outreach plan` on the bundled campaign, the whole command: {min(seconds):.1f} s "
        f"(goal 5 s; {first}, the others of the 917 held for paper)."
    )


def memory(folder: Path) -> list[str]:
    process, port = sink()
    lines = []
    try:
        for count in (1_000, 10_000, 50_000):
            work = planned(folder / f"memory{count}", count)
            _, peak = timed(by_outreach, work, port, 1)
            lines.append(f"| {count} | {peak / 1024:.0f} |")
    finally:
        process.kill()
        process.wait()
    return lines


def main() -> None:
    """Measure and write results.md."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        load = os.getloadavg()[0]
        text = [
            f"# Sending: {dt.date.today()}",  # noqa: DTZ011 - the machine's own day
            "",
            f"Linux {platform.machine()}, {os.cpu_count()} CPUs, load {load:.1f} at the start, "
            f"Python {platform.python_version()}; one fdatasync of a page "
            f"{sync_time(folder):.2f} ms; {count} letters of 5 kB to smtp-sink, best of {ROUNDS}.",
            "",
            "| sender | letters/s | ms a letter | against mailmerge |",
            "|---|---|---|---|",
            *speeds(count, folder),
            "",
            f"A letter waits for two syncs with one connection, for half a one with four; after all this one "
            f"costs {sync_time(folder):.2f} ms.",
            "",
            far_away(folder),
            "",
            planning(folder),
            "",
            "| letters sent | peak memory, MB |",
            "|---|---|",
            *memory(folder),
        ]
    Path(__file__).with_name("results.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
