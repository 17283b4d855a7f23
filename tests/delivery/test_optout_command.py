"""`outreach optout`: who asked not to be written to is not written to, by any campaign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from outreach.outbox.suppression import read_suppressions, suppression_path

if TYPE_CHECKING:
    from tests.delivery.mailroom import Begun, Receiver, Run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("by", ["recipient_id", "address"])
def test_a_parliamentarian_is_meant_as_a_person(run: Run, begun: Begun, by: str) -> None:
    """By id or by published address the entry names the person, so that a new address is no way round."""
    row = begun.letter("waiting")

    shown = run("optout", getattr(row, by), "--reason", "par téléphone")

    [entry] = read_suppressions(suppression_path()).entries
    assert shown.code == 0
    assert shown.out.startswith(f"{row.name} {row.recipient_id} ")
    assert (entry.official_id, entry.name, entry.reason) == (
        row.recipient_id, row.name, "par téléphone",
    )  # fmt: skip
    assert read_suppressions(suppression_path()).reason(row.recipient_id, "new@example.org")


def test_another_address_is_kept_as_it_is(run: Run) -> None:
    """An office's address that no list has; in capitals it is the same."""
    first = run("optout", "Cabinet@example.org", "--name", "Cabinet d'exemple")
    again = run("optout", "cabinet@EXAMPLE.org")
    listed = run("optout")

    assert "is now on" in first.out
    assert "was already on" in again.out
    assert "Cabinet d'exemple Cabinet@example.org: asked not to be written to" in listed.out
    assert listed.out.splitlines()[-1].startswith("1 entry in ")


@pytest.mark.parametrize("who", ["PA0", "Martin", "deux mots@example.org", "a@b\n.org"])
def test_a_word_that_means_nobody_is_refused(run: Run, who: str) -> None:
    """A typing error would protect nobody: it is said, and the list does not change."""
    shown = run("optout", who)

    assert shown.code == 1
    assert read_suppressions(suppression_path()).entries == ()


def test_the_letter_that_waits_is_held_at_once(run: Run, begun: Begun, receiver: Receiver) -> None:
    """With --campaign the waiting letter is held; the next run does not send it."""
    row = begun.letter("waiting")

    shown = run("optout", row.recipient_id, "--campaign", begun.folder)
    code = run("send", "--campaign", begun.folder).out.split()[-1]
    run("send", "--campaign", begun.folder, "--confirm", code, "--limit", "3")

    assert shown.out.endswith("1 letter that waited is held.\n")
    assert row.address not in {address for address, _ in receiver.taken}
    assert {one.recipient_id: one.state for one in begun.letters()}[row.recipient_id] == "held"


def test_what_send_would_do_heeds_who_opted_out_of_all_campaigns(run: Run, begun: Begun) -> None:
    """Without --campaign nothing is held yet; doctor and the dry run count and name as send will."""
    row, waiting = begun.letter("waiting"), len(begun.letters("waiting"))
    before = run("send", "--campaign", begun.folder)

    run("optout", row.recipient_id)
    checked = run("doctor", "--offline", "--campaign", begun.folder)
    dry = run("send", "--campaign", begun.folder)

    assert f"Would send {waiting} letters" in before.out
    assert row.address in before.out
    assert f"Would send {waiting - 1} letters" in dry.out
    assert row.address not in dry.out
    assert "1 more asked not to be written to since they were planned" in dry.out
    assert "recipients: 1 suppressed" in checked.out


def test_a_list_that_cannot_be_read_stops_sending(
    run: Run, begun: Begun, receiver: Receiver, tmp_path: Path
) -> None:
    """A damaged list is a refusal that names its row, looking ahead too; nothing leaves meanwhile."""
    code = run("send", "--campaign", begun.folder).out.split()[-1]
    run("optout", "cabinet@example.org")
    path = suppression_path()
    path.write_text(path.read_text(encoding="utf-8") + "x;;;;hier\n", encoding="utf-8")

    dry = run("send", "--campaign", begun.folder)
    checked = run("doctor", "--offline", "--campaign", begun.folder)
    shown = run("send", "--campaign", begun.folder, "--confirm", code)

    assert (shown.code, dry.code, checked.code) == (1, 1, 1)
    assert "row 3" in shown.err
    assert "row 3" in dry.err
    assert "row 3" in checked.out
    assert receiver.taken == []
