"""The whole bundled campaign through a real Postfix, read back and compared with what was frozen."""

from __future__ import annotations

import os
import shutil
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.delivery.mailroom import code_of, outreach, own_names
from tests.delivery.postfix import PROGRAM, arrived, running_postfix

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.outbox.claims import Scope
from outreach.outbox.contents import frozen_content
from outreach.outbox.ledger import open_ledger
from outreach.outbox.schema import State, letters
from outreach.outbox.standing import standings
from outreach.tracking.incoming import parse

ATTACHMENT = b"%PDF-1.7\n" + bytes(range(256)) * 40
# Written by Postfix above the message as it came.
_ADDED = ("return-path", "x-original-to", "delivered-to", "received")


def parts(message: EmailMessage) -> dict[str, object]:
    """Take a message apart: what a reader sees, and every header that we wrote."""
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    return {
        "headers": [(k, str(v)) for k, v in message.items() if k.lower() not in _ADDED],
        "text": text.get_content(),
        "html": page.get_content(),
        "attachments": [
            (one.get_filename(), one.get_content_type(), one.get_content())
            for one in message.iter_attachments()
        ],
    }


@pytest.fixture
def whole_campaign(tmp_path: Path) -> Path:
    """The bundled campaign to both chambers, with an attachment and marked return paths."""
    folder = tmp_path / "campagne"
    shutil.copytree(letters_path("solidarite-en-danger"), folder)
    (folder / "pièce jointe.pdf").write_bytes(ATTACHMENT)
    toml = folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8")
    text = text.replace("\n[sender]", 'attachments = ["pièce jointe.pdf"]\n\n[sender]', 1)
    toml.write_text(text, encoding="utf-8")
    own_names(folder)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not PROGRAM.exists(), reason="Postfix is not installed (Debian: postfix)")
@pytest.mark.skipif(os.geteuid() != 0, reason="Postfix is started by root only")
def test_what_arrives_at_a_real_server_is_what_was_approved(whole_campaign: Path) -> None:
    """Every letter once, envelope, headers, text, HTML, attachment alike; its reports understood."""
    code = code_of(outreach("plan", "--campaign", whole_campaign).stdout)
    count = int(code.partition("-")[0])
    campaign = load_campaign(whole_campaign)
    scope = Scope(campaign.uid, 1)
    place = whole_campaign / "outbox.sqlite"
    with open_ledger(place) as ledger, ledger.read() as connection:
        rows = {row.address: row for row in standings(connection, scope, [State.WAITING])}
        frozen = {one: frozen_content(connection, row.letter_id) for one, row in rows.items()}
        secrets = connection.execute(select(letters.c.address, letters.c.token))
        tokens = {row.address: row.token for row in secrets}
    unknown = sorted(rows)[:: count // 3][:3]

    with running_postfix(unknown) as server:
        with (whole_campaign / "campaign.toml").open("a", encoding="utf-8") as toml:
            toml.write(
                f'\n[sending]\nhost = "localhost"\nport = {server.port}\nsecurity = "none"\n'
                'authentication = "none"\nconnections = 2\n'
                'return_path = "retours+{token}@example.org"\n'
            )
        sent = outreach("send", "--campaign", whole_campaign, "--confirm", code)
        server.wait_for(count - len(unknown), len(unknown))
        raw = [path.read_bytes() for path in arrived(server.letters)]
        read = outreach(
            "replies", "read", "--campaign", whole_campaign, server.folder / "mail/returns"
        )

    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert count > 800
    received = {str(parse(one)["X-Original-To"]): one for one in raw}
    assert len(raw) == len(received) == count - len(unknown)
    assert set(received) == set(rows) - set(unknown)
    for address, content in received.items():
        arrived_as, approved = parse(content), parse(frozen[address])
        assert arrived_as["Return-Path"] == f"<retours+{tokens[address]}@example.org>"
        assert arrived_as["Message-ID"] == rows[address].message_id
        found = parts(arrived_as)
        assert found == parts(approved)
        assert found["attachments"] == [("pièce jointe.pdf", "application/pdf", ATTACHMENT)]
        # And byte for byte: a Maildir has the line ends of this system.
        assert content.endswith(frozen[address].replace(b"\r\n", b"\n"))
    assert "3  hard bounce" in read.stdout
    with open_ledger(place) as ledger, ledger.read() as connection:
        bounced = standings(connection, scope, [State.BOUNCED])
    assert sorted(row.address for row in bounced) == unknown
