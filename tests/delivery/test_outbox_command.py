"""`outreach outbox`: doubts, cancelled letters, frozen messages, copies; what only a person decides."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from outreach.outbox.resolve import message_of

if TYPE_CHECKING:
    from tests.delivery.mailroom import Begun, Receiver, Run

pytestmark = pytest.mark.slow


def states(begun: Begun) -> Counter[str]:
    return Counter(str(row.state) for row in begun.letters())


def test_doubts_are_listed_with_what_helps_to_find_them(run: Run, begun: Begun) -> None:
    """Who, where, when, the Message-ID to search for, what was said, and the proofs so far."""
    doubt = begun.letter("uncertain")

    shown = run("outbox", "resolve", "--campaign", begun.folder)

    assert shown.code == 0
    assert shown.out.splitlines()[0] == "Letters that may have left, or may not: 1."
    assert f"{doubt.recipient_id}  {doubt.name} <{doubt.address}>" in shown.out
    assert f"Message-ID {doubt.message_id}: " in shown.out
    assert "odd reply after the final dot: 354 go on; no proof yet" in shown.out


def test_a_letter_found_in_the_archive_is_shown_as_a_proof(
    run: Run, begun: Begun, tmp_path: Path
) -> None:
    """The archive's own copy, read with `replies read`, stands beside the doubt."""
    doubt = begun.letter("uncertain")
    show = [sys.executable, "-m", "outreach", "outbox", "show", doubt.recipient_id]
    copy = subprocess.run(
        [*show, "--campaign", str(begun.folder)], capture_output=True, check=True
    ).stdout
    (tmp_path / "archive.eml").write_bytes(copy)

    read = run("replies", "read", tmp_path / "archive.eml", "--campaign", begun.folder)
    shown = run("outbox", "resolve", "--campaign", begun.folder)

    assert "1  copy" in read.out
    assert "no proof yet" not in shown.out
    assert "copy of 20" in shown.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--arrived", "ID"], 2, "give the proof with --why"),
        (["--arrived", "ID", "--why", "x"], 1, "you decide about 1 letter: type --count 1"),
        (["--arrived", "ID", "--why", "x", "--count", "2"], 1, "type --count 1"),
        (
            ["--arrived", "ID", "--not-arrived", "ID", "--why", "x", "--count", "1"],
            1,
            "cannot have",
        ),
        (
            ["--arrived", "ID", "--not-arrived", "WAITING", "--why", "x", "--count", "2"],
            1,
            "nothing was changed",
        ),
        (["--arrived", "WAITING", "--why", "x", "--count", "1"], 1, "not uncertain letters"),
    ],
)
def test_a_decision_without_proof_or_count_changes_nothing(
    run: Run, begun: Begun, words: list[str], code: int, said: str
) -> None:
    """What is missing is said, and the ledger is as it was."""
    ids = {"ID": begun.letter("uncertain"), "WAITING": begun.letter("waiting")}
    before = states(begun)

    shown = run(
        "outbox", "resolve", "--campaign", begun.folder,
        *(ids[word].recipient_id if word in ids else word for word in words),
    )  # fmt: skip

    assert shown.code == code
    assert said in shown.err
    assert states(begun) == before


def test_a_decision_ends_the_doubt_and_its_reason_is_kept(run: Run, begun: Begun) -> None:
    """Arrived: accepted, with the proof in the letter's history; then nothing is in doubt."""
    doubt = begun.letter("uncertain")

    shown = run(
        "outbox", "resolve", "--campaign", begun.folder,
        "--all-arrived", "--why", "dossier Envoyés", "--count", "1",
    )  # fmt: skip
    after = run("outbox", "resolve", "--campaign", begun.folder)
    history = run("status", "--campaign", begun.folder, "--recipient", doubt.recipient_id)

    assert (shown.code, shown.out) == (0, "1 accepted, 0 wait to be sent again.\n")
    assert after.out == "No letter is in doubt.\n"
    assert "decided: dossier Envoyés" in history.out


def test_a_letter_that_did_not_arrive_leaves_with_the_next_run(
    run: Run, begun: Begun, receiver: Receiver
) -> None:
    """Not arrived: it waits again, and leaves once, under the code approved before."""
    doubt = begun.letter("uncertain")
    run(
        "outbox", "resolve", "--campaign", begun.folder,
        "--not-arrived", doubt.recipient_id, "--why", "rien dans l'archive", "--count", "1",
    )  # fmt: skip
    code = run("send", "--campaign", begun.folder).out.split()[-1]

    sent = run("send", "--campaign", begun.folder, "--confirm", code)

    assert sent.code == 3, "one was refused before"
    assert [address for address, _ in receiver.taken].count(doubt.address) == 1
    assert states(begun)["uncertain"] == 0


def test_a_cancelled_letter_is_held_and_never_leaves(
    run: Run, begun: Begun, receiver: Receiver
) -> None:
    """What waits can be kept back; what has left cannot, and that is said."""
    waiting, accepted = begun.letter("waiting"), begun.letter("accepted")

    cancelled = run("outbox", "cancel", waiting.recipient_id, "--campaign", begun.folder)
    late = run("outbox", "cancel", accepted.recipient_id, "--campaign", begun.folder)
    code = run("send", "--campaign", begun.folder).out.split()[-1]
    run("send", "--campaign", begun.folder, "--confirm", code, "--limit", "3")

    assert (cancelled.code, cancelled.out) == (0, "1 of 1 letter cancelled.\n")
    assert late.code == 1
    assert "have left, are in doubt, or are not in this wave" in late.err
    assert waiting.address not in {address for address, _ in receiver.taken}


def test_the_message_that_leaves_is_shown_byte_for_byte(run: Run, begun: Begun) -> None:
    """As an .eml on standard output; who has no letter is said."""
    from outreach.campaign import load_campaign
    from outreach.outbox.claims import Scope
    from outreach.outbox.ledger import open_ledger

    row = begun.letter("waiting")
    command = [sys.executable, "-m", "outreach", "outbox", "show", row.recipient_id]
    shown = subprocess.run(
        [*command, "--campaign", str(begun.folder)], capture_output=True, check=False
    )
    nobody = run("outbox", "show", "PA0", "--campaign", begun.folder)

    scope = Scope(load_campaign(begun.folder).uid, 1)
    with open_ledger(begun.folder / "outbox.sqlite") as ledger, ledger.read() as connection:
        assert shown.stdout == message_of(connection, scope, row.recipient_id)
    assert nobody.code == 1
    assert "no message to PA0" in nobody.err


def test_an_outbox_that_moved_is_adopted_once(
    run: Run, begun: Begun, receiver: Receiver, tmp_path: Path
) -> None:
    """On another computer send refuses until somebody says that this copy is the newest."""
    shutil.rmtree(tmp_path / "state")
    code = run("send", "--campaign", begun.folder).out.split()[-1]

    refused = run("send", "--campaign", begun.folder, "--confirm", code)
    unsaid = run("outbox", "adopt", "--campaign", begun.folder)
    adopted = run("outbox", "adopt", "--newest", "--campaign", begun.folder)
    run("send", "--campaign", begun.folder, "--confirm", code, "--limit", "1")

    assert refused.code == 1
    assert "outreach outbox adopt --newest" in refused.err
    assert unsaid.code == 2
    assert (adopted.code, len(receiver.taken)) == (0, 1)


def test_a_copy_that_may_be_old_sends_nothing_by_itself(run: Run, begun: Begun) -> None:
    """Adopted as doubtful, all that waits becomes uncertain, also of a wave that is not the present."""
    waiting = len(begun.letters("waiting"))
    toml = begun.folder / "campaign.toml"
    first_wave = toml.read_text(encoding="utf-8")
    toml.write_text(first_wave.replace("wave = 1 ", "wave = 2 "), encoding="utf-8")

    adopted = run("outbox", "adopt", "--doubtful", "--campaign", begun.folder)
    toml.write_text(first_wave, encoding="utf-8")

    assert adopted.code == 0
    assert f"{waiting} letters became uncertain" in adopted.out
    assert f"{waiting} of them are of other waves or campaigns" in adopted.out
    assert states(begun)["waiting"] == 0
    assert states(begun)["uncertain"] == waiting + 1
