"""What comes back: understood, linked to the right letter, and nothing changed in the mailbox."""

from __future__ import annotations

import datetime as dt
import mailbox
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.tracking.messages import mail, report

from outreach.errors import InputError, OutreachError
from outreach.outbox.claims import Scope
from outreach.outbox.resolve import doubts, resolve
from outreach.outbox.standing import earlier_letters
from outreach.tracking.classify import understand
from outreach.tracking.incoming import parse, read_messages
from outreach.tracking.purge import purge
from outreach.tracking.record import record_messages, set_outcome
from outreach.tracking.report import make_report, wilson
from outreach.tracking.report_page import write_page

if TYPE_CHECKING:
    from tests.tracking.conftest import Sent


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (report(1), "hard bounce"),
        (report(1, status="4.2.2"), "soft bounce"),
        (report(1, "delayed", "4.4.1"), "delay"),
        (report(1, "delivered", "2.0.0"), "delivered"),
        (report(1, "relayed", "2.1.9"), "delivered"),
        (report(1, "expanded", "2.1.5", subject="Delivery Status Notification (Success)"), "delivered"),
        (report(1, "delayed", "4.4.1", subject="Delivery Status Notification (Delay)"), "delay"),
        (mail(1), "answer"),
        (mail(1, Auto_Submitted="auto-replied"), "auto-reply"),
        (mail(1, Auto_Submitted="no"), "answer"),
        (mail(1, Precedence="bulk"), "auto-reply"),
        (mail(1, Subject="Réponse automatique : Lettre"), "auto-reply"),
        (mail(1, Subject="Out of office: Lettre"), "auto-reply"),
        (mail(1, Subject="Absence de réponse de votre part"), "auto-reply"),
        (mail(1, Subject="Absence du bureau : Lettre", Auto_Submitted="auto-replied"), "auto-reply"),
        (mail(1, Subject="Re: Absence de financement", Auto_Submitted="auto-replied"), "auto-reply"),
        (mail(1, Subject="Re: Automatic reply: Lettre"), "auto-reply"),
        (mail(1, Subject="RE : Réponse automatique : Lettre"), "auto-reply"),
        (mail(1, Subject="Re: Absence de financement du Ségur"), "answer"),
        (mail(1, Subject="RE : Absence de financement du Ségur"), "answer"),
        (parse(b"From: MAILER-DAEMON@x.org\nSubject: failure notice\n\n550 5.1.1 <depute1@example.org>: unknown\n"), "hard bounce"),
        (parse(b"From: MAILER-DAEMON@x.org\nSubject: Delivery Status Notification (Failure)\n\nno\n"), "hard bounce"),
        (parse(b"From: MAILER-DAEMON@x.org\nSubject: Delivery Status Notification (Delay)\n\n4.4.1\n"), "delay"),
        (parse(b"From: MAILER-DAEMON@x.org\nSubject: Delivery Status Notification (Success)\n\nok\n"), "delivered"),
        (parse("From: postmaster@x.org\nSubject: Non remis : Lettre\n\nboîte pleine 4.2.2\n".encode()), "soft bounce"),
        (parse(b"\xff\xfe\nFrom: =?utf-8?q?=\nSubject: =?x?y?z?=\n\n\x00"), "answer"),
    ],
)  # fmt: skip
def test_each_message_is_what_it_is(message: EmailMessage, kind: str) -> None:
    """Reports by RFC 3464 and free forms, auto-replies by RFC 3834, answers, and broken mail."""
    assert understand(message).kind == kind


def test_messages_find_their_letters(sent: Sent) -> None:
    """Bounces by Message-ID or token, answers by In-Reply-To; auto-replies are no answers."""
    messages = [
        report(1),
        report(2, status="4.2.2", identified=False, token=sent.token(2)),
        mail(3, In_Reply_To="<lettre3@nous.example.org>"),
        mail(4, In_Reply_To="<lettre4@nous.example.org>", Auto_Submitted="auto-replied"),
        mail(5, In_Reply_To="<other@elsewhere.example.org>"),
        mail(99, In_Reply_To="<other@elsewhere.example.org>"),
    ]

    found = record_messages(sent.ledger, sent.scope.campaign_uid, messages, now=sent.now)
    again = record_messages(sent.ledger, sent.scope.campaign_uid, messages, now=sent.now)

    assert found.kinds == Counter(
        {"hard bounce": 1, "soft bounce": 1, "answer": 1, "auto-reply": 1}
    )
    assert (found.strange, again.known, again.kinds) == (1, 4, Counter())
    assert found.perhaps == again.perhaps == ("PA5 Camille <Exemple> 5: Re: Lettre",)
    assert sent.states() == {
        "PA1": ("bounced", "hard bounce", False),
        "PA2": ("bounced", "soft bounce", False),
        "PA3": ("accepted", "", True),
        "PA4": ("accepted", "", False),
        "PA5": ("accepted", "", False),
        "PA6": ("uncertain", "", False),
    }


def test_an_answer_is_a_proof_for_an_uncertain_letter(sent: Sent) -> None:
    """Who answered has the letter: the doubt shows it, a person decides."""
    record_messages(
        sent.ledger,
        sent.scope.campaign_uid,
        [mail(6, In_Reply_To="<lettre6@nous.example.org>")],
        now=sent.now,
    )

    with sent.ledger.read() as connection:
        [doubt] = doubts(connection, sent.scope)
    assert doubt.proofs == ("answer of 2026-11-23",)


def test_a_copy_in_the_archive_is_a_proof_for_an_uncertain_letter(sent: Sent) -> None:
    """The letter itself, found in the archive box or a Sent folder: it left; nothing else changes."""
    copy = EmailMessage()
    copy["From"] = "nous@example.org"
    copy["Message-ID"] = "<lettre6@nous.example.org>"
    copy.set_content("Bonjour.")
    for _ in range(2):
        record_messages(sent.ledger, sent.scope.campaign_uid, [copy], now=sent.now)

    with sent.ledger.read() as connection:
        [doubt] = doubts(connection, sent.scope)
    assert doubt.proofs == ("copy of 2026-11-23",)
    assert sent.states()["PA6"] == ("uncertain", "", False)


def test_only_the_silent_are_reminded(sent: Sent) -> None:
    """Answered, bounced and uncertain ones get no reminder; auto-replies count as silence."""
    record_messages(
        sent.ledger,
        sent.scope.campaign_uid,
        [
            report(1),
            mail(3, In_Reply_To="<lettre3@nous.example.org>"),
            mail(4, In_Reply_To="<lettre4@nous.example.org>", Auto_Submitted="auto-replied"),
        ],
        now=sent.now,
    )
    set_outcome(sent.ledger, sent.scope.campaign_uid, "PA5", "will act", now=sent.now)

    with sent.ledger.read() as connection:
        earlier = earlier_letters(connection, Scope(sent.scope.campaign_uid, 2))

    assert [one for one, letter in earlier.items() if letter.remind] == ["PA2", "PA4"]
    assert earlier["PA2"].message_id == "<lettre2@nous.example.org>"


def test_only_known_outcomes_are_kept(sent: Sent) -> None:
    """An outcome is one of five facts about an answer; a stranger has none."""
    with pytest.raises(OutreachError, match="one of: supports"):
        set_outcome(sent.ledger, sent.scope.campaign_uid, "PA1", "likes us", now=sent.now)
    with pytest.raises(OutreachError, match="no letter in this campaign"):
        set_outcome(sent.ledger, sent.scope.campaign_uid, "PA99", "other", now=sent.now)


@pytest.mark.parametrize("kind", ["maildir", "mbox", "folder", "file"])
def test_every_kind_of_mailbox_is_read_and_left_as_it_was(tmp_path: Path, kind: str) -> None:
    """Maildir, mbox, a folder of .eml and one .eml give the same messages; no byte changes."""
    message = mail(1)
    place = tmp_path / "box"
    if kind == "maildir":
        box = mailbox.Maildir(place)
        box.add(message)
        box.close()
    elif kind == "mbox":
        mbox = mailbox.mbox(place)
        mbox.add(message)
        mbox.close()
    else:
        place.mkdir()
        (place / "a.eml").write_bytes(message.as_bytes())
        place = place / "a.eml" if kind == "file" else place
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    found = list(read_messages(str(place)))

    assert [str(one["Message-ID"]) for one in found] == [str(message["Message-ID"])]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


@pytest.mark.parametrize("place", ["nowhere", "imap://a@mail.example.org/INBOX"])
def test_a_mailbox_that_cannot_be_read_is_said(place: str) -> None:
    """A missing one, and one that would send the password in clear."""
    with pytest.raises(InputError):
        list(read_messages(place))


def test_a_file_that_is_no_mailbox_is_said(tmp_path: Path) -> None:
    """A letter, a spreadsheet: refused; an empty mbox and a Maildir without its new are mailboxes."""
    (tmp_path / "lettre.md").write_text("Bonjour.", encoding="utf-8")
    (tmp_path / "empty.mbox").touch()
    (tmp_path / "box" / "cur").mkdir(parents=True)

    with pytest.raises(InputError, match="is no mbox"):
        list(read_messages(str(tmp_path / "lettre.md")))
    assert list(read_messages(str(tmp_path / "empty.mbox"))) == []
    assert list(read_messages(str(tmp_path / "box"))) == []


def test_the_report_counts_add_up(sent: Sent, tmp_path: Path) -> None:
    """Every grouping counts each letter once; the page is escaped and loads nothing."""
    record_messages(
        sent.ledger,
        sent.scope.campaign_uid,
        [report(1), mail(3, In_Reply_To="<lettre3@nous.example.org>")],
        now=sent.now,
    )
    set_outcome(sent.ledger, sent.scope.campaign_uid, "PA3", "will act", now=sent.now)
    with sent.ledger.read() as connection:
        made = make_report(connection, sent.scope, name="Essai", now=sent.now)
    write_page(made, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")

    for by in ("all", "chamber", "political_group", "department"):
        lines = [line for line in made.lines if line.by == by]
        assert sum(line.counts["letters"] for line in lines) == 6
        for line in lines:
            parts = ("waiting", "held", "uncertain", "refused", "accepted", "bounced")
            assert sum(line.counts[part] for part in parts) == line.counts["letters"]
    [total] = [line for line in made.lines if line.by == "all"]
    assert [total.counts[name] for name in ("accepted", "bounced", "uncertain", "answered")] == [
        4, 1, 1, 1,
    ]  # fmt: skip
    assert total.rate == 0.25
    assert total.outcomes == {"will act": 1}
    steps = {row["recipient_id"]: row["next_step"] for row in made.letter_rows()}
    assert steps == {
        "PA1": "paper", "PA2": "remind", "PA3": "", "PA4": "remind", "PA5": "remind",
        "PA6": "resolve",
    }  # fmt: skip
    assert [row.recipient_id for row in made.silent] == ["PA2", "PA4", "PA5"]
    assert "Camille &lt;Exemple&gt; 6" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_interval_is_wilsons() -> None:
    """Known values: 0 of 10 and 5 of 10."""
    assert [round(value, 3) for value in wilson(0, 10)] == [0.0, 0.278]
    assert [round(value, 3) for value in wilson(5, 10)] == [0.237, 0.763]


def test_purging_forgets_persons_and_keeps_counts(sent: Sent) -> None:
    """Refused while a letter is in doubt; then names, addresses and texts are gone, counts are not."""
    later = sent.now + dt.timedelta(days=400)
    with pytest.raises(OutreachError, match="in doubt"):
        purge(sent.ledger, sent.scope.campaign_uid, now=later)
    resolve(sent.ledger, sent.scope, {"PA6": True}, why="Sent folder", now=sent.now)

    count = purge(sent.ledger, sent.scope.campaign_uid, now=later)
    sent.ledger.compact()

    assert count == 6
    assert [state for state, _, _ in sent.states().values()] == ["accepted"] * 6
    if sent.ledger.path is not None:
        sent.ledger.close()
        kept = sent.ledger.path.read_bytes()
        assert b"Camille" not in kept
        assert b"depute1@example.org" not in kept
        assert b"Bonjour" not in kept
