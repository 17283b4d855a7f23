"""A mailbox read by IMAP, from a real Dovecot: everything is seen, nothing is changed."""

from __future__ import annotations

import base64
import datetime as dt
import imaplib
import json
import os
import re
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from tests.tracking.dovecot import LOGIN, PASSWORD, PROGRAM, Dovecot, running_dovecot

from outreach.errors import DeliveryError, InputError
from outreach.tracking.incoming import Access, mailbox_name, read_messages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Publisher

pytestmark = [
    pytest.mark.skipif(
        not PROGRAM.exists(), reason="Dovecot is not installed (Debian: dovecot-imapd)"
    ),
    pytest.mark.skipif(os.geteuid() != 0, reason="Dovecot is started by root only"),
]
USER = LOGIN.replace("@", "%40")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who signed the server's certificate."""
    return trustme.CA()


@pytest.fixture
def dovecot(authority: trustme.CA, publisher: Publisher) -> Iterator[Dovecot]:
    """An INBOX with two unread messages."""
    pair = authority.issue_cert("localhost")
    chain = b"".join(one.bytes() for one in pair.cert_chain_pems)
    good = json.dumps({"email": LOGIN}).encode()
    publisher.serve("/token?t=good-token", good, {"Content-Type": "application/json"})
    with running_dovecot(
        chain, pair.private_key_pem.bytes(), f"{publisher.address}/token?t="
    ) as server:
        for number in (1, 2):
            text = f"From: a@example.org\nMessage-ID: <{number}@example.org>\n\nBonjour.\n"
            server.deliver(f"{number}.test", text.encode())
        yield server


def identities(place: str, access: Access) -> list[str]:
    return [str(message["Message-ID"]) for message in read_messages(place, access)]


BOTH = ["<1@example.org>", "<2@example.org>"]


def test_every_message_is_read_and_stays_unread(dovecot: Dovecot) -> None:
    """Read twice, all is there twice, and no message is marked, moved out or deleted."""
    place = f"imap://{USER}@localhost:{dovecot.plain}/INBOX"

    found = [identities(place, Access(PASSWORD)) for _ in range(2)]

    assert found == [BOTH, BOTH]
    with imaplib.IMAP4("localhost", dovecot.plain) as other:
        other.login(LOGIN, PASSWORD)
        other.select("INBOX")
        assert other.search(None, "UNSEEN") == ("OK", [b"1 2"])


def test_over_tls_the_server_is_verified(
    dovecot: Dovecot, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server signed by nobody we know gets no password; signed by who is trusted, it is read."""
    place = f"imaps://{USER}@localhost:{dovecot.tls}"

    with pytest.raises(DeliveryError, match="certificate") as refusal:
        identities(place, Access(PASSWORD))
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))

    assert PASSWORD not in str(refusal.value)
    assert identities(place, Access(PASSWORD)) == BOTH


@pytest.mark.parametrize("secret", ["wrong", "très-secret"])
def test_a_wrong_password_is_said_without_it(dovecot: Dovecot, secret: str) -> None:
    """Also one with accents, which is sent another way."""
    place = f"imap://{USER}@localhost:{dovecot.plain}"

    with pytest.raises(DeliveryError, match="Authentication failed") as refusal:
        identities(place, Access(secret))

    assert secret not in str(refusal.value)


def test_a_token_opens_the_mailbox(dovecot: Dovecot) -> None:
    """XOAUTH2, as Microsoft 365 wants it; a token that nobody knows does not."""
    place = f"imap://{USER}@localhost:{dovecot.plain}"

    found = identities(place, Access("good-token", by_token=True))
    with pytest.raises(DeliveryError):
        identities(place, Access("bad-token", by_token=True))

    assert found == BOTH


def test_a_folder_with_a_french_name_is_found(dovecot: Dovecot) -> None:
    """ "Éléments envoyés" is a name that IMAP writes in its own way; one that is not there is said."""
    folder = dovecot.maildir / ".&AMk-l&AOk-ments envoy&AOk-s"
    shutil.copytree(dovecot.maildir / "new", folder / "new")
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")
    place = f"imap://{USER}@localhost:{dovecot.plain}"

    assert identities(f"{place}/Éléments envoyés", Access(PASSWORD)) == BOTH
    with pytest.raises(InputError, match="no folder Réponses"):
        identities(f"{place}/Réponses", Access(PASSWORD))


def test_older_messages_are_not_asked_for(dovecot: Dovecot) -> None:
    """What came before the first letter cannot be about it."""
    old = dovecot.maildir / "new" / "1.test"
    long_ago = dt.datetime(2020, 1, 2, tzinfo=dt.UTC).timestamp()
    os.utime(old, (long_ago, long_ago))
    place = f"imap://{USER}@localhost:{dovecot.plain}"

    assert identities(place, Access(PASSWORD, since=dt.date(2020, 1, 3))) == ["<2@example.org>"]
    assert identities(place, Access(PASSWORD, since=dt.date(2020, 1, 2))) == BOTH


@pytest.mark.parametrize("place", ["imaps://imap.example.org/INBOX", "imaps:///INBOX"])
def test_an_address_without_login_or_server_is_refused(place: str) -> None:
    """The refusal shows how to write it."""
    with pytest.raises(InputError, match="%40"):
        identities(place, Access(PASSWORD))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_folder_names_are_ascii_and_can_be_read_back(name: str) -> None:
    """Modified UTF-7 loses nothing, whatever the letters, ampersands and signs in a name."""
    written = mailbox_name(name)

    def letters(found: re.Match[str]) -> str:
        coded = found[1].replace(",", "/")
        padded = coded + "=" * (-len(coded) % 4)
        return base64.b64decode(padded, validate=True).decode("utf-16-be") if coded else "&"

    assert written.isascii()
    assert re.sub("&([^-]*)-", letters, written) == name
