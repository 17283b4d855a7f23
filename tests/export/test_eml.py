"""outreach.export.eml: the messages that would leave, as files."""

import datetime as dt
import email
import email.policy
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.campaign import Sender
from outreach.errors import InputError
from outreach.export.eml import read_attachments, write_emls
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
SENDER = Sender(
    organisation="Fédération d’exemple", address=("75011 Paris",), email="contact@example.org"
)


def test_each_address_gets_a_whole_message(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """A file opens as a message with text and HTML; a recipient without an address gets none."""
    (tmp_path / "note.pdf").write_bytes(b"%PDF-1.7")
    letters = [a_letter(), a_letter(recipient=a_deputy(official_id="PA2", email=""))]

    paths = write_emls(
        letters,
        tmp_path / "eml",
        SENDER,
        date=NOON,
        attachments=read_attachments([tmp_path / "note.pdf"]),
    )

    assert [path.name for path in paths] == ["assemblee_01-01_pa900001_garnier-lafoeuille.eml"]
    message = email.message_from_bytes(paths[0].read_bytes(), policy=email.policy.default)
    assert message["To"].addresses[0].addr_spec == "helene.garnier@example.org"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert plain.get_content().startswith("Madame la Députée,")
    assert html is not None
    assert "<p>Madame la Députée,</p>" in html.get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["note.pdf"]


def test_all_impossible_messages_are_told_and_none_is_written(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian], tmp_path: Path
) -> None:
    """Two bad addresses among three: both are named, no folder is left."""
    letters = [
        a_letter(recipient=a_deputy(official_id="PA1", email="a@b@example.org")),
        a_letter(recipient=a_deputy(official_id="PA2")),
        a_letter(recipient=a_deputy(official_id="PA3", email="é@example.org")),
    ]

    with pytest.raises(InputError) as caught:
        write_emls(letters, tmp_path / "eml", SENDER, date=NOON)

    assert "PA1" in str(caught.value)
    assert "PA3" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_missing_attachments_are_all_named(tmp_path: Path) -> None:
    """Files that cannot be read are listed before any message is built."""
    with pytest.raises(InputError, match=r"(?s)a\.pdf.*b\.pdf"):
        read_attachments([tmp_path / "a.pdf", tmp_path / "b.pdf"])
