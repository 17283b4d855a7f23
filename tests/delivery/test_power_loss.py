"""Power cuts on a disk that loses what was not synced: no letter leaves twice."""

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
    program = str(Path(__file__).with_name("power.py"))
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


def test_after_a_power_cut_no_letter_leaves_again() -> None:
    """With the settings that the ledger itself makes, whatever moment the power fails at."""
    found = experiment(letters=60, cuts=60)

    assert found["cuts"] > 20
    assert found["at_the_dot"] > 5
    assert found["again"] == found["forgotten"] == 0
    assert found["damaged"] == found["called_old"] == 0


def test_the_harness_catches_a_disk_that_is_not_waited_for() -> None:
    """The same cuts with synchronous=NORMAL find letters that would leave again, or it is wrong."""
    found = experiment(letters=60, cuts=60, synchronous="NORMAL")

    assert found["again"] > 0
