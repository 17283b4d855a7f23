"""`outreach find` on terminals of several widths."""

import json
import subprocess
import sys

import pytest
from tests.cli.on_terminal import CONTROL, on_terminal

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 100, 140, 200])
def test_no_address_id_or_name_is_cut_however_narrow_the_terminal(columns: int) -> None:
    """
    Each id and address stands whole on one line, and each word of a name is whole.
    """
    rows = json.loads(
        subprocess.run(
            [sys.executable, "-m", "outreach", "find", "--department", "33", "--json"],
            capture_output=True, check=True,
        ).stdout
    )  # fmt: skip

    code, written = on_terminal("find", "--department", "33", columns=columns)

    words = CONTROL.sub("", written).split()
    assert code == 0
    assert "…" not in written
    for row in (row for row in rows if row["official_id"]):
        assert row["official_id"] in words
        assert (row["email"] or "(by") in words
        for part in f"{row['first_name']} {row['last_name']}".split():
            assert part in words
