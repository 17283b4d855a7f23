"""Never twice, never lost: the long runs of the harnesses that CI runs for seconds.

    python benchmarks/sending/proofs.py             writes benchmarks/sending/proofs.md

Goals: 500 power cuts with the ledger's own settings, no letter that left would leave again; with
synchronous=NORMAL the same harness must find some. 30 pairs of senders and four at once without a
lock, killed at random moments, on both databases, and one sender of 2 000 letters killed 200 times:
none doubled, none lost. PostgreSQL runs if its Debian package is there.
"""

import datetime as dt
import functools
import json
import os
import platform
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[2] / "tests" / "delivery"


def run(program: str, *words: str) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, str(TESTS / program), *words], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    print(program, *words, found, flush=True)
    return found


@contextmanager
def postgresql() -> Iterator[str | None]:
    """A server of this run on a private port; fsync is on, unlike in the tests."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="outreach-pg."))
    command: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        command = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = functools.partial(subprocess.run, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    data, tools = folder / "data", programs[-1].parent
    quiet([*command, str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "outreach"])
    control = [*command, str(tools / "pg_ctl"), "-D", str(data), "-w"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    quiet([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        yield f"postgresql://outreach@127.0.0.1:{port}"
    finally:
        quiet([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def database(server: str) -> str:
    import psycopg

    name = f"outbox_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def power(letters: int, cuts: int, *, seed: int, synchronous: str = "") -> str:
    words = ["--letters", str(letters), "--cuts", str(cuts), "--seed", str(seed)]
    if synchronous:
        words += ["--synchronous", synchronous]
    found = run("power.py", *words)
    name = synchronous or "the ledger's own"
    return (
        f"| synchronous: {name} | {found['cuts']} | {found['at_the_dot']} | {found['again']} | "
        f"{found['forgotten']} | {found['damaged']} | {found['called_old']} |"
    )


def kills(name: str, place: str, *words: str) -> str:
    found = run("kills.py", "--place", place, *words)
    return (
        f"| {name} | {found['kills']} | {found['doubled']} | {found['lost']} | "
        f"{found.get('wrong', '–')} | {found['uncertain']} |"
    )


def main() -> None:
    """Run them all and write proofs.md."""
    with tempfile.TemporaryDirectory() as temporary, postgresql() as server:
        files = (str(Path(temporary) / f"outbox{number}.sqlite") for number in range(100))
        cuts = [power(500, 560, seed=1), power(500, 560, seed=1, synchronous="NORMAL")]
        pairs = ("--letters", "1500", "--kills", "30", "--senders", "2", "--seed")
        fours = ("--letters", "1500", "--kills", "15", "--senders", "4", "--seed")
        long = ("--letters", "2000", "--kills", "400", "--senders", "1", "--seed", "5")
        naive = ("--letters", "2000", "--kills", "40", "--sender", "naive", "--seed", "6")
        killed = [
            kills("one sender, 2 000 letters, SQLite, seed 5", next(files), *long),
            kills("the control: a yagmail loop and a CSV log, 2 000 letters", next(files), *naive),
            kills("30 pairs of senders, SQLite, seed 1", next(files), *pairs, "1"),
            kills("four without a lock, SQLite, seed 2", next(files), *fours, "2"),
        ]
        if server:
            killed.append(kills("30 pairs, PostgreSQL, seed 3", database(server), *pairs, "3"))
            thirty = ("--letters", "1500", "--kills", "30", "--senders", "4", "--seed", "4")
            killed.append(
                kills("four workers 30 times, PostgreSQL, seed 4", database(server), *thirty)
            )
    text = [
        f"# Never twice, never lost: {dt.date.today()}",  # noqa: DTZ011 - the machine's own day
        "",
        f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}.",
        "",
        "Power cuts while 500 letters leave; what was not synced is dropped or torn by sectors.",
        "`again`: letters whose final dot had left and that would leave once more, over all cuts.",
        "",
        "| ledger | cuts | of them between dot and reply | again | forgotten | damaged | old |",
        "|---|---|---|---|---|---|---|",
        *cuts,
        "",
        "Senders killed with -9 at random moments and started again, without the lock that keeps a",
        "second one away; the server's own log is the truth. The control must double and lose some.",
        "",
        "| 1 500 letters unless said | killed | doubled | lost | wrong | uncertain |",
        "|---|---|---|---|---|---|",
        *killed,
    ]
    Path(__file__).with_name("proofs.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
