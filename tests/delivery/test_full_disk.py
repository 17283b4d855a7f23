"""A disk that fills up or cannot be written while letters leave: a real one, of a few megabytes."""

from __future__ import annotations

import contextlib
import subprocess
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.delivery.conftest import Office

from outreach.errors import OutreachError
from outreach.outbox.ledger import open_ledger
from outreach.outbox.schema import State
from outreach.outbox.standing import standings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.delivery.conftest import FastClock, Start

LETTERS = 40


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def office(disk: Path, tmp_path: Path, clock: FastClock) -> Iterator[Office]:
    """An outbox on the small disk; the witness is elsewhere, as it is in life."""
    place = disk / "outbox.sqlite"
    with open_ledger(place, create=True, witness_folder=tmp_path / "witness") as ledger:
        yield Office(ledger, clock, tmp_path / "suppression.csv")


def states(office: Office) -> dict[str, State]:
    with office.ledger.read() as connection:
        return {row.address: row.state for row in standings(connection, office.scope)}


ROOMS = [
    pytest.param(room, marks=[] if room % 60 == 0 else pytest.mark.slow)
    for room in range(0, 240, 12)
]


@pytest.mark.parametrize("room", ROOMS)
def test_wherever_the_disk_fills_up_nothing_is_doubled_or_lost(
    office: Office, start_server: Start, disk: Path, room: int
) -> None:
    """Room for 0 to 57 blocks more: what the server took is known; with space again all goes on."""
    server = start_server()
    office.plan(LETTERS)
    office.ledger.close()
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    subprocess.run(["truncate", "-s", f"-{room}K", filler], check=True)

    try:
        said = office.send(server.port).stopped
    except OutreachError as error:
        said = error.message
    took = Counter(server.accepted())
    filler.unlink()
    in_between = states(office)
    office.send(server.port)

    known = {State.ACCEPTED, State.COMMITTING}
    assert all(in_between[address] in known for address in took)
    # With no room at all SQLite cannot even open its log, and says so otherwise.
    words = ("free some space", "disk I/O error")
    assert any(word in said for word in words) or (said, len(took)) == ("", LETTERS)
    after = states(office)
    assert set(server.accepted().values()) == {1}
    assert set(after.values()) <= {State.ACCEPTED, State.UNCERTAIN}
    assert all(
        state is State.UNCERTAIN for one, state in after.items() if one not in server.accepted()
    )


def test_from_a_disk_that_cannot_be_written_nothing_leaves(
    office: Office, start_server: Start, disk: Path
) -> None:
    """Read-only: refused with its remedy, and the server has seen nothing."""
    server = start_server()
    office.plan(3)
    office.ledger.close()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

    with pytest.raises(OutreachError, match=r"give yourself the right|cannot be used") as refusal:
        office.send(server.port)

    assert str(disk) in refusal.value.message
    assert server.accepted() == {}
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
