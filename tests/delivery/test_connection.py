"""The mailbox's connection: verified, said, never in clear."""

from __future__ import annotations

import asyncio
import gc
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from pydantic import ValidationError

from outreach.delivery.connection import Connection, ServerAwayError, connector
from outreach.errors import DeliveryError
from outreach.sending import Sending

# aiosmtpd leaves its end of a refused handshake to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _collect_here() -> Iterator[None]:
    """Collect what aiosmtpd left while this module's filter holds, not in another test."""
    yield
    gc.collect()


PASSWORD = "correct horse"


class Mailbox(Controller):
    """An aiosmtpd with TLS and logins, on a free port."""

    seen: list[bytes]

    def __init__(self, *, implicit: ssl.SSLContext | None = None, **options: Any) -> None:
        self.seen = []
        super().__init__(Sink(), hostname="127.0.0.1", port=free_port(), ssl_context=implicit)
        # aiosmtpd only knows the encryption that STARTTLS began.
        self.options = {"auth_require_tls": implicit is None, **options}

    def factory(self) -> SMTP:
        """Make the protocol."""

        def check(
            server: Any, session: Any, envelope: Any, mechanism: str, data: Any
        ) -> AuthResult:
            assert isinstance(data, LoginPassword)
            self.seen.append(data.password)
            return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

        return SMTP(self.handler, authenticator=check, **self.options)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


Start = Callable[..., Mailbox]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start mailboxes; they end with the test."""
    running: list[Mailbox] = []

    def begin(**options: Any) -> Mailbox:
        mailbox = Mailbox(**options)
        mailbox.start()
        running.append(mailbox)
        return mailbox

    yield begin
    for mailbox in running:
        mailbox.stop()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who signs certificates here."""
    return trustme.CA()


def server_context(authority: trustme.CA, name: str, **options: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **options).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def connect(
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    *,
    security: str,
    trust: ssl.SSLContext | None = None,
    password: str = PASSWORD,
) -> Connection:
    monkeypatch.setenv("MAILBOX_PASSWORD", password)
    sending = Sending.model_validate(
        {
            "host": "localhost",
            "port": mailbox.port,
            "security": security,
            "login": "contact",
            "password_from": "env",
            "password_name": "MAILBOX_PASSWORD",
        }
    )
    connection = connector(sending, trust)()
    connection.open()
    return connection


@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_a_verified_connection_logs_in(
    start: Start, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    """Both security modes end in an encrypted, logged-in connection, whatever the login looks like."""
    context = server_context(authority, "localhost")
    mailbox = (
        start(implicit=context)
        if security == "ssl"
        else start(tls_context=context, require_starttls=True)
    )

    connection = connect(mailbox, monkeypatch, security=security, trust=trusting(authority))

    assert connection.is_open
    assert connection.smtp.noop()[0] == 250
    assert mailbox.seen == [PASSWORD.encode()]
    connection.leave()


@pytest.mark.parametrize("security", ["ssl", "starttls"])
@pytest.mark.parametrize("case", ["unknown authority", "wrong host", "expired"])
def test_a_certificate_that_does_not_hold_gets_no_password(
    start: Start, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, security: str, case: str
) -> None:
    """Self-signed, for another host, or expired: refused in words, the password stays here."""
    import datetime as dt

    name = "other.example.org" if case == "wrong host" else "localhost"
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    options = {"not_after": past} if case == "expired" else {}
    context = server_context(authority, name, **options)
    mailbox = start(implicit=context) if security == "ssl" else start(tls_context=context)
    trust = None if case == "unknown authority" else trusting(authority)

    with pytest.raises(DeliveryError, match="not to be trusted"):
        connect(mailbox, monkeypatch, security=security, trust=trust)

    assert mailbox.seen == []


def test_a_server_without_starttls_gets_no_password(
    start: Start, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stripped of STARTTLS, the connection is refused rather than used in clear."""
    mailbox = start(auth_require_tls=False)

    with pytest.raises(DeliveryError, match="offers no TLS"):
        connect(mailbox, monkeypatch, security="starttls", trust=trusting(authority))

    assert mailbox.seen == []


def test_a_plain_port_taken_for_ssl_is_said(
    start: Start, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS spoken to a plain port fails with the two settings to look at."""
    mailbox = start()

    with pytest.raises(DeliveryError, match=r"does not speak TLS|cannot be reached"):
        connect(mailbox, monkeypatch, security="ssl", trust=trusting(authority))


def test_a_wrong_password_is_said_without_it(
    start: Start, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the login, never the password."""
    context = server_context(authority, "localhost")
    mailbox = start(implicit=context)

    with pytest.raises(DeliveryError, match="refused the login of contact") as refusal:
        connect(mailbox, monkeypatch, security="ssl", trust=trusting(authority), password="hunter2")

    assert "hunter2" not in str(refusal.value)


def test_a_server_without_logins_is_said(
    start: Start, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that offers no AUTH is refused, not used without."""
    context = server_context(authority, "localhost")
    mailbox = start(implicit=context, auth_exclude_mechanism=["LOGIN", "PLAIN"])

    with pytest.raises(DeliveryError):
        connect(mailbox, monkeypatch, security="ssl", trust=trusting(authority))


def test_yagmails_own_send_is_closed() -> None:
    """Nothing can leave through yagmail's retries."""
    sending = Sending(host="localhost", port=1, security="none", authentication="none")

    with pytest.raises(TypeError, match="not used"):
        connector(sending)().send("someone@example.org", "subject", "contents")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"host": "mail.example.org", "security": "none"}, "in clear"),
        ({"host": "mail.example.org", "authentication": "none"}, "this machine only"),
        ({"login": ""}, "login is missing"),
        ({"password_from": "env"}, "password_name is missing"),
        ({"security": "tls"}, "'ssl', 'starttls' or 'none'"),
        ({"return_path": "x"}, "no e-mail address"),
        ({"pace": {"from_time": "18:00", "to_time": "09:00"}}, "must come before"),
        ({"pace": {"time_zone": "Paris"}}, "no time zone"),
        ({"connections": 9}, "less than or equal to 4"),
        ({"unknown": 1}, "not permitted"),
    ],
)
def test_settings_that_would_be_unsafe_or_wrong_are_refused(
    settings: dict[str, Any], said: str
) -> None:
    """Each fault of [sending] is one clear sentence."""
    given = {"host": "localhost", "security": "ssl", "login": "contact", **settings}

    with pytest.raises(ValidationError, match=said):
        Sending.model_validate(given)


def test_the_secret_comes_from_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password manager's command is run without a shell and must print one line."""
    from outreach.delivery.secret import read_secret

    base = {"host": "localhost", "security": "ssl", "login": "contact", "password_from": "command"}
    good = Sending.model_validate({**base, "password_name": "printf 'from a safe'"})
    failing = Sending.model_validate({**base, "password_name": "false"})
    two_lines = Sending.model_validate({**base, "password_name": "printf 'a\\nb'"})

    assert read_secret(good) == "from a safe"
    for bad in (failing, two_lines):
        with pytest.raises(DeliveryError, match="password command"):
            read_secret(bad)


def test_a_token_logs_in_by_xoauth2(monkeypatch: pytest.MonkeyPatch) -> None:
    """XOAUTH2 sends login and token; a refusal, which comes as a challenge, is read."""
    said: list[bytes] = []
    port = free_port()
    ready = threading.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x ESMTP\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"EHLO"):
                writer.write(b"250-x\r\n250 AUTH XOAUTH2\r\n")
            elif line.startswith(b"AUTH XOAUTH2"):
                said.append(line.split()[2])
                writer.write(b"334 eyJzdGF0dXMiOiI0MDAifQ==\r\n")
            else:
                writer.write(b"535 5.7.8 token expired\r\n" if line == b"\r\n" else b"221 bye\r\n")
        writer.close()

    async def run() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", port):
            ready.set()
            await asyncio.sleep(3600)

    loop = asyncio.new_event_loop()
    task = loop.create_task(run())
    thread = threading.Thread(target=lambda: _until_cancelled(loop, task), daemon=True)
    thread.start()
    ready.wait(5)
    monkeypatch.setenv("TOKEN", "ya29.token")
    sending = Sending(
        host="localhost", port=port, security="none", authentication="xoauth2",
        login="contact@example.org", password_from="env", password_name="TOKEN",
    )  # fmt: skip

    with pytest.raises(DeliveryError, match="token expired"):
        connector(sending)().open()
    loop.call_soon_threadsafe(task.cancel)
    thread.join()

    import base64

    assert base64.b64decode(said[0]) == b"user=contact@example.org\1auth=Bearer ya29.token\1\1"


def _until_cancelled(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    import contextlib

    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def test_nobody_listening_is_worth_another_try() -> None:
    """A server that is away is told from one that refuses us."""
    sending = Sending(host="localhost", port=1, security="none", authentication="none")

    with pytest.raises(ServerAwayError):
        connector(sending)().open()
