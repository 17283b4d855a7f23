"""Senders killed with -9 at random: never two copies, nothing lost in silence."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def experiment(**options: object) -> dict[str, Any]:
    seed = random.SystemRandom().randrange(10**6)
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    program = str(Path(__file__).with_name("kills.py"))
    ended = subprocess.run(
        [sys.executable, program, "--seed", str(seed), *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    print(f"seed {seed}: {found}")  # noqa: T201 - to run a failure again
    return found


@pytest.mark.parametrize("senders", [1, 2, pytest.param(4, marks=pytest.mark.slow)])
def test_nobody_gets_two_copies_and_nobody_is_forgotten(
    ledger_place: Path | str, senders: int
) -> None:
    """One, two or four senders without a lock, killed and started again, on both databases."""
    found = experiment(place=ledger_place, letters=80, kills=5, senders=senders)

    assert found["doubled"] == found["lost"] == found["wrong"] == 0
    assert set(found["states"]) <= {"accepted", "uncertain"}
    assert found["kills"] > 0


def test_the_harness_catches_a_naive_loop(tmp_path: Path) -> None:
    """The same kills on a yagmail loop with a CSV log find doubles, or the harness is wrong."""
    found = experiment(place=tmp_path / "none.sqlite", letters=80, kills=12, sender="naive")

    assert found["doubled"] > 0
