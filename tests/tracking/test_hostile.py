"""Mail from anybody: broken, huge, forged. Nothing stops the reading, and nothing is believed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tracking.messages import mail, report

from outreach.tracking.classify import understand
from outreach.tracking.incoming import parse
from outreach.tracking.record import record_messages

if TYPE_CHECKING:
    from tests.tracking.conftest import Sent

pytestmark = pytest.mark.slow

MULTIPART = 'Content-Type: multipart/mixed; boundary="{0}"\r\n\r\n--{0}\r\n'
HOSTILE = {
    "nothing": b"",
    "only NUL": b"\0" * 1000,
    "NUL in every header": b"From: a\0b@example.org\nSubject: x\0y\nMessage-ID: <a\0b@x>\n"
    b"In-Reply-To: <lettre1@nous.example.org>\n\nbonjour\0",
    "bytes that are no text": b"From: \xff\xfe@example.org\nSubject: \x80\x81\nMessage-ID: <\xe9@x>\n"
    b"In-Reply-To: <lettre2@nous.example.org>\n\n\xff",
    "surrogates in an encoded word": b"Subject: =?utf-8?b?7aCA?=\nMessage-ID: <s@x>\n"
    b"In-Reply-To: <lettre3@nous.example.org>\nFrom: =?utf-16?b?2AA=?= <x@example.org>\n\nx",
    "a thousand parts within parts": "".join(map(MULTIPART.format, range(1000))).encode(),
    "a line of five million": b"Subject: " + b"x" * 5_000_000 + b"\n\nx",
    "a hundred thousand headers": b"X-A: b\n" * 100_000 + b"\n",
    "a hundred thousand references": b"References: " + b"<a@b> " * 100_000 + b"\n\nx",
    "a report that is no report": b"Content-Type: message/delivery-status\n\nAction: failed\n",
    "a report within a report": b'Content-Type: multipart/report; boundary="a"\n\n--a\n'
    b"Content-Type: message/delivery-status\n\n\n\nAction: failed\nFinal-Recipient:\n\n--a--\n",
    "an unknown charset": b'Content-Type: text/plain; charset="x\ny"\nFrom: mailer-daemon@x\n'
    b"Subject: failure notice\nContent-Transfer-Encoding: base64\n\n%%%%",
    "a date of no calendar": b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n"
    b"Message-ID: <date@x>\nIn-Reply-To: <lettre4@nous.example.org>\n\nx",
    "a date before all": b"Date: Mon, 1 Jan 0001 00:00:00 +1400\n"
    b"Message-ID: <old@x>\nIn-Reply-To: <lettre5@nous.example.org>\n\nx",
    "a date after all": b"Date: Fri, 31 Dec 9999 23:59:59 -1400\n"
    b"Message-ID: <new@x>\nIn-Reply-To: <lettre5@nous.example.org>\n\nx",
    "addresses without end": b"From: " + b"(" * 50_000 + b"\nTo: " + b'"' * 50_000 + b"\n\nx",
    "comments without end everywhere": b"".join(
        b"%b: %b\n" % (name, b"(" * 3_000)
        for name in (b"Content-Type", b"MIME-Version", b"Date", b"Message-ID", b"Content-Id")
    )
    + b"\nx",
    "a million quotes": b'From: "' + b'" "' * 300_000 + b"\n\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_message_stops_the_reading(sent: Sent, name: str) -> None:
    """Whatever a message is made of, the next one is read, on both databases."""
    after = mail(1, In_Reply_To="<lettre1@nous.example.org>")

    found = record_messages(
        sent.ledger, sent.scope.campaign_uid, [parse(HOSTILE[name]), after], now=sent.now
    )

    assert found.kinds["answer"] >= 1
    assert sent.states()["PA1"] == ("accepted", "", True)
    assert all(state in ("accepted", "uncertain") for state, _, _ in sent.states().values())


FORGERIES = {
    "only the address": report(1, identified=False),
    "a token that is none": report(1, identified=False, token="0" * 12),
    "SQL for a token": report(1, identified=False, token="' OR 1=1 --"),
    "a wildcard for a token": report(1, identified=False, token="%"),
    "a Message-ID of the same domain": parse(
        report(9).as_bytes().replace(b"depute9@", b"depute1@")
    ),
    "the address as original recipient": parse(
        report(1, identified=False)
        .as_bytes()
        .replace(b"Final-Recipient", b"Original-Recipient: rfc822;depute1@example.org\nFinal-Recipient")
    ),
    "in words only": parse(
        b"From: MAILER-DAEMON@x.org\nSubject: failure notice\n\n550 5.1.1 <depute1@example.org>\n"
    ),
    "a letter that is not ours to speak of": parse(
        report(1, identified=False).as_bytes().replace(b"nous@example.org", b"other@example.org")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_report_without_our_secret_changes_nothing(sent: Sent, name: str) -> None:
    """Address, guessed token, guessed Message-ID: shown at most, believed never."""
    before = sent.states()

    found = record_messages(sent.ledger, sent.scope.campaign_uid, [FORGERIES[name]], now=sent.now)

    assert sent.states() == before
    assert sum(found.kinds.values()) == 0


WHOLE = {
    "report": report(1, token="0123456789ab").as_bytes(),
    "answer": mail(1, In_Reply_To="<lettre1@nous.example.org>").as_bytes(),
    "words": HOSTILE["an unknown charset"],
}


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.sampled_from(sorted(WHOLE)))
def test_damaged_messages_are_understood_as_something(seed: int, kind: str) -> None:
    """Cut, doubled, overwritten at random: never an exception, and what is kept can be stored."""
    chance = random.Random(seed)
    content = bytearray(WHOLE[kind])
    for _ in range(chance.randint(1, 12)):
        place, length = chance.randrange(len(content) + 1), chance.randint(0, 40)
        content[place : place + length] = chance.choice(
            [
                b"",
                chance.randbytes(length),
                content[place : place + length] * 2,
                b"\n",
                b"=?utf-8?q?",
            ]
        )

    found = understand(parse(bytes(content)))

    for text in (found.message_id, found.sender, found.subject, found.detail, found.token):
        assert "\0" not in text
        text.encode("utf-8")
