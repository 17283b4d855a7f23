"""What doctor looks up, against a name server and mailboxes of this computer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import dns.message
import dns.resolver
import dns.rrset
import pytest

from outreach.delivery.connection import connector
from outreach.delivery.domain_checks import check_domain
from outreach.delivery.mailbox_checks import check_mailbox
from outreach.sending import Sending

if TYPE_CHECKING:
    from pathlib import Path

    from tests.delivery.conftest import Start
    from tests.delivery.mailroom import Begun, Run

pytestmark = pytest.mark.slow


class NameServer:
    """Answers TXT questions from a table, over UDP on loopback."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.resolver = dns.resolver.Resolver(configure=False)
        self.resolver.nameservers = ["127.0.0.1"]
        self.resolver.port = self.socket.getsockname()[1]

    def serve(self) -> None:
        """Answer until the socket is closed."""
        while True:
            try:
                data, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if data == b"stop":
                return
            question = dns.message.from_wire(data)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            for text in self.records.get(name.to_text(omit_final_dot=True), []):
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
            self.socket.sendto(answer.to_wire(), client)


@pytest.fixture
def names() -> Iterator[NameServer]:
    """A name server that knows nothing yet."""
    server = NameServer()
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server
    server.socket.sendto(b"stop", server.socket.getsockname())
    thread.join()
    server.socket.close()


def test_a_domain_in_order_is_ok(names: NameServer) -> None:
    """SPF, a DKIM key under a usual selector and DMARC are found."""
    names.records = {
        "example.org": ["google-site-verification=x", "v=spf1 include:mail.example.org -all"],
        "_dmarc.example.org": ["v=DMARC1; p=quarantine"],
        "s1._domainkey.example.org": ["v=DKIM1; p=MIG"],
    }

    found = {one.what: one.verdict for one in check_domain("example.org", names.resolver)}

    assert found == {"SPF": "ok", "DKIM": "ok", "DMARC": "ok"}


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        ([], "fault"),
        (["v=spf1 +all"], "fault"),
        (["v=spf1 -all", "v=spf1 ~all"], "fault"),
        (["v=spf1 ~all"], "ok"),
    ],
)
def test_a_faulty_spf_is_said(names: NameServer, records: list[str], verdict: str) -> None:
    """None, two, or one that allows everybody are faults."""
    names.records = {"example.org": records}

    [spf] = [one for one in check_domain("example.org", names.resolver) if one.what == "SPF"]

    assert spf.verdict == verdict


@pytest.mark.parametrize(
    ("records", "verdict", "said"),
    [
        ({"_dmarc.example.org": ["v=DMARC1; p=reject"]}, "ok", "of example.org: v=DMARC1"),
        (
            {
                "_dmarc.lettres.example.org": ["v=DMARC1; p=none"],
                "_dmarc.example.org": ["v=DMARC1; p=reject"],
            },
            "ok",
            "v=DMARC1; p=none",
        ),
        ({"_dmarc.org": ["v=DMARC1; p=reject"]}, "warning", "lettres.example.org publishes none"),
    ],
)
def test_a_subdomain_follows_the_dmarc_of_its_organisation(
    names: NameServer, records: dict[str, list[str]], verdict: str, said: str
) -> None:
    """Its own record counts first, then a parent's, never that of a top-level domain."""
    names.records = records

    [dmarc] = [
        one for one in check_domain("lettres.example.org", names.resolver) if one.what == "DMARC"
    ]

    assert dmarc.verdict == verdict
    assert dmarc.said.startswith(said)


def test_offline_is_not_checked(names: NameServer) -> None:
    """Without an answer nothing is called good or bad."""
    names.resolver.port = 1

    [found] = check_domain("example.org", names.resolver)

    assert found.verdict == "not checked"


def test_a_mailbox_tells_its_limits(start_server: Start) -> None:
    """Login, encryption and size: a letter too large for the server is a fault."""
    server = start_server(extensions=["SIZE 1000"])
    sending = Sending(host="localhost", port=server.port, security="none", authentication="none")

    found = {one.what: one.verdict for one in check_mailbox(connector(sending)(), 2000)}

    assert found == {"login": "ok", "TLS": "warning", "size": "fault", "extensions": "ok"}


def test_a_mailbox_that_is_away_is_one_fault() -> None:
    """Nobody listens: one finding, no traceback."""
    sending = Sending(host="localhost", port=1, security="none", authentication="none")

    [found] = check_mailbox(connector(sending)(), 1)

    assert (found.what, found.verdict) == ("login", "fault")


def verdicts(out: str) -> dict[str, str]:
    """Give what was looked at → the verdict, from the lines of `outreach doctor`."""
    lines = [line for line in out.splitlines() if ": " in line[:60]]
    found = {}
    for line in lines:
        verdict, _, said = line.strip().partition("  ")
        found[said.partition(":")[0].strip()] = verdict
    return found


def test_doctor_says_what_is_fit_and_what_comes_next(run: Run, begun: Begun) -> None:
    """Offline: lists, outbox, recipients and letters; the mailbox and the DNS are not checked."""
    run("optout", begun.letter("waiting").recipient_id, "--campaign", begun.folder)

    shown = run("doctor", "--offline", "--campaign", begun.folder)

    assert shown.code == 0
    found = verdicts(shown.out)
    assert found["mailbox and DNS"] == "not checked"
    assert {found[one] for one in ("list senat", "outbox", "recipients", "letters")} <= {
        "ok", "warning",
    }  # fmt: skip
    held = len(begun.letters("held")) - 1
    assert f"recipients: 1 suppressed, {held} without an address" in shown.out
    assert shown.out.splitlines()[-1] == (
        f"Next: outreach send --campaign {begun.folder} --test-to YOUR-ADDRESS"
    )


def test_doctor_opens_the_mailbox_and_sends_nothing(
    run: Run,
    begun: Begun,
    start_server: Start,
    names: NameServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Login, size and extensions are the server's own words; a letter too large is a fault."""
    # The system's name servers are others; this one is asked in their place.
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: names.resolver)
    names.records = {"example.org": ["v=spf1 -all"], "_dmarc.example.org": ["v=DMARC1; p=none"]}
    server = start_server(extensions=["SIZE 1000"])
    toml = begun.folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8")
    head, _, _ = text.rpartition("port = ")
    toml.write_text(
        f'{head}port = {server.port}\nsecurity = "none"\nauthentication = "none"\n',
        encoding="utf-8",
    )

    shown = run("doctor", "--campaign", begun.folder)

    assert shown.code == 1
    found = verdicts(shown.out)
    assert (found["login"], found["size"]) == ("ok", "fault")
    assert (found["SPF"], found["DKIM"], found["DMARC"]) == ("ok", "warning", "ok")
    assert shown.out.splitlines()[-1] == "Not fit to send yet."
    assert server.accepted() == {}


def test_doctor_finds_what_is_missing(run: Run, begun: Begun, tmp_path: Path) -> None:
    """Nothing planned, and a copy that this computer does not know: each a fault with its remedy."""
    (tmp_path / "state").rename(tmp_path / "elsewhere")
    moved = run("doctor", "--offline", "--campaign", begun.folder)
    (begun.folder / "outbox.sqlite").unlink()
    empty = run("doctor", "--offline", "--campaign", begun.folder)

    assert (moved.code, empty.code) == (1, 1)
    assert "outreach outbox adopt --newest" in moved.out
    assert "run `outreach plan`" in empty.out
