"""Letters that are cut off in the middle: said at the end of the run, with what becomes of them."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.delivery.mailroom import Begun, code_of

if TYPE_CHECKING:
    from tests.delivery.mailroom import Receiver, Run

pytestmark = pytest.mark.slow


def begin(folder: Path, code: str, receiver: Receiver) -> subprocess.Popen[str]:
    """Start a sender; give it when the server has a letter and has not answered."""
    sender = subprocess.Popen(
        [sys.executable, "-m", "outreach", "send", "--campaign", folder, "--confirm", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not receiver.taken and time.monotonic() < deadline:
        time.sleep(0.05)
    return sender


def test_a_second_ctrl_c_says_what_was_in_hand(run: Run, begun: Begun, receiver: Receiver) -> None:
    """The letter without an answer is named as one that may have left, and the next run notes it."""
    receiver.slow.add(begun.letter("waiting").address)
    code = run("send", "--campaign", begun.folder).out.split()[-1]

    with begin(begun.folder, code, receiver) as sender:
        for _ in range(2):
            sender.send_signal(signal.SIGINT)
            time.sleep(0.5)
        _, said = sender.communicate(timeout=60)
    again = run("send", "--campaign", begun.folder, "--confirm", code, "--limit", "1")

    assert sender.returncode == 130
    assert "half-written" not in said
    assert "1 letter cut off may have left, or may not" in said
    assert "outreach outbox resolve --campaign" in said
    assert "2 may have left, or may not" in again.out, "one was uncertain before"
    assert "cut off" not in again.out


@pytest.fixture
def shared_outbox(begun: Begun, run: Run, postgresql_server: str) -> str:
    """The campaign planned once more in an outbox on PostgreSQL; its code."""
    name = f"outbox_{secrets.token_hex(6)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    toml = begun.folder / "campaign.toml"
    place = f"{postgresql_server.rpartition('/')[0]}/{name}"
    toml.write_text(
        toml.read_text(encoding="utf-8") + f'shared_outbox = "{place}"\n', encoding="utf-8"
    )
    return code_of(run("plan", "--campaign", begun.folder).out)


def test_what_a_killed_colleague_held_is_said_with_its_time(
    run: Run, begun: Begun, receiver: Receiver, shared_outbox: str
) -> None:
    """On a team's server a letter stays in hand until its lease ends; the end of a run says when."""
    receiver.slow.update(row.address for row in begun.letters() if row.address)
    with begin(begun.folder, shared_outbox, receiver) as colleague:
        colleague.kill()
    receiver.slow.clear()

    shown = run("send", "--campaign", begun.folder, "--confirm", shared_outbox, "--limit", "1")

    assert shown.code == 3
    assert re.search(
        r"1 letter in a sender's hands .* after \w+ \d+ \w+ \d\d:\d\d the same command",
        shown.out,
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_leaves_no_letter_unsaid(run: Run, begun: Begun, disk: Path) -> None:
    """What is in the middle when the ledger cannot be written any more is said by the run itself."""
    code = run("send", "--campaign", begun.folder).out.split()[-1]
    folder, filler = disk / "campagne", disk / "filler"
    shutil.copytree(begun.folder, folder)
    run("outbox", "adopt", "--newest", "--campaign", folder)
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    subprocess.run(["truncate", "-s", "-160K", filler], check=True)

    shown = run("send", "--campaign", folder, "--confirm", code)

    middle = Begun(folder).letters("claimed") + Begun(folder).letters("committing")
    assert middle
    assert "free some space" in shown.out + shown.err
    assert "1 letter cut off" in shown.out + shown.err
