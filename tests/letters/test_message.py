"""The bytes of an e-mail, read back."""

import datetime as dt
import email
import email.policy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.letters.builders import person

from outreach.campaign import Sender
from outreach.errors import InputError
from outreach.letters.letter import Letter
from outreach.letters.message import (
    Attachment,
    content_digest,
    message_bytes,
    message_id,
)  # fmt: skip
from outreach.roster.seat import Parliamentarian

SENDER = Sender(
    organisation="Fédération « Exemple », association",
    address=("1 rue de l'Exemple", "75000 Paris"),
    email="contact@example.org",
    reply_to="reponses@example.org",
)
DATE = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)


def letter(who: Parliamentarian | None = None, **changes: str) -> Letter:
    """A small letter."""
    made = Letter(
        campaign_uid="uid", wave=1, recipient=who or person(), subject="Une question\u202f?",
        title="Madame la Députée", opening="Madame la Députée,", body=(), closing="Closing",
        signature=(), sender=(), dateline="", address=(), address_reason="",
        text="Madame la Députée,\n\nÀ vous.\n", html="<p>Madame la Députée,</p>\n", certainty="",
        choices={}, quoted=(), template_digest="",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type] # text fields only


def sent(made: Letter, *, identifier: str = "<a@example.org>") -> bytes:
    """The bytes of a letter."""
    return message_bytes(made, SENDER, date=DATE, message_id=identifier)


def test_the_message_reads_back() -> None:
    """Names, addresses, subject and both bodies come back as they were meant."""
    read = email.message_from_bytes(sent(letter()), policy=email.policy.default)

    assert str(read["From"]) == '"Fédération « Exemple », association" <contact@example.org>'
    assert read["To"].addresses[0].display_name == "Élodie D'Exemple"
    assert read["To"].addresses[0].addr_spec == "elodie.dexemple@example.org"
    assert str(read["Reply-To"]) == "reponses@example.org"
    assert read["Subject"] == "Une question\u00a0?"
    assert read["Date"].datetime == DATE
    assert read["Content-Language"] == "fr"
    text, html = read.iter_parts()
    assert text.get_content() == "Madame la Députée,\r\n\r\nÀ vous.\r\n"
    assert html.get_content() == "<p>Madame la Députée,</p>\r\n"


def test_the_same_bytes_twice() -> None:
    """Nothing in a message is random: the .eml that was checked is the message that leaves."""
    assert sent(letter()) == sent(letter())


def test_lines_end_in_crlf_and_are_short() -> None:
    """No bare line end and no line beyond what SMTP carries."""
    content = sent(letter(subject="é" * 300, text="x" * 5000))

    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_the_identifier_follows_the_content() -> None:
    """The same letter has the same Message-ID; another text, wave or person another one."""
    first = message_id(letter(), "example.org")

    assert first == message_id(letter(), "example.org")
    others = [letter(text="x"), letter(person(official_id="PA2")), replace(letter(), wave=2)]
    assert len({first, *(message_id(item, "example.org") for item in others)}) == 4
    assert first.endswith("@example.org>")
    assert content_digest(letter()) != content_digest(letter(html="x"))


def test_attachments() -> None:
    """Files travel after the text, with their names, and count in the digest."""
    enclosed = [Attachment("Propositions été.pdf", "application/pdf", b"%PDF-")]

    content = message_bytes(
        letter(), SENDER, date=DATE, message_id="<a@example.org>", attachments=enclosed
    )

    read = email.message_from_bytes(content, policy=email.policy.default)
    (part,) = read.iter_attachments()
    assert part.get_filename() == "Propositions été.pdf"
    assert part.get_content() == b"%PDF-"
    assert content_digest(letter(), enclosed) != content_digest(letter())


INJECTIONS = {
    "newline": person(first_name="A\r\nBcc: x@example.org"),
    "carriage return": person(last_name="A\rB"),
    "encoded word": person(last_name="=?utf-8?q?Objet=0D=0ABcc:_evil=40example.org?="),
    "right to left": person(last_name="\u202eelpmexE"),
    "isolate": person(last_name="\u2066x\u2069"),
    "zero width": person(last_name="Ex\u200bemple"),
    "line separator": person(last_name="a\u2028b"),
    "null": person(last_name="a\x00b"),
    "address newline": person(email="a@example.org\n"),
    "two addresses": person(email="a@example.org,b@example.org"),
    "address and name": person(email="X <a@example.org>"),
    "accented address": person(email="élodie@example.org"),
    "no domain": person(email="elodie@localhost"),
    "no local part": person(email="@example.org"),
    "comment": person(email="a(b)@example.org"),
    "space": person(email="a b@example.org"),
    "none": person(email=""),
}


@pytest.mark.parametrize("who", INJECTIONS.values(), ids=INJECTIONS.keys())
def test_what_cannot_stand_in_a_header_is_refused(who: Parliamentarian) -> None:
    """Line breaks, invisible marks, encoded words and odd addresses stop the message, by name."""
    with pytest.raises(InputError, match=r"PA1 \("):
        sent(letter(who))


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: x@example.org", "=?utf-8?q?a=0D=0ABcc:x?=", "a\u202eb"]
)
def test_subjects_are_checked_too(subject: str) -> None:
    """A subject cannot add a header either."""
    with pytest.raises(InputError, match="Subject"):
        sent(letter(subject=subject))


def test_a_date_without_zone_is_refused() -> None:
    """A Date header always tells its zone."""
    with pytest.raises(InputError, match="time zone"):
        message_bytes(letter(), SENDER, date=DATE.replace(tzinfo=None), message_id="<a@b.org>")


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")),
    min_size=1, max_size=120,
).filter(lambda text: text.strip() == text and "=?" not in text)  # fmt: skip


@given(
    name=WORDS,
    subject=WORDS,
    body=st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=80),
)
def test_any_name_and_subject_survive_the_journey(name: str, subject: str, body: str) -> None:
    """Whatever the letters, the final bytes read back as meant or the message is refused."""
    made = letter(person(first_name="A", last_name=name), subject=subject, text=body + "\n")
    try:
        content = sent(made)
    except InputError:
        return

    read = email.message_from_bytes(content, policy=email.policy.default)

    assert [key for key in read if key.lower() in {"bcc", "cc"}] == []
    assert len(read["To"].addresses) == 1
    assert read["To"].addresses[0].addr_spec == "elodie.dexemple@example.org"
