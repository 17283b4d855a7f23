"""`outreach replies`: what came back, from every kind of mailbox, and what a person says of it."""

from __future__ import annotations

import json
import mailbox
import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme
from tests.delivery.test_only_held import REPORT
from tests.tracking.dovecot import LOGIN, PASSWORD, PROGRAM, Dovecot, running_dovecot

if TYPE_CHECKING:
    from tests.delivery.mailroom import Begun, Run

pytestmark = pytest.mark.slow


def answer(sender: str, **headers: str) -> bytes:
    """Write an answer."""
    message = EmailMessage()
    message["From"] = sender
    message["Message-ID"] = f"<{abs(hash((sender, str(headers))))}@example.org>"
    for name, value in {"Subject": "Re: votre courrier", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("Madame, Monsieur, j'ai bien reçu votre courrier.")
    return message.as_bytes()


@pytest.fixture
def came_back(begun: Begun) -> list[bytes]:
    """A bounce, an absence, an answer, one without reference, a forged bounce, another matter."""
    gone, away, answered, silent = begun.letters("accepted")
    bounce = {"recipient_id": gone.recipient_id, "address": gone.address}
    forged = {"recipient_id": "forged", "address": silent.address, "message_id": "<x@example.org>"}
    return [
        REPORT.format(status="5.1.1", message_id=gone.message_id, **bounce).encode(),
        answer(away.address, In_Reply_To=away.message_id, Auto_Submitted="auto-replied"),
        answer("cabinet@example.org", References=f"<other@x.org> {answered.message_id}"),
        answer(silent.address),
        REPORT.format(status="5.1.1", **forged).encode(),
        answer("publicite@example.org"),
    ]


SAID = ["     1  hard bounce", "     1  auto-reply", "     1  answer"]


@pytest.mark.parametrize("kind", ["maildir", "mbox", "folder"])
def test_every_kind_of_mailbox_says_the_same(
    run: Run, begun: Begun, came_back: list[bytes], tmp_path: Path, kind: str
) -> None:
    """Counts by kind, what is only perhaps an answer, what is not believed; read twice, nothing."""
    place = tmp_path / "box"
    if kind == "folder":
        place.mkdir()
        for number, content in enumerate(came_back):
            (place / f"{number}.eml").write_bytes(content)
    else:
        box = mailbox.Maildir(place) if kind == "maildir" else mailbox.mbox(place)
        for content in came_back:
            box.add(content)
        box.close()
    before = {path: path.read_bytes() for path in tmp_path.glob("box*/**/*") if path.is_file()}
    silent = begun.letters("accepted")[3]

    first = run("replies", "read", place, "--campaign", begun.folder)
    second = run("replies", "read", place, "--campaign", begun.folder)

    assert first.code == second.code == 0
    assert sorted(first.out.splitlines()[:3]) == sorted(SAID)
    assert "0 read before, 1 about other things." in first.out
    assert (
        f"Perhaps an answer, it names no letter of ours: {silent.recipient_id} {silent.name}: "
        "Re: votre courrier" in first.out
    )
    assert first.err.startswith("Not believed, it proves no knowledge of our letter: MAILER-DAEMON")
    assert second.out.startswith("3 read before, 1 about other things.")
    assert before == {path: path.read_bytes() for path in before}


@pytest.fixture
def dovecot(came_back: list[bytes]) -> Iterator[Dovecot]:
    """The same messages in an INBOX."""
    pair = trustme.CA().issue_cert("localhost")
    chain = b"".join(one.bytes() for one in pair.cert_chain_pems)
    with running_dovecot(chain, pair.private_key_pem.bytes(), "http://127.0.0.1:9/") as server:
        for number, content in enumerate(came_back):
            server.deliver(f"{number}.test", content)
        yield server


@pytest.mark.skipif(not PROGRAM.exists(), reason="Dovecot is not installed (Debian: dovecot-imapd)")
@pytest.mark.skipif(os.geteuid() != 0, reason="Dovecot is started by root only")
def test_the_mailbox_is_read_by_imap_with_the_mailboxs_own_password(
    run: Run, begun: Begun, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words as from a folder; a wrong password is a refusal that does not tell it."""
    toml = begun.folder / "campaign.toml"
    settings = (
        f'login = "{LOGIN}"\npassword_from = "env"\npassword_name = "MAILBOX_PASSWORD"\n'
        'authentication = "password"\n'
    )
    text = toml.read_text(encoding="utf-8").replace('authentication = "none"\n', settings)
    toml.write_text(text, encoding="utf-8")
    place = f"imap://{LOGIN.replace('@', '%40')}@localhost:{dovecot.plain}/INBOX"

    unset = run("replies", "read", place, "--campaign", begun.folder)
    monkeypatch.setenv("MAILBOX_PASSWORD", "not-this-one")
    wrong = run("replies", "read", place, "--campaign", begun.folder)
    monkeypatch.setenv("MAILBOX_PASSWORD", PASSWORD)
    right = run("replies", "read", place, "--campaign", begun.folder)

    assert (unset.code, wrong.code, right.code) == (1, 1, 0)
    assert "MAILBOX_PASSWORD is not set" in unset.err
    assert "Authentication failed" in wrong.err
    assert "not-this-one" not in wrong.err
    assert sorted(right.out.splitlines()[:3]) == sorted(SAID)


def test_a_mailbox_that_is_not_there_is_said(run: Run, begun: Begun, tmp_path: Path) -> None:
    """No such path, an empty folder, a password in clear: each a refusal with its remedy."""
    for place, said in (
        (tmp_path / "nowhere", "does not exist; name a Maildir"),
        (tmp_path, "is no Maildir and holds no .eml files"),
        ("imap://a@imap.example.org/INBOX", "write imaps://"),
    ):
        if isinstance(place, str):
            toml = begun.folder / "campaign.toml"
            text = toml.read_text(encoding="utf-8").replace(
                'authentication = "none"',
                'login = "a"\npassword_from = "command"\npassword_name = "echo x"',
            )
            toml.write_text(text, encoding="utf-8")

        shown = run("replies", "read", place, "--campaign", begun.folder)

        assert shown.code == 1
        assert said in shown.err


def test_a_person_notes_what_an_answer_says(run: Run, begun: Begun) -> None:
    """One of five facts; another word or a stranger is refused, and status shows the outcome."""
    row = begun.letter("accepted")

    noted = run("replies", "outcome", row.recipient_id, "will act", "--campaign", begun.folder)
    unknown = run("replies", "outcome", row.recipient_id, "bof", "--campaign", begun.folder)
    stranger = run("replies", "outcome", "PA0", "other", "--campaign", begun.folder)

    assert (noted.code, noted.out) == (0, f"{row.recipient_id}: will act.\n")
    assert (unknown.code, stranger.code) == (1, 1)
    assert "one of: supports, will act, standard reply, refuses, other" in unknown.err
    told = json.loads(run("status", "--json", "--campaign", begun.folder).out)
    found = {one["recipient_id"]: one for one in told["letters"]}[row.recipient_id]
    assert (found["outcome"], found["answered"]) == ("will act", "yes")


def test_what_has_not_left_has_no_outcome(run: Run, begun: Begun) -> None:
    """An outcome for a cancelled letter is refused in words, and nothing is noted."""
    waiting = begun.letters("waiting")[0]
    run("outbox", "cancel", waiting.recipient_id, "--campaign", begun.folder)

    shown = run("replies", "outcome", waiting.recipient_id, "will act", "--campaign", begun.folder)

    assert (shown.code, shown.out) == (1, "")
    assert f"no letter has left to {waiting.recipient_id}" in shown.err
